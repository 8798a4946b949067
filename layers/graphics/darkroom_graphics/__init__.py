"""Everything that makes pixels; installed only in the workers that need it."""
