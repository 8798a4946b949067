"""What a workspace does with its templates, on fakes."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.accounts import Owner
from darkroom.domain.errors import InvalidParam, NotFound, RateLimited, Unavailable
from darkroom.domain.limits import RatePolicy
from darkroom.domain.templates.template import MAX_NAME_CHARS, Template
from darkroom.domain.writes import StoredResponse, Write
from darkroom.ports import PageRequest
from darkroom.services.authenticate import Caller
from darkroom.services.idempotency import AlreadyAnswered, Receipt
from darkroom.services.manage_templates import MAX_RACES, ManageTemplates
from tests.fakes import FakeStore, FakeTemplates
from tests.fakes.world import World
from tests.unit.domain.templates.making import document, element

CARD = document(element(element_id="headline"))
OTHER = document(element("qr"))


class Desk:
    """The service on a world of fakes."""

    def __init__(self) -> None:
        self.world = World()
        self.templates = FakeTemplates(self.world.memory)
        self.service = self.serving(self.world.fake_store)

    def serving(self, store: Any) -> ManageTemplates:
        return ManageTemplates(store, self.templates, self.world.clock, self.world.ids)

    def caller(self) -> Caller:
        return self.world.caller()

    def created(self, name: str = "Card") -> Template:
        return self.service.create(self.caller(), name, CARD)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def receipt(key: str = "k", fingerprint: str = "f") -> Receipt[Any]:
    return Receipt(key, fingerprint, lambda made: StoredResponse(201, made.id if made else ""))


class Racing:
    """A store before whose commits others are quicker, ``times`` times."""

    def __init__(self, store: FakeStore, rival: Any, times: int = 1) -> None:
        self._store, self._rival, self._left = store, rival, times

    def commit(self, *writes: Write) -> None:
        if self._left:
            self._left -= 1
            self._rival()
        self._store.commit(*writes)


def test_a_new_template_is_its_first_version(desk: Desk) -> None:
    caller = desk.caller()
    made = desk.service.create(caller, "  Card ", CARD)
    assert (made.name, made.version, made.created_at) == ("Card", 1, desk.world.clock.now())
    assert desk.service.get(caller.owner, made.id) == made
    assert caller.counted


@pytest.mark.parametrize("name", [None, 3, "", "  ", "\ud800", "x" * (MAX_NAME_CHARS + 1)])
def test_a_template_needs_a_name(desk: Desk, name: object) -> None:
    with pytest.raises(InvalidParam) as refusal:
        desk.service.create(desk.caller(), name, CARD)
    assert refusal.value.param == "name"
    assert not desk.world.memory.templates


def test_a_template_needs_a_document(desk: Desk) -> None:
    with pytest.raises(InvalidParam) as refusal:
        desk.service.create(desk.caller(), "Card", document(element("video", "clip")))
    assert refusal.value.param == "elements.clip.type"


def test_a_repeated_request_makes_one_template(desk: Desk) -> None:
    made = desk.service.create(desk.caller(), "Card", CARD, receipt())
    with pytest.raises(AlreadyAnswered) as answered:
        desk.service.create(desk.caller(), "Card", CARD, receipt())
    assert answered.value.response.body == made.id
    assert len(desk.world.memory.templates) == 1


def test_a_full_rate_window_refuses_and_writes_nothing(desk: Desk) -> None:
    full = RatePolicy("templates", 1)
    first, second = (desk.world.authenticate(desk.world.token, full) for _ in range(2))
    desk.service.create(first, "Card", CARD)
    with pytest.raises(RateLimited):
        desk.service.create(second, "Card", CARD)
    assert len(desk.world.memory.templates) == 1


@pytest.mark.parametrize(("given", "name"), [({"name": "New"}, "New"), ({"document": OTHER}, "Card")])
def test_a_change_is_the_next_version_and_leaves_the_rest_alone(
    desk: Desk, given: dict[str, Any], name: str
) -> None:
    made = desk.created()
    desk.world.clock.advance(60)
    changed = desk.service.update(desk.caller(), made.id, **given)
    assert (changed.version, changed.name) == (2, name)
    assert (changed.document == made.document) == ("name" in given)
    assert changed.created_at == made.created_at < changed.updated_at
    assert desk.service.get(made.owner, made.id) == changed
    assert desk.templates.version(made.owner, made.id, 1) == made


def test_a_change_of_nothing_is_refused(desk: Desk) -> None:
    made = desk.created()
    with pytest.raises(InvalidParam):
        desk.service.update(desk.caller(), made.id)
    assert desk.service.get(made.owner, made.id).version == 1


def test_changes_that_race_are_both_made(desk: Desk) -> None:
    made = desk.created()

    def rival() -> None:
        desk.service.update(desk.caller(), made.id, name="Rival")

    racing = desk.serving(Racing(desk.world.fake_store, rival))
    changed = racing.update(desk.caller(), made.id, document=OTHER)
    assert (changed.version, changed.name) == (3, "Rival")
    assert [desk.templates.version(made.owner, made.id, number) is not None for number in (1, 2, 3)] == [
        True
    ] * 3


def test_a_change_that_races_a_deletion_does_not_bring_the_template_back(desk: Desk) -> None:
    made = desk.created()
    racing = desk.serving(Racing(desk.world.fake_store, lambda: desk.service.delete(desk.caller(), made.id)))
    with pytest.raises(NotFound):
        racing.update(desk.caller(), made.id, name="Late")
    assert desk.templates.get(made.owner, made.id) is None


def test_who_is_never_quick_enough_is_told_to_come_back(desk: Desk) -> None:
    made = desk.created()

    def rival() -> None:
        desk.service.update(desk.caller(), made.id, name="Rival")

    racing = desk.serving(Racing(desk.world.fake_store, rival, times=MAX_RACES))
    with pytest.raises(Unavailable):
        racing.update(desk.caller(), made.id, name="Slow")


def test_a_deleted_template_is_gone_for_all_but_renders_under_way(desk: Desk) -> None:
    made = desk.created()
    desk.service.delete(desk.caller(), made.id)
    with pytest.raises(NotFound):
        desk.service.get(made.owner, made.id)
    with pytest.raises(NotFound):
        desk.service.delete(desk.caller(), made.id)
    with pytest.raises(NotFound):
        desk.service.update(desk.caller(), made.id, name="x")
    assert desk.templates.version(made.owner, made.id, 1) == made


def test_a_deletion_that_races_a_change_keeps_the_changed_version_for_renders(desk: Desk) -> None:
    made = desk.created()

    def rival() -> None:
        desk.service.update(desk.caller(), made.id, name="Rival")

    desk.serving(Racing(desk.world.fake_store, rival)).delete(desk.caller(), made.id)
    kept = desk.templates.version(made.owner, made.id, 2)
    assert kept is not None
    assert kept.name == "Rival"
    assert desk.templates.get(made.owner, made.id) is None


def test_templates_are_listed_newest_first_and_only_to_their_owner(desk: Desk) -> None:
    made = [desk.created(f"Card {number}") for number in range(3)]
    page = desk.service.list(made[0].owner, PageRequest(limit=2))
    assert ([item.name for item in page.items], page.has_more) == (["Card 2", "Card 1"], True)
    for other in (Owner("another", True), Owner(made[0].owner.workspace_id, False)):
        assert not desk.service.list(other, PageRequest()).items
        with pytest.raises(NotFound):
            desk.service.get(other, made[0].id)
