"""Prompt enhancement, which the engine shares with what refines prompts without making anything."""

from darkroom.domain.prompts.rewriting import MAX_LENGTH, enhance_prompt

__all__ = ["MAX_LENGTH", "enhance_prompt"]
