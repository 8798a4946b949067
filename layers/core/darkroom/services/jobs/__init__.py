"""Accepting, running, settling and sweeping jobs."""
