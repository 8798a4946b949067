"""What a task cost: by the vendor's own count, by what was made, by the day; unknown is not free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import FailureCode, Job, Task, TaskState
from darkroom.domain.jobs.spec import FilmSpec
from darkroom.domain.usage.vendor_prices import FREE, OUTPUT, SECOND, Cost, Term, VendorPrice, VendorPrices
from tests.contract.examples import NOW, job

READ = date(2026, 1, 1)
VEO = "veo"


def price(*terms: Term, model: str = "m", **changes: Any) -> VendorPrice:
    return VendorPrice("fal", (model,), terms, READ, "a price list", **changes)


def made(
    figures: Mapping[str, Any] | None = None, *, model: str = "m", state: TaskState = TaskState.SUCCEEDED
) -> tuple[Job, Task]:
    one = job(tasks=1, routes=(Route("fal", Queue.VENDORS, model),))
    task = replace(one.tasks[0], state=state, facts=VendorFacts(figures=figures or {}))
    return replace(one, tasks=(task,)), task


def cost(*prices: VendorPrice, of: tuple[Job, Task]) -> Cost:
    return VendorPrices(prices).cost(*of)


def test_what_a_stack_makes_itself_costs_nothing() -> None:
    own = job(tasks=1)
    assert VendorPrices().cost(own, own.tasks[0]) == FREE


def test_an_output_costs_its_price_and_nothing_made_costs_nothing() -> None:
    each = price(Term(OUTPUT, "0.0398"))
    assert cost(each, of=made()) == Cost({"output": 1_000}, 39_800)
    assert cost(each, of=made(state=TaskState.FAILED)) == FREE


def test_an_unknown_price_is_not_a_free_one() -> None:
    assert cost(of=made()) == Cost()
    assert cost(price(Term(OUTPUT, "1"), model="another"), of=made()).micros is None
    assert cost(price(Term("megapixels", "1", figure="billable_units")), of=made()).micros is None
    assert (
        cost(price(Term("megapixels", "1", figure="billable_units")), of=made({"billable_units": "?"}))
        == Cost()
    )


def test_the_vendors_own_count_goes_first_and_is_paid_whatever_was_made() -> None:
    ticks = price(Term("usd_ticks", "1", figure="ticks", per=10**10))
    each = price(Term(OUTPUT, "0.02"))
    assert cost(ticks, each, of=made({"ticks": 200_000_000})).micros == 20_000
    assert cost(ticks, each, of=made()).micros == 20_000
    assert cost(ticks, each, of=made({"ticks": 5 * 10**8}, state=TaskState.FAILED)).micros == 50_000


def test_tokens_that_another_term_counts_are_counted_once() -> None:
    tokens = price(
        Term("text", "5", figure="in", less="pictures", per=10**6),
        Term("pictures", "8", figure="pictures", per=10**6, optional=True),
        Term("out", "30", figure="out", per=10**6),
    )
    assert cost(tokens, of=made({"in": 1_000, "pictures": 400, "out": 2_000})) == Cost(
        {"text": 600_000, "pictures": 400_000, "out": 2_000_000}, 3_000 + 3_200 + 60_000
    )
    assert cost(tokens, of=made({"in": 1_000, "out": 0})).micros == 5_000


@pytest.mark.parametrize(("resolution", "micros"), [("720p", 600_000), ("1080P", 900_000), (None, 600_000)])
def test_a_film_costs_its_seconds_at_its_resolution(resolution: str | None, micros: int) -> None:
    film, task = made()
    film = replace(film, spec=FilmSpec(prompt="", aspect_ratio="16:9", seconds=6, resolution=resolution))
    seconds = price(Term(SECOND, "0.10", resolutions={"1080p": "0.15"}))
    assert cost(seconds, of=(film, task)) == Cost({"second": 6_000}, micros)


def test_a_film_of_unknown_length_has_no_price() -> None:
    assert cost(price(Term(SECOND, "0.10")), of=made()).micros is None


def test_a_price_holds_from_its_day_on() -> None:
    old = price(Term(OUTPUT, "1"))
    later = price(Term(OUTPUT, "2"), since=NOW.date() + timedelta(days=1))
    one, task = made()
    assert cost(old, later, of=(one, task)).micros == 1_000_000
    assert cost(old, later, of=(replace(one, created_at=NOW + timedelta(days=1)), task)).micros == 2_000_000


def test_what_failed_without_a_count_is_not_unpriced() -> None:
    one, task = made(state=TaskState.FAILED)
    assert cost(of=(one, replace(task, failure=FailureCode.FAILED))) == FREE
