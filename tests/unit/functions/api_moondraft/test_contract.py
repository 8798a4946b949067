"""The document's own requests, as its pages show them."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.serialization import to_document
from tests.unit.functions.api_moondraft.client import CLIP, SOUND, Client, data_url, png

PICTURE = data_url(png())
VOICE = data_url(SOUND, "audio/mp3")


def test_generate_an_image(api: Client) -> None:
    body = {"prompt": "product photo of sneakers on marble", "quality": "premium", "aspect_ratio": "1:1"}
    reply = api.post("/generate", body)
    assert reply.status == 200
    assert reply.json == {"success": True, "quality": "premium", "image": data_url(api.studio.picture)}
    assert (api.wallet.available, api.wallet.held, api.wallet.spent) == (97, 0, 3)
    assert (api.last_job.kind, api.last_job.spec.prompt, api.last_job.spec.quality) == (
        "image",
        "product photo of sneakers on marble",
        "premium",
    )


def test_the_defaults_are_standard_and_wide(api: Client) -> None:
    assert api.post("/generate", {"prompt": "x"}).json["quality"] == "standard"
    assert (api.last_job.spec.aspect_ratio, to_document(api.last_job.spec)["settings"]["size"]) == (
        "16:9",
        [1344, 768],
    )
    assert api.wallet.spent == 1


@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        ("1:1", [1024, 1024]),
        ("16:9", [1344, 768]),
        ("9:16", [768, 1344]),
        ("3:2", [1216, 832]),
        ("2:3", [832, 1216]),
        ("4:3", [1152, 896]),
        ("3:4", [896, 1152]),
    ],
)
def test_every_ratio_has_its_exact_size(api: Client, ratio: str, size: list[int]) -> None:
    assert api.post("/generate", {"prompt": "x", "aspect_ratio": ratio}).status == 200
    assert (api.last_job.spec.aspect_ratio, to_document(api.last_job.spec)["settings"]["size"]) == (
        ratio,
        size,
    )


def test_generate_with_references(api: Client) -> None:
    body = {
        "prompt": "hero illustration for a fintech landing page",
        "style_ref": PICTURE,
        "character_ref": data_url(png(3, 3)),
    }
    assert api.post("/generate", body).status == 200
    assert (api.input_file("style"), api.input_file("character")) == (png(), png(3, 3))


@pytest.mark.parametrize(("quality", "price"), [("standard", 1), ("premium", 3)])
def test_batch_generate(api: Client, quality: str, price: int) -> None:
    prompts = ["hero shot", "side angle", "close-up detail"]
    body = {"prompts": prompts, "quality": quality, "aspect_ratio": "3:4", "style_ref": PICTURE}
    reply = api.post("/generate/batch", body)
    assert reply.status == 200
    assert reply.json == {
        "results": [
            {"prompt": prompt, "image": data_url(api.studio.picture), "success": True} for prompt in prompts
        ],
        "quality": quality,
    }
    assert api.wallet.spent == 3 * price
    assert to_document(api.last_job.spec)["settings"] == {"size": [896, 1152], "prompts": prompts}
    assert {api.last_job.spec.prompt_of(order.task.index) for order in api.studio.requests} == set(prompts)
    assert [order.input_files[0].role for order in api.studio.requests] == ["style"] * 3
    assert [asset.prompt for asset in api.memory.assets.values()] == prompts


def test_edit_an_image(api: Client) -> None:
    body = {"prompt": "change the background to a beach sunset", "image": PICTURE}
    reply = api.post("/edit", body)
    assert (reply.status, reply.json) == (200, {"success": True, "image": data_url(api.studio.picture)})
    assert (api.last_job.kind, api.last_job.spec.prompt, api.wallet.spent) == ("edit", body["prompt"], 1)
    assert api.input_file("source") == png()


def test_enhance_an_image_to_exactly_twice_its_size(api: Client) -> None:
    reply = api.post("/enhance", {"image": PICTURE})
    assert (reply.status, reply.json) == (200, {"success": True, "image": data_url(api.studio.picture)})
    assert (api.last_job.kind, to_document(api.last_job.spec)["settings"]) == ("upscale", {"factor": 2})
    assert (api.input_file("source"), api.wallet.spent) == (png(), 2)


VIDEOS: list[tuple[dict[str, str], list[str]]] = [
    ({"prompt": "slow pan across mountain lake, sunrise"}, []),
    ({"prompt": "gentle push in with parallax", "image": PICTURE}, ["source"]),
    ({"image": PICTURE, "audio": VOICE}, ["source", "audio"]),
    ({"prompt": "smiling", "image": PICTURE, "audio": VOICE}, ["source", "audio"]),
]


@pytest.mark.parametrize(("body", "roles"), VIDEOS)
def test_what_is_sent_decides_what_a_video_is_made_of(
    api: Client, body: dict[str, str], roles: list[str]
) -> None:
    reply = api.post("/video", body)
    assert (reply.status, reply.json) == (200, {"success": True, "video": data_url(CLIP, "video/mp4")})
    assert (api.last_job.kind, to_document(api.last_job.spec)["settings"]) == ("video", {"seconds": 5})
    assert [input_file.role for input_file in api.studio.requests[-1].input_files] == roles
    assert api.wallet.spent == 10


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "prompt"),
        ({"prompt": " "}, "prompt"),
        ({"image": PICTURE}, "prompt"),
        ({"audio": VOICE}, "image"),
        ({"prompt": "x", "audio": VOICE}, "image"),
    ],
)
def test_what_is_none_of_the_three_modes_is_refused(api: Client, body: dict[str, str], named: str) -> None:
    before = api.untouched()
    reply = api.post("/video", body)
    assert (reply.status, reply.error.split()[0]) == (400, named)
    assert api.untouched() == before


def test_refining_is_free_and_makes_nothing(api: Client) -> None:
    before = api.untouched()
    reply = api.post("/prompt/refine", {"prompt": "sneakers on marble", "mode": "image"})
    assert reply.status == 200
    refined = reply.json["refined_prompt"]
    assert refined.startswith("sneakers on marble. ")
    assert len(refined) > 100
    assert api.untouched() == before
    clip = api.post("/prompt/refine", {"prompt": "sneakers on marble", "mode": "video"}).json[
        "refined_prompt"
    ]
    assert "shot" in clip
    assert "lens" in refined
    assert "lens" not in clip
    assert api.post("/prompt/refine", {"prompt": "sneakers on marble"}).json["refined_prompt"] == refined
    assert api.post("/generate", {"prompt": refined}).status == 200


def test_a_refined_prompt_can_always_be_generated_with(api: Client) -> None:
    refined = api.post("/prompt/refine", {"prompt": "word " * 800}).json["refined_prompt"]
    assert api.post("/generate", {"prompt": refined}).status == 200


def test_check_balance(api: Client) -> None:
    assert api.get("/credits").json == {"credits": 100, "held": 0}
    api.post("/video", {"prompt": "x"}, headers={"prefer": "respond-async"})
    assert api.get("/credits").json == {"credits": 90, "held": 10}


def test_usage_history_is_the_last_hundred_actions(api: Client) -> None:
    api.post("/generate", {"prompt": "one", "quality": "premium"})
    api.post("/edit", {"prompt": "two", "image": PICTURE})
    api.post("/enhance", {"image": PICTURE})
    api.post("/generate/batch", {"prompts": ["a", "b [[fail]]"]})
    api.post("/generate", {"prompt": "[[fail]]"})
    api.post("/video", {"prompt": "x"}, headers={"prefer": "respond-async"})
    usage = api.get("/usage").json["usage"]
    assert [(line["type"], line["credits"], line["status"]) for line in usage] == [
        ("video", 10, "queued"),
        ("generate", 0, "failed"),
        ("batch", 1, "partial"),
        ("enhance", 2, "succeeded"),
        ("edit", 1, "succeeded"),
        ("generate", 3, "succeeded"),
    ]
    assert usage[-1]["timestamp"] == "2026-03-14T09:26:53Z"


def test_usage_stops_at_a_hundred() -> None:
    api = Client(credits=1000)
    for _ in range(11):
        api.clock.advance(120)
        for _ in range(10):
            api.post("/generate", {"prompt": "x"}, headers={"prefer": "respond-async"})
    assert len(api.memory.jobs) == 110
    assert len(api.get("/usage").json["usage"]) == 100


def test_the_longest_prompt_and_one_more(api: Client) -> None:
    assert api.post("/generate", {"prompt": "é" * 4000}).status == 200
    reply = api.post("/generate", {"prompt": "é" * 4001})
    assert (reply.status, reply.error.split(":")[0]) == (400, "prompt")


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("/generate", {}, "prompt"),
    ("/generate", {"prompt": ""}, "prompt"),
    ("/generate", {"prompt": 7}, "prompt"),
    ("/generate", {"prompt": "x", "quality": "best"}, "quality"),
    ("/generate", {"prompt": "x", "aspect_ratio": "21:9"}, "aspect_ratio"),
    ("/generate", {"prompt": "x", "style_ref": 7}, "style_ref"),
    ("/generate", {"prompt": "x", "character_ref": "~~"}, "character_ref"),
    ("/generate/batch", {}, "prompts"),
    ("/generate/batch", {"prompts": "x"}, "prompts"),
    ("/generate/batch", {"prompts": []}, "prompts"),
    ("/generate/batch", {"prompts": ["x"] * 11}, "prompts"),
    ("/generate/batch", {"prompts": ["x", " "]}, "prompts.1"),
    ("/generate/batch", {"prompts": ["x", "y" * 4001]}, "prompts.1"),
    ("/generate/batch", {"prompts": ["x", None]}, "prompts.1"),
    ("/generate/batch", {"prompts": ["x"], "style_ref": "~~"}, "style_ref"),
    ("/edit", {"image": PICTURE}, "prompt"),
    ("/edit", {"prompt": "x"}, "image"),
    ("/edit", {"prompt": "x", "image": ""}, "image"),
    ("/enhance", {}, "image"),
    ("/video", {"prompt": "x" * 4001}, "prompt"),
    ("/video", {"image": PICTURE, "audio": "~~"}, "audio"),
    ("/video", {"image": PICTURE, "audio": PICTURE}, "audio"),
    ("/video", {"image": VOICE, "audio": VOICE}, "image"),
    ("/prompt/refine", {}, "prompt"),
    ("/prompt/refine", {"prompt": "x", "mode": "song"}, "mode"),
    ("/credits/buy", {}, "pack"),
    ("/credits/buy", {"pack": "pack_5"}, "pack"),
    ("/credits/auto-reload", {"pack": "pack_100"}, "threshold"),
    ("/credits/auto-reload", {"threshold": 50}, "pack"),
    ("/credits/auto-reload", {"threshold": 0, "pack": "pack_100"}, "threshold"),
    ("/credits/auto-reload", {"threshold": 0.5, "pack": "pack_100"}, "threshold"),
    ("/credits/auto-reload", {"threshold": True, "pack": "pack_100"}, "threshold"),
    ("/credits/auto-reload", {"threshold": 50, "pack": "pack_5"}, "pack"),
]


@pytest.mark.parametrize(("path", "body", "named"), WRONG)
def test_what_is_wrong_is_named_and_nothing_is_charged_or_stored(
    api: Client, path: str, body: dict[str, Any], named: str
) -> None:
    before = api.untouched()
    reply = api.post(path, body)
    assert reply.status == 400
    assert named in reply.error
    assert api.untouched() == before
    assert not api.memory.auto_reloads
