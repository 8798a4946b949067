from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Catalog, Offer
from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.errors import (
    FeatureQuotaExceeded,
    IdempotencyConflict,
    InsufficientCredits,
    RetiredOffer,
    Unavailable,
    UnknownOffer,
)
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.jobs.spec import ImageSpec, Input
from darkroom.domain.writes import StoredResponse
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from darkroom.services.jobs.submit_job import Submission, SubmitJob
from tests.harness.core import POLICY, CoreHarness


def idempotency_context(key: str = "k", fingerprint: str = "f") -> IdempotencyContext[Job]:
    return IdempotencyContext(key, fingerprint, lambda job: StoredResponse(202, json.dumps({"id": job.id})))


def test_a_job_is_held_for_recorded_and_queued() -> None:
    harness = CoreHarness(credits=10)
    job = harness.submit(count=3)
    assert (harness.wallet.available, harness.wallet.held) == (7, 3)
    assert harness.job(job.id).status is JobStatus.QUEUED
    assert [m.index for m, _ in harness.take_messages()] == [0, 1, 2]
    harness.check_books()


def test_accepting_costs_three_calls() -> None:
    harness = CoreHarness()
    harness.submit(count=4)
    assert harness.calls.made == ["accounts.admit", "store.commit", "queues.send_tasks"]


def test_fifty_at_once_against_credits_for_ten() -> None:
    harness = CoreHarness(credits=10)

    def attempt(_: int) -> bool:
        try:
            harness.submit()
        except InsufficientCredits:
            return False
        return True

    with ThreadPoolExecutor(25) as pool:
        accepted = sum(pool.map(attempt, range(50)))
    assert accepted == 10
    assert (harness.wallet.available, harness.wallet.held) == (0, 10)
    harness.work()
    assert (harness.wallet.available, harness.wallet.held, harness.wallet.spent) == (0, 0, 10)
    harness.check_books()


def test_the_same_key_twenty_times_at_once_is_one_job() -> None:
    harness = CoreHarness(credits=10)

    def attempt(_: int) -> str:
        try:
            return harness.submit(idempotency=idempotency_context()).id
        except AlreadyAnswered as answered:
            return str(json.loads(answered.response.body)["id"])

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(attempt, range(20)))
    assert len(ids) == len(harness.memory.jobs) == 1
    assert harness.wallet.held == 1


def test_a_key_used_for_something_else_conflicts_and_charges_nothing() -> None:
    harness = CoreHarness(credits=10)
    harness.submit(idempotency=idempotency_context())
    with pytest.raises(IdempotencyConflict):
        harness.submit(idempotency=idempotency_context(fingerprint="other"))
    assert harness.wallet.held == 1


def test_a_key_is_forgotten_after_a_day() -> None:
    harness = CoreHarness(credits=10)
    first = harness.submit(idempotency=idempotency_context())
    harness.clock.advance(timedelta(hours=24))
    assert harness.submit(idempotency=idempotency_context(fingerprint="other")).id != first.id


def test_too_few_credits_leave_nothing_behind() -> None:
    harness = CoreHarness(credits=2)
    with pytest.raises(InsufficientCredits) as refusal:
        harness.submit(count=3, idempotency=idempotency_context())
    assert (refusal.value.required, refusal.value.available) == (3, 2)
    assert not harness.memory.jobs
    assert not harness.memory.idempotency_record
    assert not harness.take_messages()
    harness.check_books()


def test_an_allowance_used_up_is_its_own_refusal() -> None:
    harness = CoreHarness()
    small = harness.core.open_workspace("small", plan="pro", credits=100, allowances={Feature.IMAGES: 3})
    token = harness.core.issue_key(small.id, KeyRequest("k"))[1]

    def submit(count: int) -> Job:
        caller = harness.authenticate(token, POLICY)
        return harness.submit_job(caller, Submission(memes.IMAGE, ImageSpec("x", "1:1"), count))

    submit(2)
    with pytest.raises(FeatureQuotaExceeded):
        submit(2)
    submit(1)
    harness.clock.advance(timedelta(days=30))
    submit(3)


def test_undelivered_outputs_go_back_into_the_allowance() -> None:
    harness = CoreHarness()
    harness.submit("[[fail:1]] a kite", count=3)
    harness.work()
    assert harness.wallet.used[Feature.IMAGES, harness.clock.now().date()] == 2


