"""Everything that encodes moving pictures and sound; installed only in the worker that needs it."""
