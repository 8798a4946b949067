"""After everything else was done to the stack, its books agree to the last credit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.usage.measures import total
from darkroom.settings import Settings
from darkroom.wiring import Container
from local.emulator.environ import functions_environment
from local.emulator.info import StackInfo
from local.emulator.stack import Stack
from tests.e2e.client import Client
from tools.reconcile import reconciled, told

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE = 90  # seconds until the stream has told the last that was done


@pytest.fixture
def core(stack: Stack) -> Iterator[Container]:
    with functions_environment(stack.server.endpoint, stack.outputs()):
        yield Container(Settings.from_environment())


def eventually(what: Callable[[], Any]) -> Any:
    """What a question answers once it answers anything; it is asked until the patience is at an end."""
    until = time.monotonic() + PATIENCE
    while not (answer := what()) and time.monotonic() < until:
        time.sleep(2)
    return answer


def owners_of(core: Container) -> list[Owner]:
    found, cursor = core.book_reader.owners(None)
    owners = list(found)
    while cursor is not None:
        found, cursor = core.book_reader.owners(cursor)
        owners += found
    return owners


def test_nothing_differs_after_all_that_was_done(core: Container, capsys: pytest.CaptureFixture[str]) -> None:
    result = reconciled(core, SINCE)
    assert told(result) == 0, capsys.readouterr().err
    assert (result.found, result.undecided) == (0, 0)
    assert result.entries > result.owners > 1


def test_what_was_used_is_what_was_spent(core: Container) -> None:
    today = datetime.now(UTC).date()

    def differing() -> dict[str, tuple[int, int]]:
        spent = {owner: core.accounts.wallet(owner).spent for owner in owners_of(core)}
        used = {owner: total(core.usage.by_key(owner, SINCE.date(), today).values()).spent for owner in spent}
        return {owner.key: (spent[owner], used[owner]) for owner in spent if spent[owner] != used[owner]}

    assert eventually(lambda: not differing()), differing()


def test_the_function_that_does_it_at_night_finds_nothing_either(
    stack: Stack, stack_info: StackInfo, live: Client
) -> None:
    admin = live.with_key(stack_info.keys["admin"])
    before = admin.get("/platform/v1/admin/reconcile")["reconciliation"]
    queue = stack.outputs()["QueueReconcileUrl"]
    stack.clients.sqs.send_message(QueueUrl=queue, MessageBody='{"task":"reconcile"}')

    def finished() -> Any:
        last = admin.get("/platform/v1/admin/reconcile")["reconciliation"]
        return last if last and last["finished_at"] and last["id"] != (before or {}).get("id") else None

    last = eventually(finished)
    assert (last["found"], last["undecided"], last["differences"]) == (0, 0, [])


def test_a_report_of_usage_is_the_ledgers(fresh: Callable[..., Client]) -> None:
    client = fresh(credits=10)
    job = client.post("/memes/v1/images", {"prompt": "a kite", "count": 2})["generation"]["id"]
    client.ended(job)

    def report() -> Any:
        answer = client.get("/platform/v1/usage", group_by="day,offer")
        return answer if answer["total"]["jobs"] else None

    told_of = eventually(report)
    assert told_of["total"]["credits_spent"] == client.credits()["spent"] == 2
    assert [part["offer"] for part in told_of["data"]] == ["memes.image"]
