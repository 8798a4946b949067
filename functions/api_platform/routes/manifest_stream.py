"""A manifest as a stream of server-sent events, of which each answer is a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters
from darkroom.domain.errors import Unavailable
from darkroom.http import sse
from darkroom.http.manifests import counts
from darkroom.wiring import container

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.manifests.manifest import Manifest

DONE = "done"
RETRY_MS = 1000
BUSY_RETRY_MS = 3000

_HELD_SECONDS = 20
_LOOK_EVERY_SECONDS = 1.0


def next_part(owner: Owner, look: Callable[[], Manifest], last: str, base_url: str) -> Response[str]:
    """The events since ``last``, as soon as there are any; none follow ``done``.

    Where too many of the owner's requests wait already, this one does not, and comes back later.
    """
    if last == DONE:
        return sse.closed()
    try:
        manifest, has_room = container().wait_for_job.watch(
            look,
            lambda it: it.terminal or _marker(it) != last,
            _HELD_SECONDS,
            _LOOK_EVERY_SECONDS,
            lambda: container().bound_waits.offered(owner),
        )
    except Unavailable:
        # A standard client never comes back after an error, and this one is over in a moment.
        return sse.answer(sse.nothing_new(), retry_ms=BUSY_RETRY_MS)
    return sse.answer(*_events(manifest, last, base_url), retry_ms=RETRY_MS if has_room else BUSY_RETRY_MS)


def _events(manifest: Manifest, last: str, base_url: str) -> list[str]:
    events = []
    if _marker(manifest) != last:
        progress = {"status": manifest.status.value, **counts(manifest)}
        events.append(sse.event("progress", _marker(manifest), progress))
    if manifest.terminal:
        events.append(sse.event("done", DONE, presenters.manifest_answer(manifest, base_url)))
    return events or [sse.nothing_new()]


def _marker(manifest: Manifest) -> str:
    """The id of the event with these counts: a client sends back the last one it received."""
    return "-".join([manifest.status.value, *map(str, counts(manifest).values())])
