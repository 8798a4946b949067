"""Batches from their acceptance to their last row."""

from __future__ import annotations

import pytest

from darkroom.domain.accounts import Feature
from darkroom.domain.errors import InsufficientCredits, InvalidParam, NotFound
from darkroom.domain.jobs import JobStatus
from darkroom.domain.renders import BATCH, RENDER, BatchAccepted, chunk_id, row_id
from darkroom.domain.writes import StoredResponse
from darkroom.ports import PageRequest
from darkroom.services.announce import Change, event_of
from darkroom.services.cancel_job import CancelJob
from darkroom.services.idempotency import AlreadyAnswered, Receipt
from tests.fakes.render_world import RenderWorld, named, pictured

URL = "https://pictures.test/a.png"


@pytest.fixture
def world() -> RenderWorld:
    return RenderWorld(credits=2_000)


def people(count: int) -> list[dict[str, object]]:
    return [named(f"person {number}") for number in range(count)]


def test_a_batch_is_accepted_with_three_calls_and_an_admission(world: RenderWorld) -> None:
    world.calls.made.clear()
    accepted = world.batch(people(1_000))
    assert world.calls.made == ["accounts.admit", "blobs.put", "store.commit", "queues.send_tasks"]
    assert len(set(accepted.row_ids)) == 1_000
    assert (world.wallet.available, world.wallet.held) == (1_000, 1_000)
    view = world.view(accepted.batch_id)
    assert (view.total, view.queued, view.done) == (1_000, 1_000, False)


def test_expanding_moves_the_hold_to_the_chunks_and_nothing_else(world: RenderWorld) -> None:
    world.batch(people(1_000))
    before = world.wallet
    (message,) = world.take_messages()
    world.expand_batch(message)
    assert world.wallet == before
    assert len(world.fake_store.commits[-1]) <= 100
    chunks = world.job_of_kind(RENDER)
    assert len(chunks) == len(world.take_messages()) == 40
    assert sum(chunk.held for chunk in chunks) == 1_000
    world.check_books()
    world.expand_batch(message)
    assert len(world.job_of_kind(RENDER)) == 40


def test_a_thousand_rows_have_a_thousand_results(world: RenderWorld) -> None:
    accepted = world.batch(people(1_000))
    world.calls.made.clear()
    world.work()
    made = len(world.calls.made)
    view = world.view(accepted.batch_id)
    assert (view.completed, view.done) == (1_000, True)
    assert world.calls.made[made:] == ["jobs.get", "jobs.get_many"]
    assert [row.id for row in view.results] == list(accepted.row_ids)
    keys = {row.image_key for row in view.results}
    assert len(keys) == 1_000
    assert keys == {key for key in world.fake_blobs.objects if key.startswith("img/")}
    assert (world.wallet.spent, world.wallet.held) == (1_000, 0)
    # Expansion: read, commit, send. Each chunk: claim, payloads, look-up, 25 pictures, end. The template: once.
    assert made == 3 + 40 * (4 + 25) + 1
    world.check_books()


def test_equal_payloads_are_rendered_and_paid_once(world: RenderWorld) -> None:
    accepted = world.batch([named("Ada"), named("Bob"), named("Ada"), named("Ada")])
    assert world.wallet.held == 2
    world.work()
    view = world.view(accepted.batch_id)
    assert [row.from_cache for row in view.results] == [False, False, True, True]
    assert view.results[0].image_key == view.results[2].image_key != view.results[1].image_key
    assert (len(world.renderer.drawn), world.wallet.spent) == (2, 2)
    assert world.wallet.used_in_window(Feature.RENDERS, world.clock.now().date()) == 2
    for index, row in enumerate(view.results):
        assert world.watch_batch.row(world.owner, row_id(accepted.batch_id, index)) == row


def test_what_was_rendered_before_is_free(world: RenderWorld) -> None:
    single = world.render(named("Ada"))
    accepted = world.batch([named("Ada"), named("Bob")])
    world.work()
    ada, bob = world.view(accepted.batch_id).results
    assert (ada.image_key, ada.from_cache, bob.from_cache) == (single.key, True, False)
    assert world.wallet.spent == 2
    assert len(world.renderer.drawn) == 2
    world.check_books()


