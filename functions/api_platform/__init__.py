"""The platform dialect: health, keys, the operator's calls, and stored files."""
