"""The document's own requests, as its pages show them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api_moondraft.desk import CLIP, SOUND, Desk, data_url, png

PICTURE = data_url(png())
VOICE = data_url(SOUND, "audio/mp3")


def test_generate_an_image(desk: Desk) -> None:
    body = {"prompt": "product photo of sneakers on marble", "quality": "premium", "aspect_ratio": "1:1"}
    reply = desk.post("/generate", body)
    assert reply.status == 200
    assert reply.json == {"success": True, "quality": "premium", "image": data_url(desk.studio.picture)}
    assert (desk.wallet.available, desk.wallet.held, desk.wallet.spent) == (97, 0, 3)
    assert (desk.last_job.kind, desk.last_job.spec.prompt, desk.last_job.spec.quality) == (
        "image",
        "product photo of sneakers on marble",
        "premium",
    )


def test_the_defaults_are_standard_and_wide(desk: Desk) -> None:
    assert desk.post("/generate", {"prompt": "x"}).json["quality"] == "standard"
    assert (desk.last_job.spec.aspect_ratio, desk.last_job.spec.settings["size"]) == ("16:9", [1344, 768])
    assert desk.wallet.spent == 1


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
def test_every_ratio_has_its_exact_size(desk: Desk, ratio: str, size: list[int]) -> None:
    assert desk.post("/generate", {"prompt": "x", "aspect_ratio": ratio}).status == 200
    assert (desk.last_job.spec.aspect_ratio, desk.last_job.spec.settings["size"]) == (ratio, size)


def test_generate_with_references(desk: Desk) -> None:
    body = {
        "prompt": "hero illustration for a fintech landing page",
        "style_ref": PICTURE,
        "character_ref": data_url(png(3, 3)),
    }
    assert desk.post("/generate", body).status == 200
    assert (desk.material("style"), desk.material("character")) == (png(), png(3, 3))


@pytest.mark.parametrize(("quality", "price"), [("standard", 1), ("premium", 3)])
def test_batch_generate(desk: Desk, quality: str, price: int) -> None:
    prompts = ["hero shot", "side angle", "close-up detail"]
    body = {"prompts": prompts, "quality": quality, "aspect_ratio": "3:4", "style_ref": PICTURE}
    reply = desk.post("/generate/batch", body)
    assert reply.status == 200
    assert reply.json == {
        "results": [
            {"prompt": prompt, "image": data_url(desk.studio.picture), "success": True} for prompt in prompts
        ],
        "quality": quality,
    }
    assert desk.wallet.spent == 3 * price
    assert dict(desk.last_job.spec.settings) == {"size": [896, 1152], "prompts": prompts}
    assert {desk.last_job.spec.prompt_of(order.task.index) for order in desk.studio.orders} == set(prompts)
    assert [order.materials[0].role for order in desk.studio.orders] == ["style"] * 3
    assert [asset.prompt for asset in desk.memory.assets.values()] == prompts


def test_edit_an_image(desk: Desk) -> None:
    body = {"prompt": "change the background to a beach sunset", "image": PICTURE}
    reply = desk.post("/edit", body)
    assert (reply.status, reply.json) == (200, {"success": True, "image": data_url(desk.studio.picture)})
    assert (desk.last_job.kind, desk.last_job.spec.prompt, desk.wallet.spent) == ("edit", body["prompt"], 1)
    assert desk.material("source") == png()


def test_enhance_an_image_to_exactly_twice_its_size(desk: Desk) -> None:
    reply = desk.post("/enhance", {"image": PICTURE})
    assert (reply.status, reply.json) == (200, {"success": True, "image": data_url(desk.studio.picture)})
    assert (desk.last_job.kind, dict(desk.last_job.spec.settings)) == ("upscale", {"factor": 2})
    assert (desk.material("source"), desk.wallet.spent) == (png(), 2)


VIDEOS: list[tuple[dict[str, str], list[str]]] = [
    ({"prompt": "slow pan across mountain lake, sunrise"}, []),
    ({"prompt": "gentle push in with parallax", "image": PICTURE}, ["source"]),
    ({"image": PICTURE, "audio": VOICE}, ["source", "audio"]),
    ({"prompt": "smiling", "image": PICTURE, "audio": VOICE}, ["source", "audio"]),
]


@pytest.mark.parametrize(("body", "roles"), VIDEOS)
def test_what_is_sent_decides_what_a_video_is_made_of(
    desk: Desk, body: dict[str, str], roles: list[str]
) -> None:
    reply = desk.post("/video", body)
    assert (reply.status, reply.json) == (200, {"success": True, "video": data_url(CLIP, "video/mp4")})
    assert (desk.last_job.kind, dict(desk.last_job.spec.settings)) == ("video", {"seconds": 5})
    assert [material.role for material in desk.studio.orders[-1].materials] == roles
    assert desk.wallet.spent == 10


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
def test_what_is_none_of_the_three_modes_is_refused(desk: Desk, body: dict[str, str], named: str) -> None:
    before = desk.untouched()
    reply = desk.post("/video", body)
    assert (reply.status, reply.error.split()[0]) == (400, named)
    assert desk.untouched() == before


def test_refining_is_free_and_makes_nothing(desk: Desk) -> None:
    before = desk.untouched()
    reply = desk.post("/prompt/refine", {"prompt": "sneakers on marble", "mode": "image"})
    assert reply.status == 200
    refined = reply.json["refined_prompt"]
    assert refined.startswith("sneakers on marble. ")
    assert len(refined) > 100
    assert desk.untouched() == before
    clip = desk.post("/prompt/refine", {"prompt": "sneakers on marble", "mode": "video"}).json[
        "refined_prompt"
    ]
    assert "shot" in clip
    assert "lens" in refined
    assert "lens" not in clip
    assert desk.post("/prompt/refine", {"prompt": "sneakers on marble"}).json["refined_prompt"] == refined
    assert desk.post("/generate", {"prompt": refined}).status == 200


def test_a_refined_prompt_can_always_be_generated_with(desk: Desk) -> None:
    refined = desk.post("/prompt/refine", {"prompt": "word " * 800}).json["refined_prompt"]
    assert desk.post("/generate", {"prompt": refined}).status == 200


def test_check_balance(desk: Desk) -> None:
    assert desk.get("/credits").json == {"credits": 100, "held": 0}
    desk.post("/video", {"prompt": "x"}, headers={"prefer": "respond-async"})
    assert desk.get("/credits").json == {"credits": 90, "held": 10}


def test_usage_history_is_the_last_hundred_actions(desk: Desk) -> None:
    desk.post("/generate", {"prompt": "one", "quality": "premium"})
    desk.post("/edit", {"prompt": "two", "image": PICTURE})
    desk.post("/enhance", {"image": PICTURE})
    desk.post("/generate/batch", {"prompts": ["a", "b [[fail]]"]})
    desk.post("/generate", {"prompt": "[[fail]]"})
    desk.post("/video", {"prompt": "x"}, headers={"prefer": "respond-async"})
    usage = desk.get("/usage").json["usage"]
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
    desk = Desk(credits=1000)
    for _ in range(11):
        desk.clock.advance(120)
        for _ in range(10):
            desk.post("/generate", {"prompt": "x"}, headers={"prefer": "respond-async"})
    assert len(desk.memory.jobs) == 110
    assert len(desk.get("/usage").json["usage"]) == 100


def test_the_longest_prompt_and_one_more(desk: Desk) -> None:
    assert desk.post("/generate", {"prompt": "é" * 4000}).status == 200
    reply = desk.post("/generate", {"prompt": "é" * 4001})
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
    ("/credits/auto-reload", {"threshold": 1.5, "pack": "pack_100"}, "threshold"),
    ("/credits/auto-reload", {"threshold": True, "pack": "pack_100"}, "threshold"),
    ("/credits/auto-reload", {"threshold": 50, "pack": "pack_5"}, "pack"),
]


@pytest.mark.parametrize(("path", "body", "named"), WRONG)
def test_what_is_wrong_is_named_and_nothing_is_charged_or_stored(
    desk: Desk, path: str, body: dict[str, Any], named: str
) -> None:
    before = desk.untouched()
    reply = desk.post(path, body)
    assert reply.status == 400
    assert named in reply.error
    assert desk.untouched() == before
    assert not desk.memory.auto_reloads
