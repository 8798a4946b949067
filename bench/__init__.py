"""Measurements against the budgets in docs/architecture.md. Nothing in here is a test."""
