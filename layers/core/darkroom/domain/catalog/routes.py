"""Routes: which engine makes an offer's output, and through which queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from darkroom.domain.accounts.workspaces import Feature

SANDBOX = "sandbox"


class Queue(StrEnum):
    """Which workers take a task: those that call vendors, make pixels, or encode video and sound."""

    GENERATION = "generation"
    RENDER = "render"
    VIDEO = "video"


class Work(StrEnum):
    """What has to be done, as finely as it decides which engines and models can do it."""

    IMAGE = "image"
    REFERENCES = "references"  # a picture of words, with pictures to go by
    EDIT = "edit"
    INPAINT = "inpaint"  # an edit inside a mask
    REFRAME = "reframe"
    UPSCALE = "upscale"
    VIDEO = "video"
    ANIMATE = "animate"  # a film that starts from a picture
    AVATAR = "avatar"  # a picture that speaks what is heard
    MUSIC = "music"
    REFINE = "refine"  # a prompt, rewritten
    PLAN = "plan"  # a carousel's strategy
    ANALYSE = "analyse"  # what a picture shows
    PROFILE = "profile"  # a brand, from its web page


# Work whose output is words: for one who waits, in no list, and no event is of it.
TEXTS = frozenset({Work.REFINE, Work.PLAN, Work.ANALYSE, Work.PROFILE})


def work_of(kind: str, roles: Collection[str]) -> str:
    """What a job of that kind with inputs in those roles is; a kind of another sort is its own work."""
    match kind:
        case "image" | "meme":
            return Work.REFERENCES if roles else Work.IMAGE
        case "edit":
            return Work.INPAINT if "mask" in roles else Work.EDIT
        case "video":
            return Work.AVATAR if "audio" in roles else Work.ANIMATE if roles else Work.VIDEO
        case _:
            return kind


@dataclass(frozen=True, slots=True)
class Route:
    """One way to make an offer's output: an engine and what the engine calls the model.

    ``options`` go into every request on this route, in the adapter's words (quality, resolution …). ``kinds`` are
    the :class:`Work` it can do, all if empty. A route that is not ``enabled``, or whose model has ended by
    ``retires_at``, is not taken.
    """

    engine: str
    queue: Queue
    engine_model: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    enabled: bool = True
    retires_at: datetime | None = None

    @property
    def is_vendor(self) -> bool:
        """Whether somebody outside makes it, who may charge the operator."""
        return self.queue is Queue.GENERATION

    def usable(self, work: str, now: datetime) -> bool:
        """Whether it can be taken for that work now; without a word for it, for any."""
        ended = self.retires_at is not None and self.retires_at <= now
        return self.enabled and not ended and (not work or not self.kinds or work in self.kinds)


def sandbox_route(feature: Feature) -> Route:
    """The offline engine's route: pictures and moving media have workers of their own."""
    return Route(SANDBOX, Queue.RENDER if feature is Feature.IMAGES else Queue.VIDEO)
