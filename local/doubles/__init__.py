"""Doubles of the vendors: small HTTP servers that speak their contracts, keep state and misbehave on demand."""
