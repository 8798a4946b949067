"""Posters: what is painted where no scene shows what a prompt is about. Its words are the picture."""
