"""Prices, purchases and grants."""
