"""What is asked of OpenAI for pictures, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from darkroom.domain.jobs.engine import Finished, Output, TaskRequest
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
from darkroom.domain.serialization import to_document
from darkroom_vendors.base import VendorRequest
from darkroom_vendors.openai import IMAGES, OpenAI, duration, edit_call, generation_call, refusal, size_of
from local.doubles import samples
from tests.harness.vendor_adapters import make_task_request, reply, walk

MODEL = "gpt-image-2"
PNG = samples.png(640, 480)
DONE = {"data": [{"b64_json": base64.b64encode(samples.png(1280, 720)).decode()}]}


@dataclass
class RecordedMasks:
    """Records what it was asked to cut out."""

    asked: list[tuple[bytes, int, int]] = field(default_factory=list)
    answer: bytes = b"\x89PNG cut out"

    def cut_out(self, mask: bytes, width: int, height: int) -> bytes:
        self.asked.append((mask, width, height))
        return self.answer

    def painted(self, mask: bytes, width: int, height: int) -> bytes:
        raise AssertionError("this vendor reads transparency")


def of_quality(given: TaskRequest, quality: str) -> TaskRequest:
    spec = replace(given.job.spec, quality=quality)
    return replace(given, job=replace(given.job, spec=spec))


def edit(masks: RecordedMasks | None = None, **given: Any) -> VendorRequest:
    edit = make_task_request(MODEL, **{"kind": "edit", "input_files": {"source": PNG}, **given})
    return edit_call(edit, IMAGES[MODEL], masks)


def made(said: Any, **headers: str) -> Finished:
    _, outcome = walk(OpenAI().start(make_task_request(MODEL), None), reply(200, said, **headers))
    assert isinstance(outcome, Finished)
    return outcome


def refused(status: int, code: str | None = None, message: str = "no", **headers: str) -> EngineError:
    return refusal(reply(status, {"error": {"message": message, "type": "t", "code": code}}, **headers))


def test_a_picture_of_words_is_one_call_that_commits() -> None:
    call = generation_call(make_task_request(MODEL), IMAGES[MODEL])
    assert (call.method, call.path, call.commits) == ("POST", "/images/generations", True)
    assert call.timeout_seconds == 150
    assert call.body == {
        "model": MODEL,
        "prompt": "a red kite",
        "n": 1,
        "size": "1280x720",
        "quality": "medium",
        "output_format": "png",
        "safety_identifier": hashlib.sha256(b"w").hexdigest(),
    }


@pytest.mark.parametrize(
    ("ratio", "settings", "asked"),
    [
        ("auto", {}, "auto"),
        ("1:1", {}, "1024x1024"),
        ("9:16", {"resolution": "2K"}, "1440x2560"),
        ("16:9", {"resolution": "4K"}, "3840x2160"),
        ("1:1", {"resolution": "4K"}, "2880x2880"),
        ("3:1", {}, "1728x576"),
        ("9:21", {"resolution": "4K"}, "1632x3808"),
        ("1:1", {"size": [1364, 768]}, "1280x720"),
        ("16:9", {"size": [5460, 2340]}, "3808x1632"),
        ("16:9", {"resolution": "720p"}, "1280x720"),
    ],
)
def test_any_shape_becomes_a_size_the_model_makes(ratio: str, settings: dict[str, Any], asked: str) -> None:
    size = size_of(make_task_request(MODEL, ratio=ratio, **settings), IMAGES[MODEL])
    assert size == asked
    if size != "auto":
        width, height = map(int, size.split("x"))
        assert width % 16 == height % 16 == 0
        assert 655_360 <= width * height <= 8_294_400
        assert max(width, height) <= 3840
        assert 1 / 3 <= width / height <= 3


@pytest.mark.parametrize(
    ("ratio", "asked"),
    [("1:1", "1024x1024"), ("16:9", "1536x1024"), ("4:5", "1024x1536"), ("9:16", "1024x1536")],
)
def test_a_model_not_known_to_make_any_size_is_asked_for_one_of_three(ratio: str, asked: str) -> None:
    model = IMAGES["gpt-image-2.6-flare"]
    assert size_of(make_task_request("gpt-image-2.6-flare", ratio=ratio), model) == asked
    text = make_task_request("gpt-image-2.6-flare", ratio=ratio, options={"any_size": True})
    assert size_of(text, model) == size_of(make_task_request(MODEL, ratio=ratio), IMAGES[MODEL])


def test_an_edit_that_leaves_the_shape_open_keeps_its_sources() -> None:
    wide = make_task_request(MODEL, kind="edit", ratio="auto", input_files={"source": samples.png(300, 200)})
    assert size_of(wide, IMAGES[MODEL]) == "1248x832"
    very_wide = make_task_request(
        MODEL, kind="edit", ratio="auto", input_files={"source": samples.png(2000, 200)}
    )
    assert size_of(very_wide, IMAGES[MODEL]) == size_of(make_task_request(MODEL, ratio="3:1"), IMAGES[MODEL])


@pytest.mark.parametrize(
    ("quality", "options", "model", "asked"),
    [
        ("fast", {}, MODEL, "low"),
        ("standard", {}, MODEL, "medium"),
        ("premium", {}, MODEL, "high"),
        ("premium", {"quality": "low"}, MODEL, "low"),
        ("standard", {"quality": "max"}, "gpt-image-2.5-flare", "max"),
        ("standard", {"quality": "max"}, MODEL, "auto"),
    ],
)
def test_quality_is_the_routes_or_the_requests_as_far_as_the_model_has_it(
    quality: str, options: dict[str, Any], model: str, asked: str
) -> None:
    edit = of_quality(make_task_request(model, options=options), quality)
    assert generation_call(edit, IMAGES[model]).body["quality"] == asked


def test_a_route_may_add_what_the_endpoint_knows_and_nothing_else() -> None:
    options = {"background": "opaque", "moderation": "low", "any_size": True, "style": "vivid"}
    body = generation_call(make_task_request(MODEL, options=options), IMAGES[MODEL]).body
    assert (body["background"], body["moderation"]) == ("opaque", "low")
    assert not {"style", "any_size", "response_format"} & body.keys()


def test_a_picture_to_edit_comes_first_and_the_others_after_it() -> None:
    jpeg = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x10\x00\x10" + b"\0" * 40
    call = edit(input_files={"ref": jpeg, "source": PNG, "ref.2": samples.png(8, 8)})
    assert (call.path, call.body, call.commits) == ("/images/edits", None, True)
    assert [(name, file[0], file[2]) for name, file in call.files] == [
        ("image[]", "image1.png", "image/png"),
        ("image[]", "image2.jpg", "image/jpeg"),
        ("image[]", "image3.png", "image/png"),
    ]
    assert call.files[0][1][1] == PNG
    assert call.fields["n"] == "1"
    assert all(isinstance(value, str) for value in call.fields.values())


def test_no_more_than_sixteen_pictures_are_sent() -> None:
    given = {"source": PNG, **{f"ref.{number}": samples.png(8, 8) for number in range(20)}}
    assert len(edit(input_files=given).files) == 16


def test_pictures_to_go_by_make_a_new_picture_an_edit() -> None:
    calls, _ = walk(
        OpenAI().start(make_task_request(MODEL, input_files={"ref": PNG}), None), reply(200, DONE)
    )
    assert calls[0].path == "/images/edits"


def test_a_mask_is_cut_out_at_the_size_of_the_picture_it_is_for() -> None:
    masks = RecordedMasks()
    call = edit(masks, input_files={"source": PNG, "mask": b"mask", "ref": samples.png(8, 8)})
    assert masks.asked == [(b"mask", 640, 480)]
    assert call.files[-1] == ("mask", ("mask.png", masks.answer, "image/png"))
    assert [name for name, _ in call.files] == ["image[]", "image[]", "mask"]


def test_a_mask_goes_to_another_route_where_nothing_can_cut_it_out() -> None:
    with pytest.raises(RouteFailed):
        edit(None, input_files={"source": PNG, "mask": b"mask"})


def test_a_mask_above_the_vendors_limit_is_refused() -> None:
    with pytest.raises(Rejected):
        edit(RecordedMasks(answer=b"\0" * 4 * 1024 * 1024), input_files={"source": PNG, "mask": b"mask"})


def test_a_reframe_asks_for_the_new_shape_of_the_picture() -> None:
    call = edit(kind="reframe", ratio="4:5")
    assert call.fields["size"] == "896x1120"
    assert "4:5" in call.fields["prompt"]


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (lambda: make_task_request("gpt-image-9"), Rejected),
        (lambda: make_task_request(MODEL, kind="upscale", input_files={"source": PNG}), Rejected),
        (lambda: make_task_request(MODEL, kind="edit"), Rejected),
        (lambda: make_task_request(MODEL, "", kind="edit", input_files={"source": PNG}), Rejected),
        (lambda: make_task_request(MODEL, kind="edit", input_files={"source": b"no picture"}), Rejected),
        (
            lambda: make_task_request(
                MODEL, kind="edit", input_files={"source": b"GIF89a\x08\0\x08\0" + b"\0" * 20}
            ),
            RouteFailed,
        ),
    ],
)
def test_an_order_that_cannot_be_mapped_sends_nothing(
    wrong: Callable[[], TaskRequest], kind: type[EngineError]
) -> None:
    with pytest.raises(kind):
        walk(OpenAI().start(wrong(), None), reply(200, DONE))


def test_the_bytes_come_back_untouched_with_what_they_cost() -> None:
    usage = {"input_tokens": 21, "output_tokens": 1056, "input_tokens_details": {"image_tokens": 6}}
    outcome = made({**DONE, "usage": usage, "size": "1280x720", "quality": "medium"}, x_request_id="req_1")
    assert outcome.output == Output(samples.png(1280, 720), "image/png", "16:9")
    assert to_document(outcome.facts) == {
        "request_id": "req_1",
        "input_tokens": 21,
        "input_image_tokens": 6,
        "output_tokens": 1056,
        "size": "1280x720",
        "quality": "medium",
    }


@pytest.mark.parametrize("said", [b"<html>proxy</html>", b"", b"[]", b'"words"'])
def test_an_answer_nobody_can_read_leaves_the_outcome_unknown(said: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        made(said)


@pytest.mark.parametrize(
    "said",
    [{}, {"data": []}, {"data": [{"url": "https://x"}]}, {"data": [{"b64_json": "%%"}]}, {"data": None}],
)
def test_an_answer_without_a_picture_is_the_end_of_this_route(said: Any) -> None:
    with pytest.raises(RouteFailed):
        made(said)


def test_a_blocked_prompt_is_told_by_its_code_with_stage_and_categories_but_not_its_words() -> None:
    details = {"moderation_stage": "output", "categories": ["violence", "self-harm"]}
    error = {
        "message": "about <the prompt>",
        "type": "image_generation_user_error",
        "code": "moderation_blocked",
    }
    found = refusal(reply(400, {"error": {**error, "moderation_details": details}}, x_request_id="req_9"))
    assert isinstance(found, Blocked)
    assert (found.code, found.request_id) == ("moderation_blocked", "req_9")
    assert "output" in str(found)
    assert "self-harm" in str(found)
    assert "the prompt" not in str(found)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid_value", Rejected),
        (400, None, Rejected),
        (400, "content_policy_violation", Blocked),
        (400, "billing_hard_limit_reached", AccountTrouble),
        (401, "invalid_api_key", AccountTrouble),
        (403, "unsupported_country_region_territory", AccountTrouble),
        (404, "model_not_found", ModelRetired),
        (404, None, ModelRetired),
        (408, None, RateLimitedByVendor),
        (409, None, RateLimitedByVendor),
        (413, None, Rejected),
        (429, "rate_limit_exceeded", RateLimitedByVendor),
        (429, "insufficient_quota", AccountTrouble),
        (500, "server_error", VendorUnavailable),
        (503, None, VendorUnavailable),
    ],
)
def test_each_refusal_is_one_decision(status: int, code: str | None, kind: type[EngineError]) -> None:
    assert type(refused(status, code)) is kind


@pytest.mark.parametrize(
    ("status", "should", "kind"),
    [
        (500, "false", RouteFailed),
        (429, "false", RouteFailed),
        (400, "true", VendorUnavailable),
        (503, "true", VendorUnavailable),
        (429, "true", RateLimitedByVendor),
    ],
)
def test_the_vendors_word_on_trying_again_is_heeded(
    status: int, should: str, kind: type[EngineError]
) -> None:
    assert type(refused(status, x_should_retry=should)) is kind


def test_a_blocked_prompt_and_an_empty_account_stay_what_they_are_whatever_is_said_of_trying_again() -> None:
    assert isinstance(refused(400, "moderation_blocked", x_should_retry="true"), Blocked)
    assert isinstance(refused(429, "insufficient_quota", x_should_retry="true"), AccountTrouble)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after_ms": "1500", "retry_after": "60"}, 2),
        ({"retry_after": "7"}, 7),
        ({"retry_after": "Fri, 20 Nov 2026 12:01:00 GMT"}, 60),
        ({"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "6m0s"}, 360),
        (
            {
                "x_ratelimit_remaining_requests": "0",
                "x_ratelimit_reset_requests": "1s",
                "x_ratelimit_remaining_tokens": "0",
                "x_ratelimit_reset_tokens": "20.5s",
            },
            21,
        ),
        ({"x_ratelimit_remaining_requests": "4", "x_ratelimit_reset_requests": "6m0s"}, 5),
        ({"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "24h0m0s"}, 900),
        ({"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "soon"}, 5),
        ({}, 5),
    ],
)
def test_how_long_to_wait_is_read_from_whatever_header_says_it(headers: dict[str, str], seconds: int) -> None:
    found = refused(429, "rate_limit_exceeded", **headers)
    assert isinstance(found, RateLimitedByVendor)
    assert found.retry_after == seconds


@pytest.mark.parametrize(
    ("text", "seconds"), [("6m0s", 360), ("1h2m3.5s", 3723.5), ("120ms", 0.12), ("", 0), ("-", 0)]
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert duration(text) == pytest.approx(seconds)


def test_an_error_page_is_judged_by_its_status() -> None:
    assert isinstance(refusal(reply(502, b"<html>Bad gateway</html>")), VendorUnavailable)
    assert isinstance(refusal(reply(400, b"<html>Bad request</html>")), Rejected)


def test_nothing_can_be_looked_up_or_called_off() -> None:
    with pytest.raises(RouteFailed):
        next(OpenAI().poll(make_task_request(MODEL), "handle"))
    assert list(OpenAI().cancel("handle")) == []
