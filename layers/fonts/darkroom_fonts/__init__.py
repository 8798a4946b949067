"""Fonts that clients upload: recognised, read and written again in a process of their own."""
