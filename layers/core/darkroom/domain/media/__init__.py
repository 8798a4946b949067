"""Media files: what bytes are, and how large pictures can be."""
