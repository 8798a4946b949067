"""Whatever is sent: a documented refusal that names the field, and nothing charged, stored or queued."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.functions.api_agent.client import MINIMAL, PHOTO, Client

DEEP = "[" * 100_000 + "]" * 100_000

BODIES: dict[str, str | bytes] = {
    "nothing": "",
    "blank": " \n",
    "an array": "[]",
    "a string": '"x"',
    "null": "null",
    "NaN": '{"request_id": "x", "units": {"count": NaN}}',
    "an integer beyond Python": '{"request_id": "x", "units": {"count": ' + "9" * 5000 + "}}",
    "deep nesting": DEEP,
    "deep nesting in a member": '{"request_id": "x", "units": ' + DEEP + "}",
    "a lone surrogate": '{"request_id": "\\ud800"}',
    "a NUL": '{"request_id": "a\\u0000b"}',
    "a NUL in the prompt": '{"request_id": "x", "prompt": "\\u0000"}',
    "a form": "model=z-image",
    "trailing text": '{"request_id": "x"} {}',
    "bytes that are no text": b"\xff\xfe\x00\xff",
}

IMAGE, VIDEO, TALK = {"model": "z-image"}, {"model": "veo3_fast"}, {"model": "V5"}
FIELDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "model missing": ({"model": None}, "missing_param", "model"),
    "model of a number": ({"model": 3}, "invalid_param", "model"),
    "model empty": ({"model": ""}, "invalid_param", "model"),
    "model too long": ({"model": "x" * 201}, "invalid_param", "model"),
    "model unknown": ({"model": "dall-e-3"}, "unknown_model", "model"),
    "model of another case": ({"model": "Z-Image"}, "unknown_model", "model"),
    "model of another dialect": ({"model": "forge-image"}, "unknown_model", "model"),
    "prompt missing": ({"prompt": None}, "missing_param", "prompt"),
    "prompt blank": ({"prompt": " \n"}, "missing_param", "prompt"),
    "prompt of a list": ({"prompt": ["x"]}, "invalid_param", "prompt"),
    "prompt too long": ({"prompt": "x" * 10_001}, "invalid_param", "prompt"),
    "prompt missing for music": ({**TALK, "prompt": ""}, "missing_param", "prompt"),
    "product unknown": ({"product": "poem"}, "invalid_param", "product"),
    "product of another": ({**VIDEO, "product": "image"}, "invalid_param", "product"),
    "music that is a video": ({**TALK, "product": "video"}, "invalid_param", "product"),
    "units of a list": ({"units": []}, "invalid_param", "units"),
    "units nobody knows": ({"units": {"size": "1024x1024"}}, "invalid_param", "units.size"),
    "count three": ({"units": {"count": 3}}, "count_out_of_range", "units.count"),
    "count zero": ({"units": {"count": 0}}, "count_out_of_range", "units.count"),
    "count negative": ({"units": {"count": -1}}, "count_out_of_range", "units.count"),
    "count sixteen": ({"units": {"count": 16}}, "count_out_of_range", "units.count"),
    "count of a truth": ({"units": {"count": True}}, "invalid_param", "units.count"),
    "count of a float": ({"units": {"count": 2.5}}, "invalid_param", "units.count"),
    "count of a text": ({"units": {"count": "2"}}, "invalid_param", "units.count"),
    "two videos": ({**VIDEO, "units": {"count": 2}}, "count_out_of_range", "units.count"),
    "two songs": ({**TALK, "units": {"count": 2}}, "count_out_of_range", "units.count"),
    "4K of a fast draft": (
        {"model": "google/nano-banana", "units": {"resolution": "4K"}},
        "invalid_param",
        "units.resolution",
    ),
    "8K": ({"units": {"resolution": "8K"}}, "invalid_param", "units.resolution"),
    "4k in small letters": ({"units": {"resolution": "4k"}}, "invalid_param", "units.resolution"),
    "4K of a video": ({**VIDEO, "units": {"resolution": "4K"}}, "invalid_param", "units.resolution"),
    "480p where there is none": ({**VIDEO, "units": {"resolution": "480p"}}, "invalid_param", "units.resolution"),
    "resolution of music": ({**TALK, "units": {"resolution": "1K"}}, "invalid_param", "units.resolution"),
    "resolution of a number": ({"units": {"resolution": 1024}}, "invalid_param", "units.resolution"),
    "duration of an image": ({**IMAGE, "units": {"duration": 5}}, "invalid_param", "units.duration"),
    "duration of seven": ({**VIDEO, "units": {"duration": 7}}, "invalid_param", "units.duration"),
    "duration of ever": ({**TALK, "units": {"duration": 10**9}}, "invalid_param", "units.duration"),
    "duration in words": ({**VIDEO, "units": {"duration": "8s"}}, "invalid_param", "units.duration"),
    "a shape nobody draws": ({"units": {"aspect_ratio": "5:7"}}, "invalid_aspect_ratio", "units.aspect_ratio"),
    "a shape of no picture": ({"units": {"aspect_ratio": "auto"}}, "invalid_aspect_ratio", "units.aspect_ratio"),
    "a square of veo": ({**VIDEO, "units": {"aspect_ratio": "1:1"}}, "invalid_aspect_ratio", "units.aspect_ratio"),
    "the shape of a song": ({**TALK, "units": {"aspect_ratio": "1:1"}}, "invalid_aspect_ratio", "units.aspect_ratio"),
    "images of a text": ({"input_image_urls": PHOTO}, "invalid_param", "input_image_urls"),
    "an image of a number": ({"input_image_urls": [1]}, "invalid_param", "input_image_urls.0"),
    "an image of nothing": ({"input_image_urls": [""]}, "invalid_param", "input_image_urls.0"),
    "nine images": ({"input_image_urls": [PHOTO] * 9}, "invalid_param", "input_image_urls"),
    "five images": ({"input_image_urls": [PHOTO] * 5}, "invalid_param", "input_image_urls"),
    "two images for a video": ({**VIDEO, "input_image_urls": [PHOTO] * 2}, "invalid_param", "input_image_urls"),
    "an image where none is taken": ({**IMAGE, "input_image_urls": [PHOTO]}, "invalid_param", "input_image_urls"),
    "an image for a song": ({**TALK, "input_image_urls": [PHOTO]}, "invalid_param", "input_image_urls"),
    "an edit of nothing": ({"model": "xai/grok-imagine-image/edit"}, "missing_param", "input_image_urls"),
    "an edit of no images": (
        {"model": "qwen/image-to-image", "input_image_urls": []},
        "missing_param",
        "input_image_urls",
    ),
    "nothing set in motion": ({"model": "fal-ai/ltx-2/image-to-video"}, "missing_param", "input_image_urls"),
    "price version of a number": ({"price_version": 1}, "invalid_param", "price_version"),
}  # fmt: skip

URLS = (
    "http://cdn.example.com/a.png",
    "https://user:pw@cdn.example.com/a.png",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/a.png",
    "https://[::1]/a.png",
    "ftp://cdn.example.com/a",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "../../etc/passwd",
    "x",
)


@pytest.mark.parametrize("case", BODIES)
@pytest.mark.parametrize("path", ["/v1/generate", "/v1/credits/estimate"])
def test_a_body_nobody_could_mean_is_refused(api: Client, case: str, path: str) -> None:
    before = api.untouched()
    assert api.post(path, raw=BODIES[case]).refusal == (400, "invalid_body")
    assert api.untouched() == before


@pytest.mark.parametrize("case", FIELDS)
def test_a_field_that_cannot_be_is_named(api: Client, case: str) -> None:
    body, code, param = FIELDS[case]
    before = api.untouched()
    reply = api.post("/v1/generate", {**MINIMAL, **body})
    assert (*reply.refusal, reply.data["param"]) == (400, code, param)
    assert param in reply.data["message"] or code == "unknown_model"
    assert api.untouched() == before


@pytest.mark.parametrize(
    "case", [case for case in FIELDS if not case.startswith(("prompt", "an edit", "nothing"))]
)
def test_an_estimate_refuses_what_generating_would(api: Client, case: str) -> None:
    body, code, param = FIELDS[case]
    reply = api.estimate(**body)
    assert (*reply.refusal, reply.data["param"]) == (400, code, param)


@pytest.mark.parametrize("model", ["qwen/image-to-image", "fal-ai/ltx-2/image-to-video"])
def test_a_model_that_needs_a_picture_can_be_priced_without_one(api: Client, model: str) -> None:
    with_one, without = api.estimate(model=model, input_image_urls=[PHOTO]), api.estimate(model=model)
    assert with_one.data["credits"] == without.data["credits"]


@pytest.mark.parametrize("url", URLS)
def test_a_url_that_could_reach_inside_is_refused_before_anything_is_charged(api: Client, url: str) -> None:
    before = api.untouched()
    reply = api.generate(input_image_urls=[PHOTO, url])
    assert (*reply.refusal, reply.data["param"]) == (400, "invalid_param", "input_image_urls.1")
    assert api.untouched() == before
    assert api.fetcher.fetched == []


@pytest.mark.parametrize(
    "key", [None, "", "x", "ag_live_", "ag_live_" + "0" * 65, "Bearer", "ag_live_" + "é" * 65, "md_\n"]
)
def test_a_key_that_is_none_opens_nothing(api: Client, key: str | None) -> None:
    for path in ("/v1/credits/balance", "/v1/models/list"):
        assert api.get(path, key=key).status == 401
    assert api.post("/v1/generate", MINIMAL, key=key).status == 401


def test_unknown_members_beside_the_units_are_ignored(api: Client) -> None:
    assert api.generate(seed=7, negative_prompt="x").status == 200
