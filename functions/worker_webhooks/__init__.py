"""Brings messages to subscribers."""
