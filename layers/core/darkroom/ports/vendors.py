"""What calling vendors needs beside their engines."""

from __future__ import annotations

from datetime import datetime
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.jobs.engine import Download, TaskRequest


class Refiner(Protocol):
    """Rewrites prompts."""

    def refine(self, prompt: str, mode: str) -> str:
        """Rewrite a rough prompt as a full one of at most 4000 characters, for ``image`` or ``video``."""
        ...


class VendorLimits(Protocol):
    """How many tasks each vendor may have at once, over all workers: :mod:`darkroom.domain.vendors.vendor_limits`.

    :class:`darkroom.domain.writes.ReleaseVendorSlots` releases a slot in the transaction that ends its task.
    """

    def enter(
        self,
        vendor: str,
        task_id: str,
        *,
        limit: int,
        now: datetime,
        until: datetime,
        workspace_id: str = "",
    ) -> bool:
        """Take a slot, or keep the task's; one call while there is a free slot and the vendor works.

        The task of a workspace counts against the workspace's share of the slots.

        Returns whether the task is the probe that tries a failing vendor.

        Raises
        ------
        VendorLimitReached, VendorCircuitOpen
        """
        ...

    def leave(self, vendor: str, task_id: str, *, workspace_id: str = "") -> None:
        """Release the task's slot, if it has one."""
        ...

    def recovered(self, vendor: str) -> None:
        """Close a vendor's breaker and clear its failures, because it works."""
        ...

    def failed(
        self,
        vendor: str,
        task_id: str,
        *,
        now: datetime,
        probe: bool = False,
        retry_after: int = 0,
        workspace_id: str = "",
    ) -> bool:
        """Release the task's slot and count a failure; returns whether that opened the breaker."""
        ...


class Downloads(Protocol):
    """Fetches finished files from vendors, never from an internal address."""

    def open(self, download: Download, *, max_bytes: int) -> IO[bytes]:
        """The whole file, on disk if it is large, at its beginning. Closing deletes it.

        Raises
        ------
        FileGone
            403, 404 or 410.
        VendorUnavailable
            It did not arrive, or not completely.
        RouteFailed
            It is too large, or not at one of the vendor's hosts.
        """
        ...


class Moderator(Protocol):
    """Checks requests before they are started."""

    def check(self, request: TaskRequest) -> None:
        """Return if the request is harmless.

        Raises
        ------
        Blocked
        EngineError
            Any other means that it could not be checked.
        """
        ...


class Pictures(Protocol):
    """Reads pictures that came from outside, in a worker that can."""

    def as_png(self, data: bytes) -> bytes:
        """The upright picture as a PNG, the first one of several.

        Raises
        ------
        ValueError
            It cannot be decoded; the text says why, and begins with a verb.
        """
        ...


class Masks(Protocol):
    """Converts masks to the form that a vendor reads."""

    def cut_out(self, mask: bytes, width: int, height: int) -> bytes:
        """A PNG of that size, fully transparent where the mask lets the picture be repainted and opaque elsewhere.

        A mask marks that by its transparency or, if it has none, by white.

        Raises
        ------
        Rejected
            It cannot be decoded.
        """
        ...

    def painted(self, mask: bytes, width: int, height: int) -> bytes:
        """The same as an opaque PNG, white where the picture may be repainted and black elsewhere.

        Raises
        ------
        Rejected
            It cannot be decoded.
        """
        ...
