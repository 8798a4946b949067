"""Calling vendors, and handling their callbacks."""
