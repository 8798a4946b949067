"""Manifests: from an uploaded file to its results."""
