"""Expansion: a batch becomes chunks that hold what the batch held, once."""

from __future__ import annotations

import pytest

from darkroom.domain.jobs.messages import TaskStep
from darkroom.domain.jobs.spec import ChunkSpec
from darkroom.domain.renders.lanes import LANES
from darkroom.domain.renders.names import RENDER
from tests.harness.renders import RenderHarness, named

URL = "https://pictures.test/a.png"


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness(credits=2_000)


def people(count: int) -> list[dict[str, object]]:
    return [named(f"person {number}") for number in range(count)]


def test_expanding_moves_the_hold_to_the_chunks_and_nothing_else(harness: RenderHarness) -> None:
    harness.batch(people(1_000))
    before = harness.wallet
    (message,) = harness.take_messages()
    harness.expand_batch(message)
    assert harness.wallet == before
    assert len(harness.store.commits[-1]) <= 100
    chunks = harness.job_of_kind(RENDER)
    assert len(chunks) == 40
    first = {message.job_id for message in harness.take_messages()}
    assert first == {chunk.id for chunk in chunks if not chunk.spec_as(ChunkSpec).after}
    assert len(first) == LANES
    assert sum(chunk.held for chunk in chunks) == 1_000
    harness.check_books()
    harness.expand_batch(message)
    assert len(harness.job_of_kind(RENDER)) == 40


def test_a_batch_whose_expansion_was_lost_is_found(harness: RenderHarness) -> None:
    accepted = harness.batch(people(3))
    harness.take_messages()
    harness.sweep_later()
    assert [message.step for message in harness.waiting_messages()] == [TaskStep.EXPAND]
    harness.work()
    assert harness.view(accepted.batch_id).completed == 3


def test_a_chunk_whose_message_was_lost_is_found_with_one_message(harness: RenderHarness) -> None:
    accepted = harness.batch(people(60))
    harness.expand_batch(harness.take_messages()[0])
    lost = harness.take_messages()[1]
    harness.sweep_later()
    again = harness.waiting_messages()
    assert len(again) == 3
    assert lost in again
    harness.work()
    assert harness.view(accepted.batch_id).completed == 60
