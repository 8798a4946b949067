"""Brands: what a web page says of one, and the kits that keep it."""
