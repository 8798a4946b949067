"""Sums: exact in whatever order, each latency in one bucket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.usage.measures import LATENCY_BOUNDS, latency, measures, total

NAMES = st.sampled_from(("jobs", "credits", "failure.x", "unit.seconds", "latency.5"))
SOME = st.dictionaries(NAMES, st.integers(-9, 9)).map(measures)


@given(st.lists(SOME), st.randoms())
def test_the_order_of_adding_changes_nothing(some: list[object], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert total(shuffled) == total(some)  # type: ignore[arg-type]


@given(SOME, SOME)
def test_what_is_missing_added_makes_it_whole(one: object, other: object) -> None:
    assert other.plus(one.minus(other)) == one  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("seconds", "bucket"), [(0, "1"), (1, "1"), (1.001, "2"), (600, "600"), (600.1, "inf"), (86_400, "inf")]
)
def test_a_latency_is_in_the_bucket_of_the_least_bound_above_it(seconds: float, bucket: str) -> None:
    counted = measures({latency(timedelta(seconds=seconds)): 1}).latency
    assert {bound for bound, count in counted.items() if count} == {bucket}
    assert list(counted) == [*map(str, LATENCY_BOUNDS), "inf"]


def test_what_is_counted_by_name_is_told_by_name() -> None:
    counted = measures(
        {
            "failure.content_blocked": 2,
            "unit.seconds": 6_000,
            "credits": 7,
            "refunded": 3,
            "cost": 9,
            "jobs": 0,
        }
    )
    assert counted.failures == {"content_blocked": 2}
    assert counted.units == {"seconds": 6_000}
    assert (counted.spent, counted.cost_micros, counted.jobs, counted.unpriced) == (4, 9, 0, 0)
    assert "jobs" not in counted.sums