def test_a_job_is_accepted_even_if_it_cannot_be_queued_just_now() -> None:
    harness = CoreHarness()
    harness.queues.busy = True
    job = harness.submit()
    harness.queues.busy = False
    harness.clock.advance(timedelta(minutes=3))
    assert harness.sweep().requeued == 1
    harness.work()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def selling(
    harness: CoreHarness,
    *offers: Offer,
    fallback: bool = True,
    sandbox: bool = True,
    engines: frozenset[str] = frozenset(),
) -> SubmitJob:
    return replace(
        harness.submit_job,
        catalog=Catalog.of(offers),
        engines=engines,
        sandbox_fallback=fallback,
        sandbox=sandbox,
    )


def offer(**changes: object) -> Offer:
    values: dict[str, object] = {
        "id": "o", "dialect": "memes", "kind": "image", "model": "m", "price": 1, "feature": Feature.IMAGES,
        "collection": "image", "deadline_seconds": 60, "max_count": 4,
    }  # fmt: skip
    return Offer(**{**values, **changes})  # type: ignore[arg-type]


SUBMISSION = Submission("o", ImageSpec("x", "1:1"))


@pytest.mark.parametrize(
    ("offered", "error"),
    [
        (offer(price=None), UnknownOffer),
        (offer(id="another"), UnknownOffer),
        (offer(retires_at=datetime(2026, 1, 1, tzinfo=UTC), replacement="n"), RetiredOffer),
    ],
)
def test_what_has_no_price_or_has_ended_is_refused(offered: Offer, error: type[Exception]) -> None:
    harness = CoreHarness()
    with pytest.raises(error):
        selling(harness, offered)(harness.caller(), SUBMISSION)
    assert not harness.memory.jobs


def test_without_a_vendor_and_without_fallback_nothing_is_accepted() -> None:
    harness = CoreHarness()
    with pytest.raises(Unavailable):
        selling(harness, offer(), fallback=False)(harness.caller(), SUBMISSION)
    assert not harness.memory.jobs


def test_without_the_sandbox_test_keys_are_refused_and_nothing_is_charged() -> None:
    harness = CoreHarness()
    submit = selling(harness, offer(), sandbox=False)
    caller = harness.caller()
    caller = replace(caller, key=replace(caller.key, owner=replace(caller.owner, livemode=False)))
    before = dict(harness.memory.entries)
    assert not submit.serves(offer(), livemode=False)
    with pytest.raises(Unavailable, match="without the sandbox"):
        submit(caller, SUBMISSION)
    assert not harness.memory.jobs
    assert harness.memory.entries == before


def test_a_job_keeps_the_routes_that_were_usable_when_it_was_accepted() -> None:
    harness = CoreHarness()
    there = frozenset({"a", "b", "c"})
    routes = (
        Route("a", Queue.VENDORS, "ended", retires_at=harness.clock.now()),
        Route(
            "a",
            Queue.VENDORS,
            "a-1",
            {"quality": "low"},
            retires_at=harness.clock.now() + timedelta(days=1),
        ),
        Route("off", Queue.VENDORS, "m"),
        Route("b", Queue.VENDORS, "b-1", enabled=False),
        Route("b", Queue.VENDORS, "b-2", kinds=frozenset({"edit"})),
        Route("c", Queue.VENDORS, "c-1", kinds=frozenset({"image"})),
    )
    submit = selling(harness, offer(routes=routes), engines=there)
    job = submit(harness.caller(), SUBMISSION)
    kept = harness.job(job.id)
    assert [(r.engine, r.engine_model, dict(r.options)) for r in kept.routes] == [
        ("a", "a-1", {"quality": "low"}),
        ("c", "c-1", {}),
    ]
    assert submit.serves(offer(routes=routes), livemode=True)
    edit = Submission("o", ImageSpec("x", "1:1", inputs=(Input("source", "k", stored=True),)))
    assert [
        r.engine_model
        for r in selling(harness, offer(routes=routes, kind="edit"), engines=there)(
            harness.caller(), edit
        ).ways
    ] == ["a-1", "b-2"]


def test_what_no_route_can_do_is_refused_before_anything_is_held() -> None:
    harness = CoreHarness()
    routes = (Route("a", Queue.VENDORS, kinds=frozenset({"edit"})),)
    submit = selling(harness, offer(routes=routes), fallback=False, engines=frozenset({"a"}))
    with pytest.raises(Unavailable):
        submit(harness.caller(), SUBMISSION)
    assert not harness.memory.jobs
    assert harness.wallet.held == 0


def test_the_first_configured_route_is_taken() -> None:
    harness = CoreHarness()
    routes = (Route("absent", Queue.VENDORS), Route("there", Queue.VENDORS, "model-2"))
    submit = selling(harness, offer(routes=routes), engines=frozenset({"there"}))
    job = submit(harness.caller(), SUBMISSION)
    assert (job.engine, job.engine_model, job.queue) == ("there", "model-2", Queue.VENDORS)
