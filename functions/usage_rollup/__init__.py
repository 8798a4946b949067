"""Counts what jobs use, from the jobs table's stream."""
