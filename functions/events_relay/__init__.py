"""Announces what the tables' streams tell of."""
