"""What is asked of xAI, and what its answers mean."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.jobs.engine import Download, Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom_vendors.xai import MODELS, XAI, film_request, image_call, refusal
from local.doubles import samples
from tests.harness.vendor_adapters import NOW, make_task_request, reply, walk

GROK, NEWER, FILM = "grok-imagine-image", "grok-imagine-image-2.0", "grok-imagine-video"
PNG = samples.png(1600, 900)
B64 = base64.b64encode(PNG).decode()


def images(model: str = GROK, **given: Any) -> Any:
    return image_call(make_task_request(model, **given), MODELS[model])  # type: ignore[arg-type]


def films(model: str = FILM, **given: Any) -> Any:
    return film_request(make_task_request(model, kind="video", **given), MODELS[model])  # type: ignore[arg-type]


def made(said: Any) -> Finished:
    _, outcome = walk(XAI().start(make_task_request(GROK), None), reply(200, said, x_request_id="r1"))
    assert isinstance(outcome, Finished)
    return outcome


def looked_up(said: Any, status: int = 200) -> Finished | Pending:
    _, outcome = walk(XAI().poll(make_task_request(FILM, kind="video"), "film-1"), reply(status, said))
    return outcome


def test_a_picture_is_asked_for_inline_and_without_size_or_style() -> None:
    call = images()
    assert (call.path, call.commits) == ("/images/generations", True)
    assert call.body == {
        "model": GROK,
        "prompt": "a red kite",
        "n": 1,
        "aspect_ratio": "16:9",
        "resolution": "1k",
        "response_format": "b64_json",
    }


@pytest.mark.parametrize(
    ("model", "requested", "asked"),
    [
        (GROK, "auto", None),
        (GROK, "21:9", "20:9"),
        (NEWER, "21:9", "21:9"),
        (GROK, "1:3", "9:20"),
        (GROK, "4:5", "3:4"),
    ],
)
def test_a_ratio_becomes_the_nearest_the_model_knows(model: str, requested: str, asked: str | None) -> None:
    assert images(model, ratio=requested).body.get("aspect_ratio") == asked


@pytest.mark.parametrize(("requested", "asked"), [("1K", "1k"), ("2K", "2k"), ("4K", "2k"), ("720p", "1k")])
def test_a_resolution_becomes_one_of_two(requested: str, asked: str) -> None:
    assert images(resolution=requested).body["resolution"] == asked


def test_only_the_newer_model_is_told_a_quality() -> None:
    assert images(NEWER).body["quality"] == "medium"
    assert images(NEWER, options={"quality": "low"}).body["quality"] == "low"


def test_one_picture_and_several_have_different_fields() -> None:
    one = images(kind="edit", input_files={"source": PNG})
    assert one.path == "/images/edits"
    assert one.body["image"] == {"type": "image_url", "url": "https://media.example/source"}
    several = images(kind="edit", input_files={"ref": PNG, "source": PNG})
    assert "image" not in several.body
    assert [picture["url"] for picture in several.body["images"]] == [
        "https://media.example/source",
        "https://media.example/ref",
    ], "what is edited comes first"


def test_no_more_pictures_are_sent_than_the_model_takes() -> None:
    given = {"source": PNG, **{f"ref.{number}": PNG for number in range(8)}}
    assert len(images(kind="edit", input_files=given).body["images"]) == 3
    assert len(images(NEWER, kind="edit", input_files=given).body["images"]) == 5


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: make_task_request("grok-imagine-image-9"),
        lambda: make_task_request(GROK, kind="edit"),
        lambda: make_task_request(GROK, kind="edit", input_files={"source": PNG, "mask": PNG}),
        lambda: make_task_request(GROK, "", kind="edit", input_files={"source": PNG}),
        lambda: make_task_request(GROK, kind="reframe", input_files={"source": PNG}),
        lambda: make_task_request(GROK, kind="video"),
        lambda: make_task_request(FILM),
        lambda: make_task_request(FILM, "", kind="video"),
        lambda: make_task_request(FILM, kind="video", input_files={"source": PNG, "audio": b"ID3"}),
    ],
)
def test_an_order_that_cannot_be_mapped_sends_nothing(wrong: Callable[[], TaskRequest]) -> None:
    with pytest.raises(Rejected):
        walk(XAI().start(wrong(), None), reply(200, {}))


def test_a_film_is_always_told_its_length_and_resolution() -> None:
    assert films(ratio="auto") == {"model": FILM, "prompt": "a red kite", "duration": 6, "resolution": "720p"}


@pytest.mark.parametrize(
    ("model", "settings", "seconds", "resolution"),
    [
        (FILM, {"seconds": 15, "resolution": "480p"}, 15, "480p"),
        (FILM, {"seconds": 40, "resolution": "1080p"}, 15, "720p"),
        (FILM, {"seconds": 0.2}, 1, "720p"),
        ("grok-imagine-video-1.5", {"resolution": "1080p"}, 6, "1080p"),
        ("grok-imagine-video-1.5-lite", {"resolution": "1080p"}, 6, "720p"),
    ],
)
def test_a_film_is_as_long_and_as_sharp_as_the_model_makes_it(
    model: str, settings: dict[str, Any], seconds: int, resolution: str
) -> None:
    body = films(model, **settings)
    assert (body["duration"], body["resolution"]) == (seconds, resolution)


def test_a_film_of_a_picture_is_given_its_address() -> None:
    assert films(input_files={"source": PNG})["image"] == {"url": "https://media.example/source"}


def test_a_film_of_references_is_given_as_many_as_the_model_takes() -> None:
    given = {"ref": PNG, "ref.2": PNG, "logo": PNG}
    urls = [{"url": f"https://media.example/{role}"} for role in given]
    body = films("grok-imagine-video-1.5", input_files=given)
    assert body["reference_images"] == urls
    assert "image" not in body
    assert "reference_images" not in films(input_files=given), "this model takes none"
    started = films("grok-imagine-video-1.5", input_files={"logo": PNG, "source": PNG})
    assert started["image"] == {"url": "https://media.example/source"}
    assert "reference_images" not in started


def test_a_long_prompt_is_cut_at_a_whole_character() -> None:
    prompt = films(prompt="ä" * 4000)["prompt"]
    assert prompt == "ä" * 2048
    assert len(films(prompt="a" + "ä" * 4000)["prompt"].encode()) == 4095


@pytest.mark.parametrize("head", ["", "data:image/png;base64,"])
def test_a_picture_comes_back_untouched_with_what_it_cost(head: str) -> None:
    said = {"data": [{"b64_json": head + B64}], "usage": {"cost_in_usd_ticks": 2}, "respect_moderation": True}
    outcome = made(said)
    assert outcome.output == Output(PNG, "image/png", "16:9")
    assert outcome.facts == VendorFacts(request_id="r1", figures={"cost_in_usd_ticks": 2})


def test_a_picture_that_comes_as_an_address_is_to_be_fetched() -> None:
    assert made({"data": [{"url": "https://imgen.x.ai/1.png"}]}).output == Download(
        "https://imgen.x.ai/1.png"
    )


@pytest.mark.parametrize(
    "said",
    [
        {"data": [{"b64_json": B64}], "respect_moderation": False},
        {"data": [{"b64_json": B64, "respect_moderation": False}]},
        {"data": [{"url": "", "respect_moderation": False}]},
        {"data": [{"url": ""}]},
    ],
)
def test_a_picture_that_was_withheld_is_blocked(said: dict[str, Any]) -> None:
    with pytest.raises(Blocked):
        made(said)


@pytest.mark.parametrize("said", [{}, {"data": []}, {"data": [{}]}, {"data": [{"b64_json": "%"}]}])
def test_an_answer_without_a_picture_is_the_end_of_this_route(said: dict[str, Any]) -> None:
    with pytest.raises(RouteFailed):
        made(said)


def test_a_film_that_was_begun_is_looked_up_by_its_request_id() -> None:
    calls, begun = walk(
        XAI().start(make_task_request(FILM, kind="video"), None),
        reply(200, {"request_id": "film-1"}, x_request_id="r1"),
    )
    assert calls[0].commits
    facts = VendorFacts(request_id="r1", figures={"video_id": "film-1"})
    assert begun == Pending("film-1", NOW + timedelta(seconds=5), facts)


@pytest.mark.parametrize("said", [b"<html>", {}, {"request_id": ""}, {"request_id": 7}, []])
def test_a_begun_film_without_a_name_is_unknown(said: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        walk(XAI().start(make_task_request(FILM, kind="video"), None), reply(200, said))


@pytest.mark.parametrize("status", [200, 202])
def test_a_film_that_is_not_done_is_asked_for_again(status: int) -> None:
    found = looked_up({"status": "pending", "progress": 30}, status)
    assert isinstance(found, Pending)
    assert found.handle == "film-1"


def test_a_film_that_is_done_is_to_be_fetched() -> None:
    video = {"url": "https://vidgen.x.ai/1.mp4", "respect_moderation": True}
    found = looked_up({"status": "done", "video": video, "usage": {"cost_in_usd_ticks": 42}})
    assert found == Finished(
        Download("https://vidgen.x.ai/1.mp4", aspect_ratio="16:9"),
        VendorFacts(figures={"cost_in_usd_ticks": 42}),
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"status": "done", "video": {"url": "https://x", "respect_moderation": False}}, Blocked),
        ({"status": "done", "video": {"url": ""}}, Blocked),
        ({"status": "done"}, Blocked),
        ({"status": "failed", "error": {"code": "content_moderation", "message": "no"}}, Blocked),
        ({"status": "failed", "error": {"code": "x", "message": "violates usage guidelines"}}, Blocked),
        ({"status": "failed", "error": {"code": "internal", "message": "oops"}}, RouteFailed),
        ({"status": "failed"}, RouteFailed),
        ({"status": "expired"}, RouteFailed),
    ],
)
def test_how_a_film_may_end_without_one(said: dict[str, Any], kind: type[EngineError]) -> None:
    with pytest.raises(kind):
        looked_up(said)


def test_a_film_nobody_knows_any_more_is_broken_and_not_the_models_end() -> None:
    with pytest.raises(RouteFailed):
        looked_up({"error": "not found"}, 404)


@pytest.mark.parametrize("shape", ["flat", "nested"])
@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "Invalid aspect_ratio", Rejected),
        (400, "Incorrect API key provided: xa***", AccountTrouble),
        (400, "The model grok-1 does not exist", ModelRetired),
        (400, "Generated image rejected by content moderation.", Blocked),
        (401, "No API key", AccountTrouble),
        (403, "The team is blocked", AccountTrouble),
        (403, "Content violates usage guidelines.", Blocked),
        (403, "Your team has used all available credits", AccountTrouble),
        (404, "The model grok-1 was not found", ModelRetired),
        (415, "Expected JSON", Rejected),
        (422, "field violates its format", Rejected),
        (429, "Too many requests", RateLimitedByVendor),
        (429, "monthly spending limit reached", AccountTrouble),
        (500, "oops", VendorUnavailable),
        (503, "safety service is down", VendorUnavailable),
    ],
)
def test_each_refusal_is_one_decision_in_either_shape(
    shape: str, status: int, message: str, kind: type[EngineError]
) -> None:
    flat = {"error": message, "code": "some"}
    found = refusal(
        reply(status, flat if shape == "flat" else {"error": {"message": message, "code": "some"}})
    )
    assert type(found) is kind
    assert found.code == "some"


def test_an_error_page_is_judged_by_its_status() -> None:
    assert isinstance(refusal(reply(502, b"<html>")), VendorUnavailable)
    assert isinstance(refusal(reply(400, b"<html>")), Rejected)


def test_a_film_cannot_be_called_off() -> None:
    assert list(XAI().cancel("film-1")) == []
