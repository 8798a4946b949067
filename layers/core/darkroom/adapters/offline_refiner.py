"""Refines prompts by rule, on the spot and for nothing."""

from __future__ import annotations

from darkroom.domain.prompts.rewriting import refine_prompt


class OfflineRefiner:
    """Needs no vendor."""

    def refine(self, prompt: str, mode: str) -> str:
        return refine_prompt(prompt, mode)
