"""The worker that runs the offline engine for stills and texts."""
