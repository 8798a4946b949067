"""Workspaces, keys and sign-in."""
