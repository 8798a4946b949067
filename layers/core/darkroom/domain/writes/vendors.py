"""Writes of vendors' limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReleaseVendorSlots(Write):
    """Give tasks' slots at a vendor's limit back. No condition: who has none has none afterwards either.

    ``workspace_id`` is whose tasks they are. ``healthy`` says that the vendor was seen to work, which closes its
    breaker and forgets its failures.
    """

    vendor: str
    task_ids: tuple[str, ...]
    healthy: bool = False
    workspace_id: str = ""


@dataclass(frozen=True, slots=True)
class TakeSlots(Write):
    """Take slots of a limit for ``holders``, all or none, ``until`` when they end if nobody gives them back.

    Condition: no more than ``limit`` are taken then. A refusal has the limit as it stands. It may be a vendor's, or
    one of ours, of what a workspace has under way.
    """

    vendor: str
    holders: tuple[str, ...]
    limit: int
    until: datetime
