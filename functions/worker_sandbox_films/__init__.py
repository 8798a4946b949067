"""The worker that runs the offline engine for films and music."""
