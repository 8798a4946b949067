"""Creating, changing, deleting and listing a workspace's brand kits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from darkroom.domain.brands.brand_kit import BrandKit, KitPicture
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.writes import DeleteBrandKit, SaveBrandKit, SetDefaultBrandKit, Write, WriteRefused
from darkroom.services.commit_counted import commit_counted

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.paging import Page, PageRequest
    from darkroom.ports.brands import BrandKits
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock, Ids
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.idempotency import IdempotencyContext

MAX_RACES = 5
_OF_PRODUCTS = frozenset({"website_url", "auto_attach_product_references"})


@dataclass(frozen=True, slots=True)
class ManageBrandKits:
    """Creates, changes, deletes and lists kits.

    Every change counts the caller's request in the same commit. It raises ``RateLimited`` and, given an idempotency
    context, ``AlreadyAnswered`` and ``IdempotencyConflict`` beside what its own docstring names. A kit that is to be
    filled from its website is handed to ``request_products``, pictures that no kit has any more to ``forget``.
    """

    store: Store
    kits: BrandKits
    clock: Clock
    ids: Ids
    request_products: Callable[[Caller, BrandKit], None]
    forget: Callable[[Caller, Sequence[KitPicture]], None]

    def get(self, owner: Owner, kit_id: str) -> BrandKit:
        """A kit as it is now.

        Raises
        ------
        NotFound
        """
        kit = self.kits.get(owner, kit_id)
        if kit is None:
            raise no_such_kit()
        return kit

    def list(self, owner: Owner, page: PageRequest) -> Page[BrandKit]:
        """Kits, by default the newest first.

        Raises
        ------
        InvalidParam
            The page is to begin after a kit that is not there.
        """
        return self.kits.list(owner, page)

    def create(
        self,
        caller: Caller,
        name: str,
        members: Mapping[str, Any],
        idempotency: IdempotencyContext[BrandKit] | None = None,
    ) -> BrandKit:
        """Create a kit with ``members`` by their names."""
        now = self.clock.now()
        kit = BrandKit(
            id=self.ids.new(),
            owner=caller.owner,
            name=name,
            version=1,
            created_at=now,
            updated_at=now,
            **members,
        )
        commit_counted(self.store, caller, idempotency, kit, now, SaveBrandKit(kit))
        self.request_products(caller, kit)
        return kit

    def update(self, caller: Caller, kit_id: str, members: Mapping[str, Any]) -> BrandKit:
        """Put ``members`` in place, by their names. Each of several concurrent changes changes nothing else.

        Raises
        ------
        NotFound, Unavailable
        """
        kit = self.change(caller, kit_id, lambda _: members)
        if not _OF_PRODUCTS.isdisjoint(members):
            self.request_products(caller, kit)
        return kit

    def set_default(
        self, caller: Caller, kit_id: str, idempotency: IdempotencyContext[BrandKit] | None = None
    ) -> BrandKit:
        """Make a kit the default one, which no other is then.

        Raises
        ------
        NotFound, Unavailable
        """
        return self.change(
            caller,
            kit_id,
            lambda _: {"is_default": True},
            idempotency,
            SetDefaultBrandKit(caller.owner, kit_id),
        )

    def change(
        self,
        caller: Caller,
        kit_id: str,
        members: Callable[[BrandKit], Mapping[str, Any]],
        idempotency: IdempotencyContext[BrandKit] | None = None,
        *also: Write,
    ) -> BrandKit:
        """Make the next version with the ``members`` that follow from the one before, and ``also`` something else.

        Pictures that the next version has no more are forgotten.

        Raises
        ------
        NotFound, Unavailable
        """
        for _ in range(MAX_RACES):
            before = self.get(caller.owner, kit_id)
            now = self.clock.now()
            after = before.changed(now, **members(before))
            try:
                commit_counted(self.store, caller, idempotency, after, now, SaveBrandKit(after), *also)
            except WriteRefused as refusal:
                if not isinstance(refusal.write, SaveBrandKit):
                    raise
                continue  # changed, or deleted, in between
            self.forget(caller, [one for one in before.pictures if one not in after.pictures])
            return after
        raise Unavailable("The brand kit is busy.")

    def delete(self, caller: Caller, kit_id: str) -> None:
        """Delete a kit and, a while later, its pictures. What was made with it stays as it is.

        Raises
        ------
        NotFound
        """
        kit = self.get(caller.owner, kit_id)
        try:
            commit_counted(
                self.store, caller, None, None, self.clock.now(), DeleteBrandKit(caller.owner, kit_id)
            )
        except WriteRefused as refusal:
            raise no_such_kit() from refusal
        self.forget(caller, kit.pictures)


def no_such_kit(param: str | None = None) -> NotFound:
    """The error for a kit that the owner does not have."""
    return NotFound("No such brand kit.", param=param)
