"""What a workspace does with its templates, on fakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import FeatureQuotaExceeded, InvalidParam, NotFound, RateLimited, Unavailable
from darkroom.domain.paging import PageRequest
from darkroom.domain.templates.template import MAX_NAME_CHARS, Template
from darkroom.domain.writes import StoredResponse, Write
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from darkroom.services.renders import manage_templates
from darkroom.services.renders.manage_templates import MAX_RACES, ManageTemplates
from tests.fakes import FakeStore
from tests.harness.core import CoreHarness
from tests.harness.template_making import document, element

CARD = document(element(element_id="headline"))
OTHER = document(element("qr"))


class TemplatesHarness(CoreHarness):
    """A workspace that keeps templates."""

    @property
    def service(self) -> ManageTemplates:
        return self.core.manage_templates

    def serving(self, store: Any) -> ManageTemplates:
        """The service with another store."""
        return replace(self.service, store=store)

    def created(self, name: str = "Card") -> Template:
        return self.service.create(self.caller(), name, CARD)


@pytest.fixture
def harness() -> TemplatesHarness:
    return TemplatesHarness()


def idempotency_context(key: str = "k", fingerprint: str = "f") -> IdempotencyContext[Any]:
    return IdempotencyContext(key, fingerprint, lambda made: StoredResponse(201, made.id if made else ""))


class Racing:
    """A store before whose commits others are quicker, ``times`` times."""

    def __init__(self, store: FakeStore, rival: Any, times: int = 1) -> None:
        self._store, self._rival, self._left = store, rival, times

    def commit(self, *writes: Write) -> None:
        if self._left:
            self._left -= 1
            self._rival()
        self._store.commit(*writes)


def test_a_new_template_is_its_first_version(harness: TemplatesHarness) -> None:
    caller = harness.caller()
    made = harness.service.create(caller, "  Card ", CARD)
    assert (made.name, made.version, made.created_at) == ("Card", 1, harness.clock.now())
    assert harness.service.get(caller.owner, made.id) == made
    assert caller.counted


@pytest.mark.parametrize("name", [None, 3, "", "  ", "\ud800", "x" * (MAX_NAME_CHARS + 1)])
def test_a_template_needs_a_name(harness: TemplatesHarness, name: object) -> None:
    with pytest.raises(InvalidParam) as refusal:
        harness.service.create(harness.caller(), name, CARD)
    assert refusal.value.param == "name"
    assert not harness.memory.templates


def test_a_template_needs_a_document(harness: TemplatesHarness) -> None:
    with pytest.raises(InvalidParam) as refusal:
        harness.service.create(harness.caller(), "Card", document(element("video", "clip")))
    assert refusal.value.param == "elements.clip.type"


def test_a_repeated_request_makes_one_template(harness: TemplatesHarness) -> None:
    made = harness.service.create(harness.caller(), "Card", CARD, idempotency_context())
    with pytest.raises(AlreadyAnswered) as answered:
        harness.service.create(harness.caller(), "Card", CARD, idempotency_context())
    assert answered.value.response.body == made.id
    assert len(harness.memory.templates) == 1


def test_a_full_rate_window_refuses_and_writes_nothing(harness: TemplatesHarness) -> None:
    full = RatePolicy("templates", 1)
    first, second = (harness.authenticate(harness.token, full) for _ in range(2))
    harness.service.create(first, "Card", CARD)
    with pytest.raises(RateLimited):
        harness.service.create(second, "Card", CARD)
    assert len(harness.memory.templates) == 1


@pytest.mark.parametrize(("given", "name"), [({"name": "New"}, "New"), ({"document": OTHER}, "Card")])
def test_a_change_is_the_next_version_and_leaves_the_rest_alone(
    harness: TemplatesHarness, given: dict[str, Any], name: str
) -> None:
    made = harness.created()
    harness.clock.advance(60)
    changed = harness.service.update(harness.caller(), made.id, **given)
    assert (changed.version, changed.name) == (2, name)
    assert (changed.document == made.document) == ("name" in given)
    assert changed.created_at == made.created_at < changed.updated_at
    assert harness.service.get(made.owner, made.id) == changed
    assert harness.templates.version(made.owner, made.id, 1) == made


def test_a_change_of_nothing_is_refused(harness: TemplatesHarness) -> None:
    made = harness.created()
    with pytest.raises(InvalidParam):
        harness.service.update(harness.caller(), made.id)
    assert harness.service.get(made.owner, made.id).version == 1


def test_changes_that_race_are_both_made(harness: TemplatesHarness) -> None:
    made = harness.created()

    def rival() -> None:
        harness.service.update(harness.caller(), made.id, name="Rival")

    racing = harness.serving(Racing(harness.store, rival))
    changed = racing.update(harness.caller(), made.id, document=OTHER)
    assert (changed.version, changed.name) == (3, "Rival")
    assert [harness.templates.version(made.owner, made.id, number) is not None for number in (1, 2, 3)] == [
        True
    ] * 3


def test_a_change_that_races_a_deletion_does_not_bring_the_template_back(harness: TemplatesHarness) -> None:
    made = harness.created()
    racing = harness.serving(Racing(harness.store, lambda: harness.service.delete(harness.caller(), made.id)))
    with pytest.raises(NotFound):
        racing.update(harness.caller(), made.id, name="Late")
    assert harness.templates.get(made.owner, made.id) is None


def test_who_is_never_quick_enough_is_told_to_come_back(harness: TemplatesHarness) -> None:
    made = harness.created()

    def rival() -> None:
        harness.service.update(harness.caller(), made.id, name="Rival")

    racing = harness.serving(Racing(harness.store, rival, times=MAX_RACES))
    with pytest.raises(Unavailable):
        racing.update(harness.caller(), made.id, name="Slow")


def test_a_deleted_template_is_gone_for_all_but_renders_under_way(harness: TemplatesHarness) -> None:
    made = harness.created()
    harness.service.delete(harness.caller(), made.id)
    with pytest.raises(NotFound):
        harness.service.get(made.owner, made.id)
    with pytest.raises(NotFound):
        harness.service.delete(harness.caller(), made.id)
    with pytest.raises(NotFound):
        harness.service.update(harness.caller(), made.id, name="x")
    assert harness.templates.version(made.owner, made.id, 1) == made


def test_a_deletion_that_races_a_change_keeps_the_changed_version_for_renders(
    harness: TemplatesHarness,
) -> None:
    made = harness.created()

    def rival() -> None:
        harness.service.update(harness.caller(), made.id, name="Rival")

    harness.serving(Racing(harness.store, rival)).delete(harness.caller(), made.id)
    kept = harness.templates.version(made.owner, made.id, 2)
    assert kept is not None
    assert kept.name == "Rival"
    assert harness.templates.get(made.owner, made.id) is None


def test_templates_are_listed_newest_first_and_only_to_their_owner(harness: TemplatesHarness) -> None:
    made = [harness.created(f"Card {number}") for number in range(3)]
    page = harness.service.list(made[0].owner, PageRequest(limit=2))
    assert ([item.name for item in page.items], page.has_more) == (["Card 2", "Card 1"], True)
    for other in (Owner("another", True), Owner(made[0].owner.workspace_id, False)):
        assert not harness.service.list(other, PageRequest()).items
        with pytest.raises(NotFound):
            harness.service.get(other, made[0].id)


def test_a_workspace_has_so_many_templates_in_each_mode(
    harness: TemplatesHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manage_templates, "MAX_TEMPLATES", 2)
    made = [harness.service.create(harness.caller(), "Card", CARD) for _ in range(2)]
    with pytest.raises(FeatureQuotaExceeded):
        harness.service.create(harness.caller(), "Card", CARD)
    assert len(harness.memory.templates) == 2
    harness.service.update(harness.caller(), made[0].id, name="Still there")
    harness.service.delete(harness.caller(), made[0].id)
    harness.service.create(harness.caller(), "Card", CARD)
