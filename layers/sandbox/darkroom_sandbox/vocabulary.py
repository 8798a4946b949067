"""The words the painter understands, which it shares with the rewriting of prompts."""

from darkroom.domain.prompts.vocabulary import (
    COLOURS,
    FAINT_MOODS,
    MOODS,
    SETTINGS,
    STOP_WORDS,
    USUAL_MOODS,
)

__all__ = ["COLOURS", "FAINT_MOODS", "MOODS", "SETTINGS", "STOP_WORDS", "USUAL_MOODS"]
