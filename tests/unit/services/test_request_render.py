"""One render while its caller waits."""

from __future__ import annotations

import pytest

from darkroom.domain.documents import job_from_document, job_to_document
from darkroom.domain.errors import (
    GenerationFailed,
    GenerationTimedOut,
    InsufficientCredits,
    InvalidParam,
    RateLimited,
)
from darkroom.domain.limits import RatePolicy
from darkroom.domain.renders import PREVIEW
from darkroom.services.manage_accounts import IssueKey, KeyRequest
from darkroom.services.pictures import MAX_PICTURE_BYTES
from tests.fakes.render_world import DOCUMENT, RenderWorld, named, pictured
from tests.fakes.renders import UNDRAWABLE

URL = "https://pictures.test/a.png"


@pytest.fixture
def world() -> RenderWorld:
    return RenderWorld()


def test_a_render_is_stored_remembered_and_charged(world: RenderWorld) -> None:
    outcome = world.render(named("Ada"))
    data, mime = world.fake_blobs.objects[outcome.key]
    assert (mime, len(data)) == ("image/png", outcome.size)
    assert outcome.key == f"img/t/{world.template.id}/{outcome.fields_hash}.png"
    assert (outcome.from_cache, outcome.credits_remaining) == (False, 99)
    assert (world.wallet.available, world.wallet.spent) == (99, 1)
    world.check_books()


def test_the_same_again_is_answered_with_the_admission_alone(world: RenderWorld) -> None:
    first = world.render(named("Ada"))
    world.calls.made.clear()
    again = world.render(named("Ada"))
    assert world.calls.made == ["accounts.admit"]
    assert (again.from_cache, again.key, again.size) == (True, first.key, first.size)
    assert again.credits_remaining == 99
    assert len(world.renderer.drawn) == 1


@pytest.mark.parametrize("change", ["payload", "ratio", "version"])
def test_another_content_is_another_render(world: RenderWorld, change: str) -> None:
    first = world.render(named("Ada"))
    if change == "version":
        world.save_template({**DOCUMENT, "canvas": {"width": 200, "height": 50}})
    other = world.render(named("Bob" if change == "payload" else "Ada"), 2 if change == "ratio" else 1)
    assert not other.from_cache
    assert other.key != first.key
    assert world.wallet.spent == 2
    assert world.fake_blobs.objects.keys() >= {first.key, other.key}


def test_a_test_key_gets_a_watermark_under_another_name() -> None:
    live, test = RenderWorld(), RenderWorld(livemode=False)
    outcomes = [world.render(named("Ada")) for world in (live, test)]
    assert outcomes[0].key != outcomes[1].key
    assert live.renderer.drawn[0].endswith("false]")
    assert test.renderer.drawn[0].endswith("true]")


def test_a_preview_costs_nothing_and_leaves_nothing_to_find() -> None:
    world = RenderWorld(credits=0)
    outcome = world.render(named("Ada"), preview=True)
    assert outcome.preview
    assert list(world.fake_blobs.objects) == [outcome.key]
    assert outcome.key.startswith(f"tmp/previews/{world.owner.workspace_id}/")
    assert not world.memory.rendered
    (job,) = world.job_of_kind(PREVIEW)
    assert job.moves_nothing
    assert [entry.id for _, entry in world.memory.entries.items() if entry.job_id] == []
    world.check_books()
    with pytest.raises(InsufficientCredits):
        world.render(named("Ada"))


def test_previews_of_all_keys_of_a_workspace_are_counted_together(world: RenderWorld) -> None:
    policy = RatePolicy("previews", 2, shared=True)
    wanted = KeyRequest("other", requests_per_minute=500)
    other = IssueKey(world.fake_store, world.ids, world.clock)(world.owner.workspace_id, wanted)[1]
    for token in (world.token, other):
        world.authenticate.count(world.authenticate(token, policy))
    for token in (world.token, other):
        with pytest.raises(RateLimited):
            world.authenticate(token, policy)
    world.authenticate(world.token, RatePolicy("previews", 2))


@pytest.mark.parametrize(
    ("page", "word"),
    [(None, "fetched"), (b"x" * (MAX_PICTURE_BYTES + 1), "10 MB"), (UNDRAWABLE, "decoded")],
)
def test_a_picture_that_cannot_be_used_is_named_and_nothing_charged(
    world: RenderWorld, page: bytes | None, word: str
) -> None:
    if page is not None:
        world.fetcher.pages[URL] = page
    with pytest.raises(InvalidParam, match=word) as refused:
        world.render(pictured("Ada", URL))
    assert refused.value.param == "payload.avatar.src"
    assert "payload.avatar.src" in refused.value.detail
    assert (world.wallet.available, world.wallet.held) == (100, 0)
    world.check_books()


def test_a_picture_of_the_template_is_named_as_such(world: RenderWorld) -> None:
    background = {"type": "image", "src": URL}
    world.save_template({**DOCUMENT, "canvas": {"width": 9, "height": 9, "background": background}})
    with pytest.raises(InvalidParam) as refused:
        world.render(named("Ada"))
    assert refused.value.param == "canvas.background.src"


def test_a_renderer_that_fails_is_asked_again_and_then_refunded(world: RenderWorld) -> None:
    world.renderer.fails = {"once": 1, "always": 100}
    assert not world.render(named("once")).from_cache
    with pytest.raises(GenerationFailed):
        world.render(named("always"))
    assert (world.wallet.available, world.wallet.spent, world.wallet.held) == (99, 1, 0)
    world.check_books()


def test_a_render_nobody_makes_is_given_up_and_refunded(world: RenderWorld) -> None:
    world.while_waiting = lambda: None  # type: ignore[method-assign]
    with pytest.raises(GenerationTimedOut):
        world.render(named("Ada"))
    assert world.wallet.available == 100
    world.work()  # what comes too late
    assert (world.wallet.spent, world.memory.rendered) == (0, {})
    world.check_books()


def test_a_huge_payload_is_refused_before_anything_is_written(world: RenderWorld) -> None:
    elements = [
        {"id": f"e{number}", "type": "text", "text": "", "x": 0, "y": 0, "width": 9, "height": 9}
        for number in range(40)
    ]
    world.save_template({"canvas": {"width": 9, "height": 9}, "elements": elements})
    with pytest.raises(InvalidParam, match="256 KB"):
        world.render({f"e{number}": {"text": "x" * 9_000} for number in range(40)})
    assert not world.memory.jobs


def test_rows_written_before_there_were_renders_are_still_read(world: RenderWorld) -> None:
    world.render(named("Ada"))
    (job,) = world.memory.jobs.values()
    document = job_to_document(job)
    assert job_from_document(document) == job
    for task in document["tasks"]:
        for name in ("facts", "free", "reason"):
            task.pop(name, None)
    old = job_from_document(document)
    assert (old.task_units, old.tasks[0].free, dict(old.tasks[0].facts)) == (1, False, {})