def test_an_older_version_s_render_is_no_hit(world: RenderWorld) -> None:
    world.render(named("Ada"))
    world.save_template()
    accepted = world.batch([named("Ada"), named("Bob")])
    world.work()
    assert not any(row.from_cache for row in world.view(accepted.batch_id).results)
    assert world.wallet.spent == 3


def test_a_batch_is_rendered_with_the_version_it_was_accepted_with(world: RenderWorld) -> None:
    world.batch(people(2))
    world.save_template()
    world.work()
    assert {drawn.split(", ")[1] for drawn in world.renderer.drawn} == {"1"}


def test_two_equal_batches_at_once_pay_once(world: RenderWorld) -> None:
    for _ in range(2):
        world.batch(people(30))
    for message in world.take_messages():
        world.expand_batch(message)
    # Both have looked before either has written: what decides is the condition of the write.
    found = world.render_rows.renders
    object.__setattr__(world.render_rows, "renders", _Blind(found))
    chunks = world.take_messages()
    for message in chunks:
        world.handle(message)
    assert (world.wallet.spent, world.wallet.held) == (30, 0)
    batches = [world.view(job.id) for job in world.job_of_kind(BATCH)]
    assert sorted(sum(row.from_cache for row in view.results) for view in batches) == [0, 30]
    world.check_books()


class _Blind:
    """Finds nothing in the first look of each message."""

    def __init__(self, renders: object) -> None:
        self._renders, self._looks = renders, 0

    def find(self, *args: object) -> object:
        self._looks += 1
        first = self._looks in (1, 2, 3, 5)
        return {} if first else self._renders.find(*args)  # type: ignore[attr-defined]


def test_a_picture_is_fetched_once_a_batch_and_again_for_the_next(world: RenderWorld) -> None:
    world.fetcher.pages[URL] = b"a picture"
    for ratio in (1, 2):
        world.batch([pictured(f"person {n}", URL) for n in range(60)], ratio)
        world.work()
    assert world.fetcher.fetched == [URL, URL]


def test_a_dead_picture_fails_its_rows_only(world: RenderWorld) -> None:
    accepted = world.batch([named("Ada"), pictured("Bob", URL), pictured("Cid", URL)])
    world.work()
    ada, bob, cid = world.view(accepted.batch_id).results
    assert [row.status for row in (ada, bob, cid)] == ["completed", "failed", "failed"]
    assert bob.failed_reason is not None
    assert bob.failed_reason.startswith("payload.avatar.src: the picture could not be fetched")
    assert (bob.image_key, bob.progress, bob.attempts) == (None, 100, 1)
    assert world.fetcher.fetched == [URL]
    assert (world.wallet.spent, world.wallet.available, world.wallet.held) == (1, 1_999, 0)
    world.check_books()


def test_rows_are_running_while_a_worker_has_them(world: RenderWorld) -> None:
    accepted = world.batch(people(30))
    world.expand_batch(world.take_messages()[0])
    first = chunk_id(accepted.batch_id, 0)
    until = world.clock.now()
    world.jobs.claim_all(world.owner, first, 25, lease_until=until)
    view = world.view(accepted.batch_id)
    assert (view.queued, view.running, view.done) == (5, 25, False)
    assert world.watch_batch.row(world.owner, accepted.row_ids[0]).status == "running"
    assert world.watch_batch.row(world.owner, accepted.row_ids[29]).status == "queued"


def test_a_batch_nobody_can_pay_is_refused_before_it_is_put_away() -> None:
    world = RenderWorld(credits=2)
    with pytest.raises(InsufficientCredits) as refused:
        world.batch(people(3))
    assert (refused.value.required, refused.value.available) == (3, 2)
    assert not world.fake_blobs.objects
    assert world.batch([named("Ada")] * 500).row_ids


@pytest.mark.parametrize("count", [0, 1_001])
def test_a_batch_has_one_to_a_thousand_rows(world: RenderWorld, count: int) -> None:
    with pytest.raises(InvalidParam, match="1 to 1000"):
        world.batch(people(count))


