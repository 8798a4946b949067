"""Batches from their acceptance to their last row."""

from __future__ import annotations

import pytest

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.errors import InsufficientCredits, InvalidParam, NotFound
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.paging import PageRequest
from darkroom.domain.renders.batches import row_id
from darkroom.domain.renders.lanes import LANES
from darkroom.domain.renders.names import BATCH
from darkroom.domain.renders.views import BatchAccepted
from darkroom.domain.writes import StoredResponse
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from darkroom.services.webhooks.announce import Change, event_of
from tests.harness.renders import RenderHarness, named, pictured

URL = "https://pictures.test/a.png"


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness(credits=2_000)


def people(count: int) -> list[dict[str, object]]:
    return [named(f"person {number}") for number in range(count)]


def test_a_batch_is_accepted_with_three_calls_and_an_admission(harness: RenderHarness) -> None:
    harness.calls.made.clear()
    accepted = harness.batch(people(1_000))
    assert harness.calls.made == ["accounts.admit", "blobs.put", "store.commit", "queues.send_tasks"]
    assert len(set(accepted.row_ids)) == 1_000
    assert (harness.wallet.available, harness.wallet.held) == (1_000, 1_000)
    view = harness.view(accepted.batch_id)
    assert (view.total, view.queued, view.done) == (1_000, 1_000, False)


def test_a_thousand_rows_have_a_thousand_results(harness: RenderHarness) -> None:
    accepted = harness.batch(people(1_000))
    harness.calls.made.clear()
    harness.work()
    made = len(harness.calls.made)
    view = harness.view(accepted.batch_id)
    assert (view.completed, view.done) == (1_000, True)
    assert harness.calls.made[made:] == ["jobs.get", "jobs.get_many"]
    assert [row.id for row in view.results] == list(accepted.row_ids)
    keys = {row.image_key for row in view.results}
    assert len(keys) == 1_000
    assert keys == {key for key in harness.blobs.objects if key.startswith("img/")}
    assert (harness.wallet.spent, harness.wallet.held) == (1_000, 0)
    # Expansion: read, commit, send. Each chunk: claim, payloads, look-up, 25 pictures, end; all but the last of each
    # lane send the next. The template: once.
    assert made == 3 + 40 * (4 + 25) + (40 - LANES) + 1
    harness.check_books()


def test_equal_payloads_are_rendered_and_paid_once(harness: RenderHarness) -> None:
    accepted = harness.batch([named("Ada"), named("Bob"), named("Ada"), named("Ada")])
    assert harness.wallet.held == 2
    harness.work()
    view = harness.view(accepted.batch_id)
    assert [row.from_cache for row in view.results] == [False, False, True, True]
    assert view.results[0].image_key == view.results[2].image_key != view.results[1].image_key
    assert (len(harness.renderer.drawn), harness.wallet.spent) == (2, 2)
    assert harness.wallet.used_in_window(Feature.RENDERS, harness.clock.now().date()) == 2
    for index, row in enumerate(view.results):
        assert harness.watch_batch.row(harness.owner, row_id(accepted.batch_id, index)) == row


def test_what_was_rendered_before_is_free(harness: RenderHarness) -> None:
    single = harness.render(named("Ada"))
    accepted = harness.batch([named("Ada"), named("Bob")])
    harness.work()
    ada, bob = harness.view(accepted.batch_id).results
    assert (ada.image_key, ada.from_cache, bob.from_cache) == (single.key, True, False)
    assert harness.wallet.spent == 2
    assert len(harness.renderer.drawn) == 2
    harness.check_books()


def test_an_older_version_s_render_is_no_hit(harness: RenderHarness) -> None:
    harness.render(named("Ada"))
    harness.save_template()
    accepted = harness.batch([named("Ada"), named("Bob")])
    harness.work()
    assert not any(row.from_cache for row in harness.view(accepted.batch_id).results)
    assert harness.wallet.spent == 3


def test_a_batch_is_rendered_with_the_version_it_was_accepted_with(harness: RenderHarness) -> None:
    harness.batch(people(2))
    harness.save_template()
    harness.work()
    assert {drawn.split(", ")[1] for drawn in harness.renderer.drawn} == {"1"}


def test_two_equal_batches_at_once_pay_once(harness: RenderHarness) -> None:
    for _ in range(2):
        harness.batch(people(30))
    for message in harness.take_messages():
        harness.expand_batch(message)
    # Both have looked before either has written: what decides is the condition of the write.
    blind = _Blind(harness.render_rows.renders)
    for part in (harness.render_rows, harness.render_rows.finish):
        object.__setattr__(part, "renders", blind)
    chunks = harness.take_messages()
    for message in chunks:
        harness.handle(message)
    assert (harness.wallet.spent, harness.wallet.held) == (30, 0)
    batches = [harness.view(job.id) for job in harness.job_of_kind(BATCH)]
    assert sorted(sum(row.from_cache for row in view.results) for view in batches) == [0, 30]
    harness.check_books()


