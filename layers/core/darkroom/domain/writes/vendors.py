"""Writes of vendors' limits."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.writes.base import Write


@dataclass(frozen=True, slots=True)
class ReleaseVendorSlots(Write):
    """Give tasks' slots at a vendor's limit back. No condition: who has none has none afterwards either.

    ``healthy`` says that the vendor was seen to work, which closes its breaker and forgets its failures.
    """

    vendor: str
    task_ids: tuple[str, ...]
    healthy: bool = False