def test_a_repeated_request_is_one_batch(world: RenderWorld) -> None:
    receipt: Receipt[BatchAccepted] = Receipt(
        "once", "same", lambda accepted: StoredResponse(202, accepted.batch_id)
    )
    first = world.batch(people(3), receipt=receipt)
    with pytest.raises(AlreadyAnswered) as answered:
        world.batch(people(3), receipt=receipt)
    assert answered.value.response.body == first.batch_id
    assert world.wallet.held == 3


def test_nobody_cancels_a_batch(world: RenderWorld) -> None:
    accepted = world.batch(people(2))
    cancel = CancelJob(world.jobs, world.conclude, world.queues, world.clock)
    with pytest.raises(NotFound):
        cancel(world.caller(), accepted.batch_id)
    assert world.view(accepted.batch_id).queued == 2


def test_somebody_else_s_batch_is_not_found(world: RenderWorld) -> None:
    accepted = world.batch(people(2))
    stranger = RenderWorld().owner.__class__("01950000-0000-7000-8000-eeeeeeeeeeee", True)
    for owner, batch, row in (
        (stranger, accepted.batch_id, accepted.row_ids[0]),
        (world.owner, accepted.row_ids[0], accepted.batch_id),
        (world.owner, "x" * 40, row_id(accepted.batch_id, 2)),
    ):
        with pytest.raises(NotFound):
            world.watch_batch.batch(owner, batch)
        with pytest.raises(NotFound):
            world.watch_batch.row(owner, row)


def test_a_single_render_is_no_batch(world: RenderWorld) -> None:
    world.render(named("Ada"))
    (job,) = world.job_of_kind(RENDER)
    with pytest.raises(NotFound):
        world.watch_batch.batch(world.owner, job.id)


def test_a_batch_whose_expansion_was_lost_is_found(world: RenderWorld) -> None:
    accepted = world.batch(people(3))
    world.take_messages()
    world.sweep_later()
    assert [message.step for message in world.waiting_messages()] == ["expand"]
    world.work()
    assert world.view(accepted.batch_id).completed == 3


def test_a_chunk_whose_message_was_lost_is_found_with_one_message(world: RenderWorld) -> None:
    accepted = world.batch(people(60))
    world.expand_batch(world.take_messages()[0])
    lost = world.take_messages()[1]
    world.sweep_later()
    again = world.waiting_messages()
    assert len(again) == 3
    assert lost in again
    world.work()
    assert world.view(accepted.batch_id).completed == 60


@pytest.mark.parametrize("expanded", [False, True])
def test_a_batch_that_is_never_worked_off_is_refunded(world: RenderWorld, expanded: bool) -> None:
    accepted = world.batch(people(60))
    if expanded:
        world.expand_batch(world.take_messages()[0])
    world.clock.advance(1_800)
    world.sweep()
    view = world.view(accepted.batch_id)
    assert (view.failed, view.done) == (60, True)
    assert {row.failed_reason for row in view.results} == {"The render did not finish in time."}
    assert (world.wallet.available, world.wallet.held) == (2_000, 0)
    assert world.wallet.used_in_window(Feature.RENDERS, world.clock.now().date()) == 0
    world.work()
    assert world.wallet.spent == 0
    world.check_books()


def test_payloads_that_are_gone_fail_their_rows(world: RenderWorld) -> None:
    accepted = world.batch(people(3))
    world.fake_blobs.objects.clear()
    world.work()
    assert world.view(accepted.batch_id).failed == 3
    assert world.wallet.available == 2_000


def test_renders_are_neither_listed_nor_announced(world: RenderWorld) -> None:
    world.render(named("Ada"))
    world.render(named("Ada"), preview=True)
    world.batch(people(3))
    world.work()
    assert world.jobs.list(world.owner, PageRequest()).items == ()
    key_id = next(iter(world.memory.jobs.values())).key_id
    assert world.jobs.page_by_key(world.owner, key_id, "pixeldrive", page=1, limit=9) == ([], 0)
    assert not world.memory.assets
    ended = [job for job in world.memory.jobs.values() if job.status is JobStatus.SUCCEEDED]
    assert len(ended) == 4
    assert all(event_of(Change("1", None, job)) is None for job in ended)