class _Blind:
    """Finds nothing in the first look of each message."""

    def __init__(self, renders: object) -> None:
        self._renders, self._looks = renders, 0

    def find(self, *args: object) -> object:
        self._looks += 1
        first = self._looks in (1, 2, 3, 5)
        return {} if first else self._renders.find(*args)  # type: ignore[attr-defined]


def test_a_picture_is_fetched_once_a_batch_and_again_for_the_next(harness: RenderHarness) -> None:
    harness.fetcher.pages[URL] = b"a picture"
    for ratio in (1, 2):
        harness.batch([pictured(f"person {n}", URL) for n in range(60)], ratio)
        harness.work()
    assert harness.fetcher.fetched == [URL, URL]


def test_a_dead_picture_fails_its_rows_only(harness: RenderHarness) -> None:
    accepted = harness.batch([named("Ada"), pictured("Bob", URL), pictured("Cid", URL)])
    harness.work()
    ada, bob, cid = harness.view(accepted.batch_id).results
    assert [row.status for row in (ada, bob, cid)] == ["completed", "failed", "failed"]
    assert bob.failed_reason is not None
    assert bob.failed_reason.startswith("payload.avatar.src: the picture could not be fetched")
    assert (bob.image_key, bob.progress, bob.attempts) == (None, 100, 1)
    assert harness.fetcher.fetched == [URL]
    assert (harness.wallet.spent, harness.wallet.available, harness.wallet.held) == (1, 1_999, 0)
    harness.check_books()


def test_a_batch_nobody_can_pay_is_refused_before_it_is_put_away() -> None:
    harness = RenderHarness(credits=2)
    with pytest.raises(InsufficientCredits) as refused:
        harness.batch(people(3))
    assert (refused.value.required, refused.value.available) == (3, 2)
    assert not harness.blobs.objects
    assert harness.batch([named("Ada")] * 500).row_ids


@pytest.mark.parametrize("count", [0, 1_001])
def test_a_batch_has_one_to_a_thousand_rows(harness: RenderHarness, count: int) -> None:
    with pytest.raises(InvalidParam, match="1 to 1000"):
        harness.batch(people(count))


def test_a_repeated_request_is_one_batch(harness: RenderHarness) -> None:
    idempotency: IdempotencyContext[BatchAccepted] = IdempotencyContext(
        "once", "same", lambda accepted: StoredResponse(202, accepted.batch_id)
    )
    first = harness.batch(people(3), idempotency=idempotency)
    with pytest.raises(AlreadyAnswered) as answered:
        harness.batch(people(3), idempotency=idempotency)
    assert answered.value.response.body == first.batch_id
    assert harness.wallet.held == 3


def test_nobody_cancels_a_batch(harness: RenderHarness) -> None:
    accepted = harness.batch(people(2))
    cancel = harness.core.cancel_job
    with pytest.raises(NotFound):
        cancel(harness.caller(), accepted.batch_id)
    assert harness.view(accepted.batch_id).queued == 2


@pytest.mark.parametrize("expanded", [False, True])
def test_a_batch_that_is_never_worked_off_is_refunded(harness: RenderHarness, expanded: bool) -> None:
    accepted = harness.batch(people(60))
    if expanded:
        harness.expand_batch(harness.take_messages()[0])
    harness.clock.advance(1_800)
    harness.sweep()
    view = harness.view(accepted.batch_id)
    assert (view.failed, view.done) == (60, True)
    assert {row.failed_reason for row in view.results} == {"The render did not finish in time."}
    assert (harness.wallet.available, harness.wallet.held) == (2_000, 0)
    assert harness.wallet.used_in_window(Feature.RENDERS, harness.clock.now().date()) == 0
    harness.work()
    assert harness.wallet.spent == 0
    harness.check_books()


def test_payloads_that_are_gone_fail_their_rows(harness: RenderHarness) -> None:
    accepted = harness.batch(people(3))
    harness.blobs.objects.clear()
    harness.work()
    assert harness.view(accepted.batch_id).failed == 3
    assert harness.wallet.available == 2_000


def test_renders_are_neither_listed_nor_announced(harness: RenderHarness) -> None:
    harness.render(named("Ada"))
    harness.render(named("Ada"), preview=True)
    harness.batch(people(3))
    harness.work()
    assert harness.jobs.list(harness.owner, PageRequest()).items == ()
    key_id = next(iter(harness.memory.jobs.values())).key_id
    assert harness.jobs.page_by_key(harness.owner, key_id, "pixeldrive", page=1, limit=9) == ([], 0)
    assert not harness.memory.assets
    ended = [job for job in harness.memory.jobs.values() if job.status is JobStatus.SUCCEEDED]
    assert len(ended) == 4
    assert all(event_of(Change("1", None, job)) is None for job in ended)
