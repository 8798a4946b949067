"""The worker that has vendors make things."""
