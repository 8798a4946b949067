"""The worker of reconciliations: the clock begins a run, each turn sends the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from darkroom.adapters.reconcile_messages import turn_from_json, turn_to_json
from darkroom.wiring import override
from tests.harness.reconcile import BookedHarness
from tests.harness.triggers import LambdaContext, failures, sample, sqs_event
from worker_reconcile.app import handler


class Context(LambdaContext):
    """A function that has time for so many steps."""

    steps = 10**6

    def get_remaining_time_in_millis(self) -> int:
        Context.steps -= 1
        return 120_000 if Context.steps >= 0 else 0


@pytest.fixture
def stack() -> Iterator[BookedHarness]:
    stack = BookedHarness()
    Context.steps = 10**6
    with override(stack.core):
        yield stack


def test_a_tick_reconciles_all_there_is(stack: BookedHarness) -> None:
    assert not failures(handler(sample("worker_reconcile/tick"), Context()))
    result = stack.book_reader.last()
    assert result is not None
    assert (result.found, result.owners) == (0, 2)
    assert result.finished_at is not None
    assert not stack.reconcile_queue.turns


def test_a_run_goes_on_in_messages_and_a_turn_may_come_twice(stack: BookedHarness) -> None:
    Context.steps = 2
    handler(sample("worker_reconcile/tick"), Context())
    while stack.reconcile_queue.turns:
        turn = stack.reconcile_queue.turns.pop()
        assert turn_from_json(turn_to_json(turn)) == turn
        for _ in range(2):
            Context.steps = 2
            assert not failures(handler(sqs_event([turn_to_json(turn)]), Context()))
        stack.reconcile_queue.turns[1:] = []
    result = stack.book_reader.last()
    assert result is not None
    assert (result.found, result.owners, result.entries) == (0, 2, len(stack.memory.entries))


def test_a_turn_that_fails_comes_back(stack: BookedHarness) -> None:
    assert failures(handler(sqs_event(["{}"]), Context())) == ["0"]
