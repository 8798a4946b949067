"""Fonts that workspaces upload, and what a template remembers of them."""
