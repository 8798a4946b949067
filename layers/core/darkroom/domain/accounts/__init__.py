"""Workspaces, API keys and rate limits."""
