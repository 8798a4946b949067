"""Bounding how many requests of a workspace wait at once, so that one workspace cannot hold every function."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.accounts.waits import LONGEST, RETRY_SECONDS, limit_name
from darkroom.domain.errors import RateLimited, Unavailable
from darkroom.domain.vendors.vendor_limits import VendorLimit
from darkroom.domain.writes import ReleaseVendorSlots, TakeSlots, WriteRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock, Ids

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BoundWaits:
    """Gives requests that wait a slot each; a workspace has ``limit`` of them.

    A request that holds credits takes its slot in the transaction that does (``slot``), so that nothing is begun for
    one that may not wait. Any other takes one when it is about to wait.
    """

    store: Store
    clock: Clock
    ids: Ids
    limit: int

    def slot(self, owner: Owner, holder: str) -> TakeSlots:
        """The write that takes a slot. Whoever commits it gives it back with ``leave``."""
        return TakeSlots(limit_name(owner), (holder,), self.limit, self.clock.now() + LONGEST)

    def leave(self, owner: Owner, holder: str) -> None:
        """Give a slot back. One that cannot be given back now ends by itself."""
        try:
            self.store.commit(ReleaseVendorSlots(limit_name(owner), (holder,)))
        except Unavailable:
            logger.warning("a wait of workspace %s ends by itself", owner.workspace_id)

    def make_room(self, refusal: WriteRefused) -> bool:
        """Give back the slots of requests that died; returns whether there were any.

        Raises
        ------
        Unavailable
        """
        if not isinstance(refusal.write, TakeSlots) or not isinstance(refusal.current, VendorLimit):
            return False
        now = self.clock.now()
        dead = tuple(sorted(one for one, end in refusal.current.slots.items() if end <= now))
        if dead:
            self.store.commit(ReleaseVendorSlots(refusal.write.vendor, dead))
        return bool(dead)

    @contextmanager
    def offered(self, owner: Owner) -> Iterator[bool]:
        """Whether there is a slot for what is done inside; it is given back afterwards."""
        holder = self.ids.new()
        has_room = self._takes(owner, holder)
        try:
            yield has_room
        finally:
            if has_room:
                self.leave(owner, holder)

    @contextmanager
    def held(self, owner: Owner) -> Iterator[None]:
        """Do what is inside with a slot.

        Raises
        ------
        RateLimited
            There is none.
        """
        with self.offered(owner) as has_room:
            if not has_room:
                raise self.too_many()
            yield

    def too_many(self) -> RateLimited:
        """The error for a request that may not wait, and can do nothing else."""
        return RateLimited(
            f"Only {self.limit} requests of a workspace may wait at once.",
            retry_after=RETRY_SECONDS,
            limit=self.limit,
        )

    def _takes(self, owner: Owner, holder: str) -> bool:
        slot = self.slot(owner, holder)
        try:
            try:
                self.store.commit(slot)
            except WriteRefused as refusal:
                if not self.make_room(refusal):
                    return False
                self.store.commit(slot)
        except (WriteRefused, Unavailable):
            return False
        return True
