"""The worker that encodes moving pictures and sound."""
