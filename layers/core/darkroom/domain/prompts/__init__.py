"""What a prompt's words say, and how a rough one becomes a full one. No model, only rules."""
