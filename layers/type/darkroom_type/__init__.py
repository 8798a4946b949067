"""The fonts that ship, and what sets type with them; only in the worker that renders templates."""
