"""Seeded chance, which painting shares with the reading of prompts."""

from darkroom.domain.prompts.chance import chance, digest

__all__ = ["chance", "digest"]
