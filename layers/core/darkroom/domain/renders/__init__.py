"""Renders of templates."""
