"""Writes as parts of a transaction, one module for each context, called as the context is in `domain.writes`."""
