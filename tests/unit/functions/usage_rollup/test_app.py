"""The counter of usage: ends of jobs in the stream become sums."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from darkroom.domain.usage.places import KeyUsage
from darkroom.wiring import override
from tests.harness.container import Harness
from tests.harness.triggers import CONTEXT, failures, sample, stream_record
from tests.harness.webhooks import ended_job, open_job
from usage_rollup.app import handler


@pytest.fixture
def harness() -> Iterator[Harness]:
    harness = Harness()
    with override(harness.core):
        yield harness


def counted(harness: Harness) -> int:
    return sum(sums.jobs for place, sums in harness.memory.usage.items() if isinstance(place, KeyUsage))


def test_a_real_trigger_is_understood(harness: Harness) -> None:
    assert not failures(handler(sample("usage_rollup/job_succeeded"), CONTEXT))
    assert not failures(handler(sample("usage_rollup/job_succeeded"), CONTEXT))
    assert counted(harness) == 1


def test_ends_are_counted_and_nothing_else(harness: Harness) -> None:
    records = [
        stream_record("1", None, open_job()),
        stream_record("2", open_job(), ended_job()),
        stream_record("3", ended_job(), ended_job()),
    ]
    assert not failures(handler({"Records": records}, CONTEXT))
    assert counted(harness) == 1


def test_an_unreadable_record_does_not_keep_others_from_being_counted(harness: Harness) -> None:
    broken = stream_record("1", None, ended_job())
    del broken["dynamodb"]["NewImage"]["tasks"]
    answer = handler({"Records": [broken, stream_record("2", open_job(), ended_job())]}, CONTEXT)
    assert failures(answer) == ["1"]
    assert counted(harness) == 1
