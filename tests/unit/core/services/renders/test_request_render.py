"""One render while its caller waits."""

from __future__ import annotations

import pytest

from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.errors import (
    GenerationFailed,
    GenerationTimedOut,
    InsufficientCredits,
    InvalidParam,
    RateLimited,
)
from darkroom.domain.jobs.facts import NO_FACTS
from darkroom.domain.jobs.job import Job
from darkroom.domain.renders.names import PREVIEW
from darkroom.domain.serialization import from_document, to_document
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.services.renders.pictures import MAX_PICTURE_BYTES
from tests.fakes.renders import UNDRAWABLE
from tests.harness.renders import DOCUMENT, RenderHarness, named, pictured

URL = "https://pictures.test/a.png"


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness()


def test_a_render_is_stored_remembered_and_charged(harness: RenderHarness) -> None:
    outcome = harness.render(named("Ada"))
    data, mime = harness.blobs.objects[outcome.key]
    assert (mime, len(data)) == ("image/png", outcome.size)
    assert outcome.key == f"img/t/{harness.template.id}/{outcome.fields_hash}.png"
    assert (outcome.from_cache, outcome.credits_remaining) == (False, 99)
    assert (harness.wallet.available, harness.wallet.spent) == (99, 1)
    harness.check_books()


def test_the_same_again_is_answered_with_the_admission_alone(harness: RenderHarness) -> None:
    first = harness.render(named("Ada"))
    harness.calls.made.clear()
    again = harness.render(named("Ada"))
    assert harness.calls.made == ["accounts.admit"]
    assert (again.from_cache, again.key, again.size) == (True, first.key, first.size)
    assert again.credits_remaining == 99
    assert len(harness.renderer.drawn) == 1


@pytest.mark.parametrize("change", ["payload", "ratio", "version"])
def test_another_content_is_another_render(harness: RenderHarness, change: str) -> None:
    first = harness.render(named("Ada"))
    if change == "version":
        harness.save_template({**DOCUMENT, "canvas": {"width": 200, "height": 50}})
    other = harness.render(named("Bob" if change == "payload" else "Ada"), 2 if change == "ratio" else 1)
    assert not other.from_cache
    assert other.key != first.key
    assert harness.wallet.spent == 2
    assert harness.blobs.objects.keys() >= {first.key, other.key}


def test_a_test_key_gets_a_watermark_under_another_name() -> None:
    live, test = RenderHarness(), RenderHarness(livemode=False)
    outcomes = [harness.render(named("Ada")) for harness in (live, test)]
    assert outcomes[0].key != outcomes[1].key
    assert live.renderer.drawn[0].endswith("false]")
    assert test.renderer.drawn[0].endswith("true]")


def test_a_preview_costs_nothing_and_leaves_nothing_to_find() -> None:
    harness = RenderHarness(credits=0)
    outcome = harness.render(named("Ada"), preview=True)
    assert outcome.preview
    assert list(harness.blobs.objects) == [outcome.key]
    assert outcome.key.startswith(f"tmp/previews/{harness.owner.workspace_id}/")
    assert not harness.memory.rendered
    (job,) = harness.job_of_kind(PREVIEW)
    assert job.moves_nothing
    assert [entry.id for _, entry in harness.memory.entries.items() if entry.job_id] == []
    harness.check_books()
    with pytest.raises(InsufficientCredits):
        harness.render(named("Ada"))


def test_previews_of_all_keys_of_a_workspace_are_counted_together(harness: RenderHarness) -> None:
    policy = RatePolicy("previews", 2, shared=True)
    request = KeyRequest("other", requests_per_minute=500)
    other = harness.core.issue_key(harness.owner.workspace_id, request)[1]
    for token in (harness.token, other):
        harness.authenticate.count(harness.authenticate(token, policy))
    for token in (harness.token, other):
        with pytest.raises(RateLimited):
            harness.authenticate(token, policy)
    harness.authenticate(harness.token, RatePolicy("previews", 2))


@pytest.mark.parametrize(
    ("page", "word"),
    [(None, "fetched"), (b"x" * (MAX_PICTURE_BYTES + 1), "10 MB"), (UNDRAWABLE, "decoded")],
)
def test_a_picture_that_cannot_be_used_is_named_and_nothing_charged(
    harness: RenderHarness, page: bytes | None, word: str
) -> None:
    if page is not None:
        harness.fetcher.pages[URL] = page
    with pytest.raises(InvalidParam, match=word) as refused:
        harness.render(pictured("Ada", URL))
    assert refused.value.param == "payload.avatar.src"
    assert "payload.avatar.src" in refused.value.detail
    assert (harness.wallet.available, harness.wallet.held) == (100, 0)
    harness.check_books()


def test_a_picture_of_the_template_is_named_as_such(harness: RenderHarness) -> None:
    background = {"type": "image", "src": URL}
    harness.save_template({**DOCUMENT, "canvas": {"width": 9, "height": 9, "background": background}})
    with pytest.raises(InvalidParam) as refused:
        harness.render(named("Ada"))
    assert refused.value.param == "canvas.background.src"


def test_a_renderer_that_fails_is_asked_again_and_then_refunded(harness: RenderHarness) -> None:
    harness.renderer.fails = {"once": 1, "always": 100}
    assert not harness.render(named("once")).from_cache
    with pytest.raises(GenerationFailed):
        harness.render(named("always"))
    assert (harness.wallet.available, harness.wallet.spent, harness.wallet.held) == (99, 1, 0)
    harness.check_books()


def test_a_render_nobody_makes_is_given_up_and_refunded(harness: RenderHarness) -> None:
    harness.while_waiting = lambda: None  # type: ignore[method-assign]
    with pytest.raises(GenerationTimedOut):
        harness.render(named("Ada"))
    assert harness.wallet.available == 100
    harness.work()  # what comes too late
    assert (harness.wallet.spent, harness.memory.rendered) == (0, {})
    harness.check_books()


def test_a_huge_payload_is_refused_before_anything_is_written(harness: RenderHarness) -> None:
    elements = [
        {"id": f"e{number}", "type": "text", "text": "", "x": 0, "y": 0, "width": 9, "height": 9}
        for number in range(40)
    ]
    harness.save_template({"canvas": {"width": 9, "height": 9}, "elements": elements})
    with pytest.raises(InvalidParam, match="256 KB"):
        harness.render({f"e{number}": {"text": "x" * 9_000} for number in range(40)})
    assert not harness.memory.jobs


def test_rows_written_before_there_were_renders_are_still_read(harness: RenderHarness) -> None:
    harness.render(named("Ada"))
    (job,) = harness.memory.jobs.values()
    document = to_document(job)
    assert from_document(Job, document) == job
    for task in document["tasks"]:
        for name in ("facts", "free", "reason"):
            task.pop(name, None)
    old = from_document(Job, document)
    assert (old.task_units, old.tasks[0].free, old.tasks[0].facts) == (1, False, NO_FACTS)
