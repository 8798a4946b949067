"""Storyboards over HTTP: every parameter, default and refusal."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from api_memes import requests
from darkroom.domain.jobs.spec import StoryboardSpec
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client

GOAL = {"goal": "Cold brew saves the night before a deadline"}


def board(api: Client) -> StoryboardSpec:
    return api.last_job.spec_as(StoryboardSpec)


def test_a_storyboard_is_one_picture_for_four_credits(api: Client) -> None:
    reply = api.post("/storyboards", GOAL)
    generation = reply.json["generation"]
    assert (reply.status, generation["type"], generation["requested_count"]) == (202, "storyboard", 1)
    assert api.wallet.held == 4
    api.end(generation["id"])
    done = api.get(f"/storyboards/{generation['id']}").json
    assert done["generation"]["status"] == "succeeded"
    assert done["usage"]["credits_used"] == 4
    assert done["generation"] == api.get(f"/generations/{generation['id']}").json["generation"]
    assert [one["id"] for one in api.get("/generations", query={"type": "storyboard"}).json["data"]] == [
        generation["id"]
    ]


def test_the_defaults(api: Client) -> None:
    api.post("/storyboards", GOAL)
    made = board(api)
    assert (made.aspect_ratio, made.panel_count, made.preset, made.text_density) == (
        "16:9",
        3,
        "auto",
        "balanced",
    )
    assert (made.tone, made.product_role, made.visual_style) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("aspect_ratio", ("16:9", "9:16", "1:1")),
        (
            "preset",
            (
                *("auto", "comic-strip", "problem-solution", "before-after", "how-it-works"),
                *("customer-journey", "testimonial-sequence", "founder-story"),
            ),
        ),
        ("panel_count", (3, 4)),
        ("tone", ("playful", "bold", "warm", "professional")),
        ("text_density", ("minimal", "balanced", "rich")),
        ("product_role", get_args(requests.ProductRole.__value__)),
        ("visual_style", ("comic-strip", "clean-storyboard")),
    ],
)
def test_every_documented_choice_arrives(api: Client, name: str, choices: tuple[Any, ...]) -> None:
    for choice in choices:
        assert api.post("/storyboards", {**GOAL, name: choice}).status == 202
        assert getattr(board(api), name) == choice


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"aspect_ratio": "4:5"}, "invalid_aspect_ratio", "aspect_ratio"),
        ({"preset": "haiku"}, "invalid_param", "preset"),
        ({"panel_count": 2}, "invalid_param", "panel_count"),
        ({"panel_count": 5}, "invalid_param", "panel_count"),
        ({"panel_count": "3"}, "invalid_param", "panel_count"),
        ({"tone": "sarcastic"}, "invalid_param", "tone"),
        ({"text_density": "none"}, "invalid_param", "text_density"),
        ({"product_role": 1}, "invalid_param", "product_role"),
        ({"visual_style": "manga"}, "invalid_param", "visual_style"),
        ({"goal": "x" * 10_001}, "invalid_param", "goal"),
        ({"reference_images": [{"type": "ref"}]}, "missing_required_param", "reference_images.0.source"),
    ],
)
def test_everything_else_is_refused_by_name(
    api: Client, changes: dict[str, Any], code: str, param: str
) -> None:
    before = api.untouched()
    reply = api.post("/storyboards", {**GOAL, **changes})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, param)
    assert api.untouched() == before


def test_a_goal_or_a_brand_is_needed(api: Client) -> None:
    reply = api.post("/storyboards", {"reference_images": [], "goal": " "})
    assert reply.refusal == (400, "invalid_request_error", "missing_required_param")
    assert (reply.error["message"], reply.error["param"]) == (
        "Either goal, or brand_context is required.",
        "goal",
    )
    assert api.post("/storyboards", {"brand_context": {"company_name": "Dawn"}}).status == 202


def test_references_go_along_by_their_types(api: Client) -> None:
    source = "https://cdn.example/a.png"
    references = [{"type": kind, "source": source} for kind in ("ref", "logo", "template", "ref")]
    assert api.post("/storyboards", {**GOAL, "reference_images": references}).status == 202
    assert [one.role for one in board(api).inputs] == ["ref", "logo", "template", "ref"]


def test_a_repeated_request_makes_one(api: Client) -> None:
    replies = [api.post("/storyboards", GOAL, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert replies[0].body == replies[1].body
    assert api.wallet.held == 4


@pytest.mark.parametrize("key", ["live", "test", "theirs"])
def test_only_the_workspaces_own_storyboards_are_found(api: Client, key: str) -> None:
    storyboard = api.post("/storyboards", GOAL).json["generation"]["id"]
    meme = api.create("/memes")
    stranger = api.core.open_workspace("Other", plan="pro", credits=5)
    token = api.issued(workspace_id=stranger.id)[1] if key == "theirs" else key
    for object_id in (UNKNOWN_ID, meme, "nonsense", *([storyboard] if key != "live" else [])):
        assert api.get(f"/storyboards/{object_id}", key=token).refusal == (
            404,
            "not_found_error",
            "resource_not_found",
        )


def test_its_picture_is_an_input_of_what_comes_next(api: Client) -> None:
    asset = api.end(api.post("/storyboards", GOAL).json["generation"]["id"]).tasks[0].asset
    assert asset is not None
    assert api.post("/videos/animate", {"image_id": asset.id}).status == 202
