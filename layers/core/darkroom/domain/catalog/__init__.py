"""Offers and the routes by which they are made."""
