"""Turns each event into one message per subscriber."""
