"""Changes of one endpoint that race."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.webhooks.endpoints import EventType
from tests.harness.webhooks import OWNER, WebhookHarness


def test_changes_that_race_are_all_made(harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = harness.endpoint()
    commit = harness.store.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(harness.store, "commit", commit)
        harness.manage.update(harness.caller(), endpoint.id, description="theirs")
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", slow)
    harness.manage.update(harness.caller(), endpoint.id, events=["generation.failed"])
    after = harness.current(endpoint)
    assert (after.description, after.events, after.version) == ("theirs", frozenset({EventType.FAILED}), 3)


def test_a_change_that_races_a_deletion_does_not_undo_it(
    harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = harness.endpoint()
    commit = harness.store.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(harness.store, "commit", commit)
        harness.manage.delete(harness.caller(), endpoint.id)
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", slow)
    with pytest.raises(NotFound):
        harness.manage.update(harness.caller(), endpoint.id, description="still here")
    assert harness.manage.all(OWNER) == []


def test_endless_races_are_given_up(harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = harness.endpoint()
    commit = harness.store.commit

    def contended(*writes: Any) -> None:
        current = harness.current(endpoint)
        harness.memory.endpoints[OWNER, endpoint.id] = replace(current, version=current.version + 1)
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", contended)
    with pytest.raises(Unavailable):
        harness.manage.update(harness.caller(), endpoint.id, description="mine")
