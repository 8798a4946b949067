"""Edits: what an instruction asks for is done to the source where it is understood, and written on it where not."""
