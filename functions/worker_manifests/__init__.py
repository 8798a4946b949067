"""Expands manifests into jobs and collects their results."""
