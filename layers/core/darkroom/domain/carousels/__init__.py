"""Carousels: planned sets of slides."""
