"""Reading prompts and rewriting rough ones as full ones, by rules and without a model."""
