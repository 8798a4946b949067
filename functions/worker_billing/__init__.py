"""Buys credits for owners who asked for it when they run low."""
