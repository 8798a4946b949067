"""A batch as a stream of server-sent events, of which each answer is a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import Unavailable
from darkroom.domain.renders.views import BatchView
from darkroom.http import sse
from darkroom.wiring import container

DONE = "done"
RETRY_MS = 500
BUSY_RETRY_MS = 2000
LONGEST = timedelta(minutes=30)

_HELD_SECONDS = 20
_LOOK_EVERY_SECONDS = 0.5


def next_part(owner: Owner, look: Callable[[], BatchView], last: str) -> Response[str]:
    """The events since ``last``, as soon as there are any; none follow ``done``.

    Where too many of the owner's requests wait already, this one does not, and comes back later.
    """
    if last == DONE:
        return sse.closed()
    try:
        view, has_room = container().wait_for_job.watch(
            look,
            lambda view: view.done or _marker(view) != last,
            _HELD_SECONDS,
            _LOOK_EVERY_SECONDS,
            lambda: container().bound_waits.offered(owner),
        )
    except Unavailable:
        # A standard client never comes back after an error, and this one is over in a moment.
        return sse.answer(sse.nothing_new(), retry_ms=BUSY_RETRY_MS)
    if not view.done and _is_too_old(view):
        return sse.closed()
    return sse.answer(*_events(view, last), retry_ms=RETRY_MS if has_room else BUSY_RETRY_MS)


def _events(view: BatchView, last: str) -> list[str]:
    events = []
    if _marker(view) != last:
        progress = {"total": view.total, **presenters.counts(view)}
        events.append(sse.event("progress", _marker(view), progress))
    if view.done:
        events.append(sse.event("done", DONE, presenters.results(view, container().image_links)))
    return events or [sse.nothing_new()]


def _marker(view: BatchView) -> str:
    """The id of the event with these counts: a client sends back the last one it received."""
    return f"{view.queued}-{view.running}-{view.completed}-{view.failed}"


def _is_too_old(view: BatchView) -> bool:
    return container().clock.now() - view.created_at > LONGEST
