"""Routes: which engine makes an offer's output, and through which queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from darkroom.domain.accounts.workspaces import Feature

SANDBOX = "sandbox"
HOUSE = "house"  # the engine of work that every stack does itself


class Queue(StrEnum):
    """Which workers take a task. Three of the values are older than their names, see :func:`stored_queue`.

    Renders somebody waits for, free previews and renders of batches are worked off apart, and the offline engine's
    free pictures and films apart from these and from each other, so that none of them can stand before another.
    """

    VENDORS = "generation"
    RENDERS = "render"
    BULK_RENDERS = "bulk_render"
    PREVIEWS = "preview"
    SANDBOX = "sandbox"
    SANDBOX_FILMS = "video"


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
    REFERENCE_FILM = "reference_film"  # a film of words, with pictures to go by
    AVATAR = "avatar"  # a picture that speaks what is heard
    MUSIC = "music"
    REFINE = "refine"  # a prompt, rewritten
    PLAN = "plan"  # a carousel's strategy
    ANALYSE = "analyse"  # what a picture shows
    PROFILE = "profile"  # a brand, from its web page
    PAGE = "page"  # a web page, read
    IMPORT = "import"  # a picture from outside, made one of ours
    PRODUCTS = "products"  # a brand kit's, from its website
    FORGET = "forget"  # pictures that no kit has any more, deleted


# Work whose output is words.
TEXTS = frozenset({Work.REFINE, Work.PLAN, Work.ANALYSE, Work.PROFILE})
# Work for a request that waits for it, or that goes with one: in no list, and no event is of it.
UNLISTED = TEXTS | {Work.PAGE, Work.IMPORT, Work.PRODUCTS, Work.FORGET}
# Roles of inputs that are no pictures, or none that something is made from.
NO_PICTURES = frozenset({"page"})


def work_of(kind: str, roles: Collection[str]) -> str:
    """What a job of that kind with inputs in those roles is; a kind of another sort is its own work."""
    roles = set(roles) - NO_PICTURES
    match kind:
        case "image" | "meme" | "storyboard" | "carousel":
            return Work.REFERENCES if roles else Work.IMAGE
        case "edit":
            return Work.INPAINT if "mask" in roles else Work.EDIT
        case "video":
            return _film_work(roles)
        case _:
            return kind


def _film_work(roles: Collection[str]) -> Work:
    if "audio" in roles:
        return Work.AVATAR
    if "source" in roles:
        return Work.ANIMATE
    return Work.REFERENCE_FILM if roles else Work.VIDEO


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
        return self.queue is Queue.VENDORS

    def usable(self, work: str, now: datetime) -> bool:
        """Whether it can be taken for that work now; without a word for it, for any."""
        ended = self.retires_at is not None and self.retires_at <= now
        return self.enabled and not ended and (not work or not self.kinds or work in self.kinds)


def sandbox_route(feature: Feature) -> Route:
    """The offline engine's route: stills and moving media have workers of their own."""
    return Route(SANDBOX, Queue.SANDBOX if feature is Feature.IMAGES else Queue.SANDBOX_FILMS)


def stored_queue(queue: Queue) -> str:
    """What a queue is called in a stored job or route.

    Four queues once were one and are still stored as that one, so that a version that knows no others, which runs
    beside this one during an update and again after a rollback, can read every job.
    """
    once_one = queue in (Queue.BULK_RENDERS, Queue.PREVIEWS, Queue.SANDBOX)
    return Queue.RENDERS.value if once_one else queue.value


def queue_from_stored(stored: str, engine: str, *, in_bulk: bool = False, preview: bool = False) -> Queue:
    """The queue of a stored job or route; ``in_bulk`` says that it is a batch or part of one, or ``preview``."""
    queue = Queue(stored)
    if queue is not Queue.RENDERS:
        return queue
    if engine == SANDBOX:
        return Queue.SANDBOX
    if preview:
        return Queue.PREVIEWS
    return Queue.BULK_RENDERS if in_bulk else queue
