"""What is asked of fal, and what its answers mean."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from darkroom.domain.jobs.engine import Download, Finished, Pending, TaskRequest
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
from darkroom.domain.media.sniffing import sniff
from darkroom.domain.serialization import to_document
from darkroom_graphics.masks import SkiaMasks
from darkroom_vendors.fal import MODELS, Fal
from darkroom_vendors.fal.endpoints import Pace, chosen, payload
from darkroom_vendors.fal.protocol import Addresses, addresses_of, handle_of
from local.doubles import fal as double
from local.doubles import samples
from tests.harness.vendor_adapters import CALLBACK, NOW, make_task_request, reply, walk, what_fits

PNG = samples.png(1200, 800)
REQUEST = "019f0000-0000-4000-8000-000000000001"
BASE = f"https://queue.fal.run/fal-ai/nano-banana/requests/{REQUEST}"
PLACED = {
    "request_id": REQUEST,
    "status": "IN_QUEUE",
    "queue_position": 0,
    "status_url": f"{BASE}/status",
    "response_url": BASE,
    "cancel_url": f"{BASE}/cancel",
}
DONE = {"status": "COMPLETED", "metrics": {"inference_time": 2.5}}
BANANA = "fal-ai/nano-banana"
OUTPAINT = "fal-ai/image-apps-v2/outpaint"
SEEDANCE = "fal-ai/bytedance/seedance/v1/pro/fast"


def asked(one: TaskRequest) -> dict[str, Any]:
    """The input of the endpoint an order leads to."""
    return payload(one, chosen(one)[1])


def ended(result: Any, status: int = 200, **headers: str) -> tuple[Any, Any]:
    """Look up an ended request whose result is this."""
    return walk(
        Fal().poll(make_task_request(BANANA), BASE), reply(200, DONE), reply(status, result, **headers)
    )


# ---------------------------------------------------------------- what is asked

RICH = {"source": PNG, "ref": PNG, "ref.2": PNG, "ref.3": PNG, "ref.4": PNG}
KINDS = {"images": "image", "image": "image", "video": "video", "audio": "music"}
WISHES: list[dict[str, Any]] = [
    {},
    {"ratio": "auto"},
    {"ratio": "9:21", "seconds": 1, "resolution": "4K", "factor": 2},
    {"ratio": "9:1"},
    {"ratio": "1:3", "seconds": 7, "resolution": "1080p"},
    {"ratio": "2:1", "seconds": 240, "resolution": "480p", "size": [4096, 2048], "instrumental": True},
    {"prompt": "long words " * 900, "seconds": 8.6, "resolution": "720p", "size": [300, 100]},
]


@pytest.mark.parametrize(
    ("endpoint", "wish"),
    [
        (endpoint, wish)
        for endpoint in MODELS
        for wish in WISHES
        if endpoint != OUTPAINT or wish.get("ratio") not in ("9:21", "1:3", "9:1")
    ],
)
def test_every_endpoint_is_sent_only_what_its_schema_allows(endpoint: str, wish: dict[str, Any]) -> None:
    schema = double.SCHEMAS[endpoint]
    input_files: dict[str, bytes] = {}
    if {"image_url", "image_urls"} & {*schema.required}:
        input_files = {**RICH}
    if {"mask_url", "mask_image_url"} & {*schema.required}:
        input_files["mask"] = PNG
    if "audio_url" in schema.required:
        input_files["audio"] = b"voice"
    given = {"style": "an upbeat march", **wish} if "lyrics_prompt" in schema.required else wish
    kind = KINDS[schema.makes]
    fitting = what_fits(kind, {"prompt": "a red kite", **given})
    one = make_task_request(endpoint, kind=kind, **fitting, input_files=input_files)
    name, known = chosen(one)
    assert name == endpoint
    assert double._wrong(schema, json.loads(json.dumps(payload(one, known)))) == []


def test_the_doubles_endpoints_and_ours_are_the_same() -> None:
    assert {*double.SCHEMAS} == {*MODELS}


def test_a_picture_from_words() -> None:
    assert asked(make_task_request("fal-ai/qwen-image", size=[1024, 576])) == {
        "prompt": "a red kite",
        "image_size": {"width": 1024, "height": 576},
        "num_images": 1,
        "output_format": "png",
        "enable_safety_checker": True,
    }


def test_an_edit_keeps_the_sources_shape_unless_told_otherwise() -> None:
    edit = make_task_request("fal-ai/qwen-image-edit", kind="edit", ratio="auto", input_files={"source": PNG})
    assert "image_size" not in asked(edit)
    assert asked(edit)["image_url"] == "https://media.example/source"
    redrawn = make_task_request("fal-ai/qwen-image/image-to-image", ratio="auto", input_files={"source": PNG})
    assert asked(redrawn)["image_size"] == {"width": 1200, "height": 800}, (
        "its default would be another shape"
    )


def test_more_pixels_than_the_endpoint_makes_are_scaled_down_in_shape() -> None:
    size = asked(make_task_request("fal-ai/z-image/turbo", size=[4096, 2048]))["image_size"]
    assert size["width"] * size["height"] <= 2048 * 2048
    assert size["width"] / size["height"] == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize(
    ("endpoint", "requested", "sent"),
    [
        (f"{SEEDANCE}/text-to-video", 5, "5"),
        (f"{SEEDANCE}/text-to-video", 60, "12"),
        ("wan/v2.6/text-to-video", 12, "10"),
        ("fal-ai/veo3.1", 5, "4s"),
        ("fal-ai/veo3.1/fast", 8, "8s"),
        ("xai/grok-imagine-video/text-to-video", 3, 3),
    ],
)
def test_lengths_are_the_nearest_offered_in_the_endpoints_own_type(
    endpoint: str, requested: int, sent: str | int
) -> None:
    duration = asked(make_task_request(endpoint, kind="video", seconds=requested))["duration"]
    assert (duration, type(duration)) == (sent, type(sent))


def test_films_cost_what_was_sold() -> None:
    assert asked(make_task_request("wan/v2.6/text-to-video", kind="video"))["resolution"] == "720p"
    assert (
        asked(make_task_request("wan/v2.6/text-to-video", kind="video", resolution="1080p"))["resolution"]
        == "1080p"
    )
    animated = make_task_request("fal-ai/ltx-2/image-to-video", kind="video", input_files={"source": PNG})
    assert asked(animated)["resolution"] == "1080p"


def test_a_route_adds_to_the_input_and_the_order_has_the_last_word() -> None:
    extra = {"generate_audio": False, "resolution": "1080p"}
    assert asked(make_task_request("fal-ai/veo3.1", kind="video", options=extra))["generate_audio"] is False
    assert asked(make_task_request("fal-ai/veo3.1", kind="video", options=extra))["resolution"] == "1080p"
    assert (
        asked(make_task_request("fal-ai/veo3.1", kind="video", options=extra, resolution="720p"))[
            "resolution"
        ]
        == "720p"
    )


def test_a_long_prompt_is_cut_after_a_word_where_the_endpoint_has_a_limit() -> None:
    long = "kite " * 300
    assert asked(make_task_request("wan/v2.6/text-to-video", long, kind="video"))["prompt"].endswith("kite")
    assert len(asked(make_task_request("wan/v2.6/text-to-video", long, kind="video"))["prompt"]) <= 800
    assert len(asked(make_task_request("fal-ai/veo3.1", long, kind="video"))["prompt"]) > 800
    assert len(asked(make_task_request("wan/v2.6/text-to-video", "k" * 900, kind="video"))["prompt"]) == 800


@pytest.mark.parametrize(
    ("endpoint", "input_files", "name"),
    [
        (BANANA, {}, BANANA),
        (BANANA, {"ref": PNG}, f"{BANANA}/edit"),
        ("fal-ai/qwen-image", {"source": PNG, "mask": PNG}, "fal-ai/qwen-image-edit/inpaint"),
        ("fal-ai/veo3.1/fast", {"source": PNG}, "fal-ai/veo3.1/fast/image-to-video"),
        (f"{SEEDANCE}/text-to-video", {"source": PNG}, f"{SEEDANCE}/image-to-video"),
        ("fal-ai/seedvr/upscale/image", {"source": PNG}, "fal-ai/seedvr/upscale/image"),
    ],
)
def test_what_comes_along_picks_the_endpoint(endpoint: str, input_files: dict[str, bytes], name: str) -> None:
    assert chosen(make_task_request(endpoint, input_files=input_files))[0] == name


def test_the_picture_that_is_edited_comes_first_and_no_more_than_fit() -> None:
    one = make_task_request(
        "xai/grok-imagine-image/edit", input_files={"ref": PNG, "ref.2": PNG, "ref.3": PNG, "source": PNG}
    )
    names = [url.rpartition("/")[2] for url in asked(one)["image_urls"]]
    assert names == ["source", "ref", "ref.2"]


def test_an_upscale_says_by_how_much() -> None:
    body = asked(
        make_task_request(
            "fal-ai/seedvr/upscale/image", "", kind="upscale", input_files={"source": PNG}, factor=2
        )
    )
    assert body == {
        "image_url": "https://media.example/source",
        "upscale_mode": "factor",
        "upscale_factor": 2,
        "output_format": "png",
    }


def test_an_outpainting_adds_exactly_what_the_ratio_needs() -> None:
    body = asked(make_task_request(OUTPAINT, "", kind="reframe", ratio="1:1", input_files={"source": PNG}))
    sides = [body[f"expand_{side}"] for side in ("left", "right", "top", "bottom")]
    assert sides == [0, 0, 200, 200]
    assert body["zoom_out_percentage"] == 0, "its default zooms out"
    with pytest.raises(RouteFailed):
        asked(make_task_request(OUTPAINT, kind="reframe", ratio="9:21", input_files={"source": PNG}))


def test_music_is_described_or_sung() -> None:
    assert asked(make_task_request("fal-ai/elevenlabs/music", "a march", kind="music", seconds=120)) == {
        "prompt": "a march",
        "music_length_ms": 120_000,
        "force_instrumental": False,
    }
    sung = make_task_request(
        "fal-ai/minimax-music/v2", "oh red kite of mine", kind="music", style="slow folk ballad"
    )
    assert asked(sung) == {"prompt": "slow folk ballad", "lyrics_prompt": "oh red kite of mine"}
    with pytest.raises(RouteFailed):
        asked(make_task_request("fal-ai/minimax-music/v2", "oh red kite of mine", kind="music"))


def test_an_order_the_endpoint_cannot_take_is_refused_before_anything_is_sent() -> None:
    for one in (
        make_task_request("fal-ai/unheard-of"),
        make_task_request("fal-ai/qwen-image-edit"),
        make_task_request("fal-ai/nano-banana/edit"),
        make_task_request(OUTPAINT, input_files={"source": b"words"}),
        make_task_request("veed/fabric-1.0", input_files={"source": PNG}),
        make_task_request(BANANA, input_files={"source": PNG, "mask": PNG}),
    ):
        with pytest.raises(Rejected):
            next(Fal().start(one, None))


def test_a_mask_goes_along_as_white_in_the_pictures_size() -> None:
    one = make_task_request(
        "fal-ai/qwen-image-edit", input_files={"source": PNG, "mask": samples.png(8, 8, 255)}
    )
    (call, *_), _ = walk(Fal(SkiaMasks()).start(one, None), reply(200, PLACED))
    assert call.path == "/fal-ai/qwen-image-edit/inpaint"
    kind, _, data = call.body["mask_url"].partition(",")
    assert kind == "data:image/png;base64"
    media = sniff(base64.b64decode(data))
    assert media is not None
    assert (media.width, media.height) == (1200, 800)


def test_what_a_route_cannot_work_with_is_for_another_route() -> None:
    masked = make_task_request("fal-ai/qwen-image-edit/inpaint", input_files={"source": PNG, "mask": PNG})
    with pytest.raises(RouteFailed):
        next(Fal().start(masked, None))
    with pytest.raises(RouteFailed):
        asked(make_task_request("fal-ai/recraft/upscale/crisp", input_files={"source": b"\xff\xd8\xff jpeg"}))


def test_a_mask_that_is_too_detailed_for_a_request_is_for_another_route() -> None:
    class Detailed:
        def painted(self, mask: bytes, width: int, height: int) -> bytes:
            return bytes(200_000)

        cut_out = painted

    masked = make_task_request("fal-ai/qwen-image-edit/inpaint", input_files={"source": PNG, "mask": PNG})
    with pytest.raises(RouteFailed):
        next(Fal(Detailed()).start(masked, None))
    unreadable = make_task_request(
        "fal-ai/qwen-image-edit/inpaint", input_files={"source": b"words", "mask": PNG}
    )
    with pytest.raises(Rejected):
        next(Fal(Detailed()).start(unreadable, None))


# ---------------------------------------------------------------- the queue


def test_a_submission_names_the_callback_and_keeps_nothing_there() -> None:
    calls, outcome = walk(Fal().start(make_task_request(BANANA), CALLBACK), reply(200, PLACED))
    call = calls[0]
    assert call.path == f"/{BANANA}?fal_webhook=https%3A%2F%2Fdarkroom.example%2Fcallbacks%2Fvendor%2Ftoken"
    assert call.commits
    assert call.headers["X-Fal-Store-IO"] == "0"
    assert json.loads(call.headers["X-Fal-Object-Lifecycle-Preference"]) == {
        "expiration_duration_seconds": 86400
    }
    assert int(call.headers["X-Fal-Request-Timeout"]) >= 60
    assert isinstance(outcome, Pending)
    assert outcome.handle == BASE
    assert to_document(outcome.facts) == {"request_id": REQUEST}
    assert (outcome.poll_at - NOW).total_seconds() == Pace.STILL.value[0]


def test_without_a_callback_none_is_named() -> None:
    calls, _ = walk(Fal().start(make_task_request(BANANA), None), reply(200, PLACED))
    assert calls[0].path == f"/{BANANA}"


def test_addresses_of_another_shape_are_stored_as_they_are() -> None:
    odd = Addresses("https://queue.fal.run/a", "https://queue.fal.run/b", "https://queue.fal.run/c")
    assert addresses_of(handle_of(odd), BANANA) == odd
    assert addresses_of(BASE, BANANA) == Addresses(f"{BASE}/status", BASE, f"{BASE}/cancel")


def test_a_request_known_by_a_callback_only_is_found_at_its_application() -> None:
    calls, going = walk(
        Fal().poll(make_task_request("fal-ai/seedvr/upscale/image"), REQUEST),
        reply(202, {"status": "IN_QUEUE"}),
    )
    assert calls[0].path == f"/fal-ai/seedvr/requests/{REQUEST}/status?logs=0"
    assert isinstance(going, Pending)
    assert going.handle == f"/fal-ai/seedvr/requests/{REQUEST}", "so that it can be canceled"


@pytest.mark.parametrize("status", ["IN_QUEUE", "IN_PROGRESS", "SOMETHING_NEW"])
def test_a_request_that_is_not_done_is_looked_at_again(status: str) -> None:
    calls, outcome = walk(Fal().poll(make_task_request(BANANA), BASE), reply(202, {"status": status}))
    assert calls[0].path == f"{BASE}/status?logs=0"
    assert isinstance(outcome, Pending)
    assert outcome.handle == BASE


def test_a_result_asked_for_too_early_is_waited_for() -> None:
    _, outcome = ended({"detail": "Request is still in progress"}, 400)
    assert isinstance(outcome, Pending)


@pytest.mark.parametrize(
    "result",
    [
        {"images": [{"url": "https://v3.fal.media/x", "width": 1280, "height": 720}]},
        {"image": {"url": "https://v3.fal.media/x"}},
        {"video": {"url": "https://v3.fal.media/x", "content_type": "video/mp4"}, "seed": 3},
        {"audio": {"url": "https://v3.fal.media/x"}},
        {"audio": "https://v3.fal.media/x"},
    ],
)
def test_whatever_is_made_is_fetched_from_the_vendors_own_hosts(result: dict[str, Any]) -> None:
    _, outcome = ended(result, 200, x_fal_billable_units="1.5", x_fal_request_id=REQUEST)
    assert isinstance(outcome, Finished)
    assert outcome.output == Download("https://v3.fal.media/x", hosts=("fal.media",), aspect_ratio="16:9")
    assert to_document(outcome.facts) == {
        "request_id": REQUEST,
        "billable_units": 1.5,
        "inference_seconds": 2.5,
    }


def test_the_shape_the_vendor_measured_counts_more_than_the_one_asked_for() -> None:
    _, outcome = ended({"images": [{"url": "https://v3.fal.media/x", "width": 832, "height": 1248}]})
    assert isinstance(outcome, Finished)
    assert outcome.output.aspect_ratio == "2:3"


@pytest.mark.parametrize("flags", [[True], [False, True], True])
def test_a_blackened_picture_was_blocked(flags: Any) -> None:
    with pytest.raises(Blocked):
        ended({"images": [{"url": "https://v3.fal.media/x"}], "has_nsfw_concepts": flags})


def test_a_picture_that_was_checked_and_passed_is_delivered() -> None:
    _, outcome = ended({"images": [{"url": "https://v3.fal.media/x"}], "has_nsfw_concepts": [False]})
    assert isinstance(outcome, Finished)


def test_a_result_without_a_file_is_broken() -> None:
    with pytest.raises(RouteFailed):
        ended({"images": []})


def model_error(kind: str) -> dict[str, Any]:
    return {"detail": [{"loc": ["body", "prompt"], "msg": "so it is", "type": kind}]}


@pytest.mark.parametrize(
    ("status", "body", "headers", "meaning"),
    [
        (422, model_error("content_policy_violation"), {}, Blocked),
        (422, {"detail": "The prompt was flagged by the safety checker"}, {}, Blocked),
        (422, model_error("image_too_small"), {}, Rejected),
        (422, model_error("no_media_generated"), {}, Rejected),
        (422, model_error("missing"), {}, Rejected),
        (422, model_error("file_download_error"), {"x_fal_retryable": "true"}, RouteFailed),
        (422, model_error("downstream_service_error"), {}, RouteFailed),
        (504, model_error("generation_timeout"), {}, RouteFailed),
        (500, model_error("internal_server_error"), {"x_fal_retryable": "true"}, RouteFailed),
        (503, {"detail": "gone", "error_type": "runner_disconnected"}, {}, RouteFailed),
        (504, {"detail": "late", "error_type": "startup_timeout"}, {}, RouteFailed),
        (429, {"detail": "upstream limit"}, {}, RouteFailed),
        (403, {"detail": "User is locked. Reason: Exhausted balance."}, {}, RouteFailed),
        (401, {"detail": "Cannot access application"}, {}, AccountTrouble),
        (404, {"detail": "Path /edit not found"}, {}, ModelRetired),
        (404, {"detail": "Request not found"}, {}, RouteFailed),
        (502, b"<html>bad gateway</html>", {}, VendorUnavailable),
    ],
)
def test_a_completed_request_whose_result_is_a_refusal(
    status: int, body: Any, headers: dict[str, str], meaning: type[EngineError]
) -> None:
    with pytest.raises(EngineError) as refused:
        ended(body, status, **headers)
    assert type(refused.value) is meaning


@pytest.mark.parametrize(
    ("status", "body", "headers", "meaning"),
    [
        (401, {"detail": "Cannot access application"}, {}, AccountTrouble),
        (403, {"detail": "User is locked. Reason: Exhausted balance."}, {}, AccountTrouble),
        (404, {"detail": "Application 'sora-2' not found"}, {}, ModelRetired),
        (422, model_error("literal_error"), {}, Rejected),
        (422, model_error("content_policy_violation"), {"x_fal_retryable": "true"}, Blocked),
        (429, {"detail": "Too many requests"}, {"retry_after": "7"}, RateLimitedByVendor),
        (503, {"detail": "no", "error_type": "runner_scheduling_failure"}, {}, VendorUnavailable),
        (500, {"detail": "never again"}, {"x_fal_retryable": "false"}, RouteFailed),
        (400, {"detail": "try again"}, {"x_fal_needs_retry": "1"}, VendorUnavailable),
        (502, b"<html>bad gateway</html>", {}, VendorUnavailable),
    ],
)
def test_a_refused_submission(
    status: int, body: Any, headers: dict[str, str], meaning: type[EngineError]
) -> None:
    with pytest.raises(EngineError) as refused:
        walk(Fal().start(make_task_request(BANANA), None), reply(status, body, **headers))
    assert type(refused.value) is meaning
    if isinstance(refused.value, RateLimitedByVendor) and "retry_after" in headers:
        assert refused.value.retry_after == 7


def test_a_refusal_carries_the_vendors_own_word_and_id() -> None:
    with pytest.raises(Blocked) as blocked:
        ended(model_error("content_policy_violation"), 422, x_fal_request_id=REQUEST)
    assert (blocked.value.code, blocked.value.request_id) == ("content_policy_violation", REQUEST)


@pytest.mark.parametrize("body", [b"<html>proxy</html>", {"request_id": REQUEST}, [], {"status_url": 3}])
def test_a_garbled_answer_to_a_submission_is_unknown(body: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        walk(Fal().start(make_task_request(BANANA), None), reply(200, body))


def test_a_garbled_look_is_looked_at_again() -> None:
    with pytest.raises(VendorUnavailable):
        walk(Fal().poll(make_task_request(BANANA), BASE), reply(200, b"<html>proxy</html>"))
    with pytest.raises(VendorUnavailable):
        ended(b"<html>proxy</html>")


def test_a_limit_on_looks_is_waited_for() -> None:
    with pytest.raises(RateLimitedByVendor) as limited:
        walk(Fal().poll(make_task_request(BANANA), BASE), reply(429, {"detail": "slower"}, retry_after="30"))
    assert limited.value.retry_after == 30
    with pytest.raises(AccountTrouble):
        walk(Fal().cancel(BASE), reply(401, {"detail": "Cannot access application"}))


def test_units_that_are_no_number_are_told_as_they_are() -> None:
    _, outcome = ended({"image": {"url": "https://v3.fal.media/x"}}, 200, x_fal_billable_units="two")
    assert isinstance(outcome, Finished)
    assert outcome.facts.figures["billable_units"] == "two"


def test_a_request_that_is_gone_is_not_taken_for_a_retired_model() -> None:
    with pytest.raises(RouteFailed):
        walk(Fal().poll(make_task_request(BANANA), BASE), reply(404, {"detail": "Request not found"}))
    with pytest.raises(RouteFailed):
        walk(Fal().poll(make_task_request(BANANA), BASE), reply(200, {"status": "CANCELED"}))


@pytest.mark.parametrize("status", [202, 400, 404])
def test_canceling_is_done_whether_or_not_there_is_anything_left(status: int) -> None:
    calls, _ = walk(Fal().cancel(BASE), reply(status, {"status": "ALREADY_COMPLETED"}))
    assert (calls[0].method, calls[0].path) == ("PUT", f"{BASE}/cancel")


def test_a_request_known_by_a_callback_only_has_nowhere_to_be_canceled() -> None:
    assert list(Fal().cancel(REQUEST)) == []
