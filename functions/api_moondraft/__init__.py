"""The moondraft dialect: prompts in, finished pictures and clips out, while the caller waits."""
