from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.accounts import Feature
from darkroom.domain.catalog import Catalog, Offer, Queue, Route
from darkroom.domain.errors import (
    FeatureQuotaExceeded,
    IdempotencyConflict,
    InsufficientCredits,
    RetiredOffer,
    Unavailable,
    UnknownOffer,
)
from darkroom.domain.jobs import Input, Job, JobStatus, Spec
from darkroom.domain.writes import StoredResponse
from darkroom.services.idempotency import AlreadyAnswered, Receipt
from darkroom.services.manage_accounts import IssueKey, KeyRequest, OpenWorkspace
from darkroom.services.submit_job import Submission, SubmitJob
from tests.fakes.world import POLICY, World


def receipt(key: str = "k", fingerprint: str = "f") -> Receipt[Job]:
    return Receipt(key, fingerprint, lambda job: StoredResponse(202, json.dumps({"id": job.id})))


def test_a_job_is_held_for_recorded_and_queued() -> None:
    world = World(credits=10)
    job = world.submit(count=3)
    assert (world.wallet.available, world.wallet.held) == (7, 3)
    assert world.job(job.id).status is JobStatus.QUEUED
    assert [m.index for m, _ in world.take_messages()] == [0, 1, 2]
    world.check_books()


def test_accepting_costs_three_calls() -> None:
    world = World()
    world.submit(count=4)
    assert world.calls.made == ["accounts.admit", "store.commit", "queues.send_tasks"]


def test_fifty_at_once_against_credits_for_ten() -> None:
    world = World(credits=10)

    def attempt(_: int) -> bool:
        try:
            world.submit()
        except InsufficientCredits:
            return False
        return True

    with ThreadPoolExecutor(25) as pool:
        accepted = sum(pool.map(attempt, range(50)))
    assert accepted == 10
    assert (world.wallet.available, world.wallet.held) == (0, 10)
    world.work()
    assert (world.wallet.available, world.wallet.held, world.wallet.spent) == (0, 0, 10)
    world.check_books()


def test_the_same_key_twenty_times_at_once_is_one_job() -> None:
    world = World(credits=10)

    def attempt(_: int) -> str:
        try:
            return world.submit(receipt=receipt()).id
        except AlreadyAnswered as answered:
            return str(json.loads(answered.response.body)["id"])

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(attempt, range(20)))
    assert len(ids) == len(world.memory.jobs) == 1
    assert world.wallet.held == 1


def test_a_key_used_for_something_else_conflicts_and_charges_nothing() -> None:
    world = World(credits=10)
    world.submit(receipt=receipt())
    with pytest.raises(IdempotencyConflict):
        world.submit(receipt=receipt(fingerprint="other"))
    assert world.wallet.held == 1


def test_a_key_is_forgotten_after_a_day() -> None:
    world = World(credits=10)
    first = world.submit(receipt=receipt())
    world.clock.advance(timedelta(hours=24))
    assert world.submit(receipt=receipt(fingerprint="other")).id != first.id


def test_too_few_credits_leave_nothing_behind() -> None:
    world = World(credits=2)
    with pytest.raises(InsufficientCredits) as refusal:
        world.submit(count=3, receipt=receipt())
    assert (refusal.value.required, refusal.value.available) == (3, 2)
    assert not world.memory.jobs
    assert not world.memory.remembered
    assert not world.take_messages()
    world.check_books()


def test_an_allowance_used_up_is_its_own_refusal() -> None:
    world = World()
    small = OpenWorkspace(world.fake_store, world.ids, world.clock)(
        "small", plan="pro", credits=100, allowances={Feature.IMAGES: 3}
    )
    token = IssueKey(world.fake_store, world.ids, world.clock)(small.id, KeyRequest("k"))[1]

    def submit(count: int) -> Job:
        caller = world.authenticate(token, POLICY)
        return world.submit_job(caller, Submission(memes.IMAGE, Spec("x", "1:1"), count))

    submit(2)
    with pytest.raises(FeatureQuotaExceeded):
        submit(2)
    submit(1)
    world.clock.advance(timedelta(days=30))
    submit(3)


def test_undelivered_outputs_go_back_into_the_allowance() -> None:
    world = World()
    world.submit("[[fail:1]] a kite", count=3)
    world.work()
    assert world.wallet.used[Feature.IMAGES, world.clock.now().date()] == 2


