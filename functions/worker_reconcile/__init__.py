"""Recomputes what is kept as a sum, at night."""
