"""Publishing events to the bus, from the tables' stream of changes.

The stream is the outbox: ending a job or a manifest, settling a file or disabling an endpoint only writes the new
state, and the stream brings that change here. Only the change from one state to the next is an event; a later change
of the same object is not. What is an event of the account itself was recorded as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkroom.domain.accounts.key_budgets import KeySpending, reached
from darkroom.domain.files.file import File
from darkroom.domain.jobs.job import Job
from darkroom.domain.manifests.manifest import Manifest
from darkroom.domain.renders.names import is_listed
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.webhooks.events import (
    Event,
    budget_reached,
    endpoint_disabled,
    file_settled,
    job_ended,
    manifest_ended,
)
from darkroom.ports.storage import Bus

type Subject = Job | Endpoint | File | Manifest | Event | KeySpending


@dataclass(frozen=True, slots=True)
class Change:
    """One change in the stream: its sequence number, and the object before and after, if it existed."""

    sequence: str
    before: Subject | None
    after: Subject | None


@dataclass(frozen=True, slots=True)
class Announced:
    """How many events were published, and the sequence numbers of those that were not."""

    events: int
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Announce:
    """Publishes the events in a batch of changes with one call."""

    bus: Bus

    def __call__(self, changes: Sequence[Change]) -> Announced:
        """Publish the changes' events. Doing so twice is harmless: an event's id follows from what happened."""
        events = [(change.sequence, event) for change in changes for event in events_of(change)]
        if not events:
            return Announced(0, ())
        refused = set(self.bus.publish([event for _, event in events]))
        failed = tuple(sequence for sequence, event in events if event.id in refused)
        return Announced(len(events) - len(failed), failed)


def events_of(change: Change) -> Sequence[Event]:
    """The events that a change is: several where credits were used that came to several thresholds."""
    before, after = change.before, change.after
    if isinstance(after, KeySpending) and after.counted_at is not None:
        earlier = before if isinstance(before, KeySpending) else None
        return [budget_reached(after, one, after.counted_at) for one in reached(earlier, after)]
    event = event_of(change)
    return [event] if event is not None else []


def event_of(change: Change) -> Event | None:
    """The event that a change is, if any. The ends of renders and texts are not events, nor of unused manifests."""
    match change.after:
        case Job() as job if is_listed(job) and job.terminal and not _was_terminal(change.before):
            return job_ended(job)
        case Endpoint() as endpoint if endpoint.disabled_reason and not _was_disabled(change.before):
            return endpoint_disabled(endpoint)
        case File() as file if file.settled and not _was_settled(change.before):
            return file_settled(file)
        case Manifest() as manifest if manifest.terminal and manifest.started_at and _was_open(change.before):
            return manifest_ended(manifest)
        case Event() as event:
            return event
        case _:
            return None


def _was_terminal(before: Subject | None) -> bool:
    return isinstance(before, Job) and before.terminal


def _was_disabled(before: Subject | None) -> bool:
    return isinstance(before, Endpoint) and before.disabled_reason is not None


def _was_settled(before: Subject | None) -> bool:
    return isinstance(before, File) and before.settled


def _was_open(before: Subject | None) -> bool:
    return not (isinstance(before, Manifest) and before.terminal)