def test_a_job_is_accepted_even_if_it_cannot_be_queued_just_now() -> None:
    world = World()
    world.fake_queues.busy = True
    job = world.submit()
    world.fake_queues.busy = False
    world.clock.advance(timedelta(minutes=3))
    assert world.sweep().requeued == 1
    world.work()
    assert world.job(job.id).status is JobStatus.SUCCEEDED


def selling(
    world: World, *offers: Offer, fallback: bool = True, engines: frozenset[str] = frozenset()
) -> SubmitJob:
    return SubmitJob(
        world.store,
        world.queues,
        world.clock,
        world.ids,
        Catalog.of(offers),
        engines,
        sandbox_fallback=fallback,
    )


def offer(**changes: object) -> Offer:
    values: dict[str, object] = {
        "id": "o", "dialect": "memes", "kind": "image", "model": "m", "price": 1, "feature": Feature.IMAGES,
        "collection": "image", "deadline_seconds": 60, "max_count": 4,
    }  # fmt: skip
    return Offer(**{**values, **changes})  # type: ignore[arg-type]


SUBMISSION = Submission("o", Spec("x", "1:1"))


@pytest.mark.parametrize(
    ("offered", "error"),
    [
        (offer(price=None), UnknownOffer),
        (offer(id="another"), UnknownOffer),
        (offer(retires_at=datetime(2026, 1, 1, tzinfo=UTC), replacement="n"), RetiredOffer),
    ],
)
def test_what_has_no_price_or_has_ended_is_refused(offered: Offer, error: type[Exception]) -> None:
    world = World()
    with pytest.raises(error):
        selling(world, offered)(world.caller(), SUBMISSION)
    assert not world.memory.jobs


def test_without_a_vendor_and_without_fallback_nothing_is_accepted() -> None:
    world = World()
    with pytest.raises(Unavailable):
        selling(world, offer(), fallback=False)(world.caller(), SUBMISSION)
    assert not world.memory.jobs


def test_a_job_keeps_the_routes_that_were_usable_when_it_was_accepted() -> None:
    world = World()
    there = frozenset({"a", "b", "c"})
    routes = (
        Route("a", Queue.GENERATION, "ended", retires_at=world.clock.now()),
        Route(
            "a", Queue.GENERATION, "a-1", {"quality": "low"}, retires_at=world.clock.now() + timedelta(days=1)
        ),
        Route("off", Queue.GENERATION, "m"),
        Route("b", Queue.GENERATION, "b-1", enabled=False),
        Route("b", Queue.GENERATION, "b-2", kinds=frozenset({"edit"})),
        Route("c", Queue.GENERATION, "c-1", kinds=frozenset({"image"})),
    )
    submit = selling(world, offer(routes=routes), engines=there)
    job = submit(world.caller(), SUBMISSION)
    kept = world.job(job.id)
    assert [(r.engine, r.engine_model, dict(r.options)) for r in kept.routes] == [
        ("a", "a-1", {"quality": "low"}),
        ("c", "c-1", {}),
    ]
    assert submit.serves(offer(routes=routes), livemode=True)
    edit = Submission("o", Spec("x", "1:1", inputs=(Input("source", "k", stored=True),)))
    assert [
        r.engine_model
        for r in selling(world, offer(routes=routes, kind="edit"), engines=there)(world.caller(), edit).ways
    ] == ["a-1", "b-2"]


def test_what_no_route_can_do_is_refused_before_anything_is_held() -> None:
    world = World()
    routes = (Route("a", Queue.GENERATION, kinds=frozenset({"edit"})),)
    submit = selling(world, offer(routes=routes), fallback=False, engines=frozenset({"a"}))
    with pytest.raises(Unavailable):
        submit(world.caller(), SUBMISSION)
    assert not world.memory.jobs
    assert world.wallet.held == 0


def test_the_first_configured_route_is_taken() -> None:
    world = World()
    routes = (Route("absent", Queue.GENERATION), Route("there", Queue.GENERATION, "model-2"))
    submit = selling(world, offer(routes=routes), engines=frozenset({"there"}))
    job = submit(world.caller(), SUBMISSION)
    assert (job.engine, job.engine_model, job.queue) == ("there", "model-2", Queue.GENERATION)
