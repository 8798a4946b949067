"""Use cases of uploaded files."""
