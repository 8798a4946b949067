"""What holds for every change of endpoints and deliveries, whichever it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.rate_limits import MinuteCount
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import IdempotencyConflict, InvalidParam, NotFound, RateLimited
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.writes import CountRequest, SaveIdempotencyRecord, StoredResponse
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from tests.harness.webhooks import OWNER, PAGE, STRANGER, URL, WORKSPACE, WebhookHarness

TEST_MODE = Owner(WORKSPACE, False)

type Change = Callable[[WebhookHarness, Caller, Delivery, Any], object]

CHANGES: dict[str, Change] = {
    "update": lambda w, c, d, r: w.manage.update(c, d.endpoint_id, description="x", idempotency=r),
    "delete": lambda w, c, d, r: w.manage.delete(c, d.endpoint_id, r),
    "rotate": lambda w, c, d, r: w.core.rotate_secret(c, d.endpoint_id, idempotency=r),
    "test": lambda w, c, d, r: w.core.send_test_event(c, d.endpoint_id, r),
    "replay": lambda w, c, d, r: w.core.replay_delivery(c, d.endpoint_id, d.id, r),
    "recover": lambda w, c, d, r: w.core.recover_deliveries(
        c, d.endpoint_id, w.clock.now() - timedelta(days=9), r
    ),
}
ALL_CHANGES = CHANGES | {"create": lambda w, c, _, r: w.manage.create(c, URL, idempotency=r)}


def idempotency_context(fingerprint: str = "f") -> IdempotencyContext[Any]:
    return IdempotencyContext("key", fingerprint, lambda result: StoredResponse(200, repr(result)))


def test_nothing_is_sent_again_to_a_disabled_endpoint(harness: WebhookHarness) -> None:
    failed = harness.failed_delivery()
    harness.manage.update(harness.caller(), failed.endpoint_id, enabled=False)
    for act in (
        lambda: harness.core.replay_delivery(harness.caller(), failed.endpoint_id, failed.id),
        lambda: harness.core.recover_deliveries(harness.caller(), failed.endpoint_id, harness.clock.now()),
        lambda: harness.core.send_test_event(harness.caller(), failed.endpoint_id),
    ):
        with pytest.raises(InvalidParam, match="disabled"):
            act()


@pytest.mark.parametrize("stranger", [STRANGER, TEST_MODE])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_foreign_id_is_not_found(harness: WebhookHarness, change: Change, stranger: Owner) -> None:
    delivery = harness.failed_delivery()
    before = (dict(harness.memory.endpoints), dict(harness.memory.deliveries))
    with pytest.raises(NotFound):
        change(harness, harness.caller(stranger), delivery, None)
    with pytest.raises(NotFound):
        harness.manage.get(stranger, delivery.endpoint_id)
    with pytest.raises(NotFound):
        harness.core.read_deliveries.list(stranger, delivery.endpoint_id, PAGE)
    with pytest.raises(NotFound):
        harness.core.read_deliveries.get(stranger, delivery.endpoint_id, delivery.id)
    assert harness.manage.all(stranger) == []
    assert before == (harness.memory.endpoints, harness.memory.deliveries)


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_every_change_counts_its_request_once(harness: WebhookHarness, change: Change) -> None:
    delivery = harness.failed_delivery()
    before = len(harness.store.commits)
    caller = harness.caller()
    change(harness, caller, delivery, None)
    writes = [write for commit in harness.store.commits[before:] for write in commit]
    assert caller.counted
    assert sum(isinstance(write, CountRequest) for write in writes) == 1


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_a_full_window_refuses_every_change(harness: WebhookHarness, change: Change) -> None:
    delivery = harness.failed_delivery()
    caller = harness.caller()
    window = caller.window
    harness.memory.rates[OWNER.workspace_id, caller.key.id, window.policy.name, window.minute] = MinuteCount(
        window.ceiling
    )
    with pytest.raises(RateLimited):
        change(harness, caller, delivery, None)


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_a_repeated_request_gets_its_first_answer_and_changes_nothing(
    harness: WebhookHarness, change: Change
) -> None:
    delivery = harness.failed_delivery()
    change(harness, harness.caller(), delivery, idempotency_context())
    harness.memory.endpoints.setdefault(
        (OWNER, delivery.endpoint_id), harness.endpoint(id=delivery.endpoint_id)
    )
    endpoints = dict(harness.memory.endpoints)
    with pytest.raises(AlreadyAnswered):
        change(harness, harness.caller(), delivery, idempotency_context())
    with pytest.raises(IdempotencyConflict):
        change(harness, harness.caller(), delivery, idempotency_context("another request"))
    assert harness.memory.endpoints == endpoints


@pytest.mark.parametrize("change", [ALL_CHANGES["create"], CHANGES["rotate"]], ids=["create", "rotate"])
def test_no_table_ever_holds_a_secret(harness: WebhookHarness, change: Change) -> None:
    delivery = harness.failed_delivery()
    change(harness, harness.caller(), delivery, idempotency_context())
    assert any(isinstance(write, SaveIdempotencyRecord) for write in harness.store.commits[-1])
    assert "whsec_" not in repr(harness.memory)
