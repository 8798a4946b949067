"""Everything that is written to: the transactional store, the bucket, the queues and the bus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.catalog.routes import Queue
    from darkroom.domain.files.uploads import PresignedUpload
    from darkroom.domain.webhooks.events import Event
    from darkroom.domain.writes import Write

from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage


class Store(Protocol):
    """Commits writes: the only way to change anything, except for the single-row changes of ``Jobs``."""

    def commit(self, *writes: Write) -> None:
        """Write all or nothing, retrying conflicts with concurrent commits.

        Raises
        ------
        WriteRefused
            A write's condition did not hold.
        Unavailable
            The store kept being busy.
        """
        ...


class Queues(Protocol):
    """Sends messages. Delays are whole seconds, at most ``MAX_DELAY_SECONDS``."""

    def send_tasks(
        self, queue: Queue, messages: Sequence[TaskMessage], *, delay_seconds: int = 0
    ) -> None: ...

    def send_deliveries(self, messages: Sequence[DeliveryMessage], *, delay_seconds: int = 0) -> None: ...


class Bus(Protocol):
    """Publishes events."""

    def publish(self, events: Sequence[Event]) -> Sequence[str]:
        """Put events on the bus; returns the ids of those it did not accept."""
        ...


class Blobs(Protocol):
    """Stores bytes by key."""

    def put(self, key: str, data: bytes | IO[bytes], mime: str) -> None:
        """Store bytes, or a file from its current position to its end."""
        ...

    def get(self, key: str) -> bytes: ...

    def get_within(self, key: str, max_bytes: int) -> bytes | None:
        """The object; ``None``, without a transfer, if it has more than ``max_bytes``."""
        ...

    def exists(self, key: str) -> bool: ...

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """``length`` bytes of an object from ``offset`` on; both are inside it."""
        ...

    def delete(self, key: str) -> None: ...

    def presigned_get(self, key: str, *, expires_seconds: int) -> str: ...

    def presigned_put(
        self, key: str, *, mime: str, size: int, checksum: str, expires_seconds: int
    ) -> PresignedUpload:
        """A request anybody can put the object with: exactly ``size`` bytes of that type and SHA-256 (hex)."""
        ...
