"""Counting what is used, and reading the sums."""
