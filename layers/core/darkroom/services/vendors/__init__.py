"""Calling vendors, and hearing from them."""
