"""What calling vendors needs beside the vendors themselves."""

from __future__ import annotations

from datetime import datetime
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Named in signatures only, so whoever implements or calls a port loads what it needs itself.
    from darkroom.domain.jobs.engine import Download, TaskRequest


class Refiner(Protocol):
    """Rewrites prompts."""

    def refine(self, prompt: str, mode: str) -> str:
        """A rough prompt as a full one of at most 4000 characters, for ``image`` or ``video``."""
        ...


class VendorLimits(Protocol):
    """How much of each vendor may be used at once, over all workers: :mod:`darkroom.domain.vendors.vendor_limits`.

    A slot is given back by :class:`darkroom.domain.writes.ReleaseVendorSlots`, in the transaction that ends its task.
    """

    def enter(self, vendor: str, task_id: str, *, limit: int, now: datetime, until: datetime) -> bool:
        """Take a slot, or keep the one the task has; one call while there is room and the vendor works.

        Says whether the task is the one that tries a vendor that was failing.

        Raises
        ------
        GateFull, GateOpen
        """
        ...

    def leave(self, vendor: str, task_id: str) -> None:
        """Give a slot back; nothing happens if there is none."""
        ...

    def recovered(self, vendor: str) -> None:
        """Say that a vendor works: its breaker closes and its failures are forgotten."""
        ...

    def failed(
        self, vendor: str, task_id: str, *, now: datetime, probe: bool = False, retry_after: int = 0
    ) -> bool:
        """Give a slot back and count a failure; says whether that opened the breaker."""
        ...


class Downloads(Protocol):
    """Fetches finished files from vendors, without letting an address a vendor names reach inside."""

    def open(self, download: Download, *, max_bytes: int) -> IO[bytes]:
        """The whole file, on disk if it is large, at its beginning. It is gone when it is closed.

        Raises
        ------
        FileGone
            403, 404 or 410.
        Down
            It did not come, or not whole.
        Broken
            It is too large, or lies where this vendor's files never do.
        """
        ...


class Moderator(Protocol):
    """Looks at orders before they are started."""

    def check(self, order: TaskRequest) -> None:
        """Let a harmless order pass.

        Raises
        ------
        Blocked
        EngineError
            Any other says that it could not be checked.
        """
        ...


class Masks(Protocol):
    """Brings masks into the form a vendor reads."""

    def cut_out(self, mask: bytes, width: int, height: int) -> bytes:
        """A PNG of that size, fully transparent where the mask lets the picture be repainted and opaque elsewhere.

        A mask says that by its transparency or, without any, by white.

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
