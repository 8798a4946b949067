"""Reconciling: recomputing what is kept as a sum, and telling every difference."""
