"""Use cases of brands: kits, their pictures, and profiles read from web pages."""
