"""What a job is to make, in no dialect's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Input:
    """One thing the request brought: its role and where its bytes are.

    ``location`` is an https URL of the caller's or, with ``stored``, a key in our bucket.
    """

    role: str
    location: str
    stored: bool = False
    asset_id: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """What to make, in no dialect's words. ``brand`` and ``settings`` hold plain JSON values.

    A batch has a prompt for each of its tasks in ``settings["prompts"]``.
    """

    prompt: str
    aspect_ratio: str
    quality: str = "standard"
    inputs: tuple[Input, ...] = ()
    brand: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def prompt_of(self, index: int) -> str:
        """The prompt of the task at ``index``: its own in a batch, else the one all tasks have."""
        prompts = self.settings.get("prompts") or ()
        return str(prompts[index]) if index < len(prompts) else self.prompt
