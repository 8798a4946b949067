"""Stories of panels: every form there is, and what an engine is told of it."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from api_memes import requests
from darkroom.domain.jobs.spec import BrandProfile, Input, StoryboardSpec
from darkroom.domain.prompts.composing import composed
from darkroom.domain.prompts.storyboard import PRESETS, panels, storyboard_lines
from tests.harness.vendor_adapters import make_task_request


def spec(**changes: Any) -> StoryboardSpec:
    return StoryboardSpec("cold brew", "16:9", **changes)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("count", [3, 4])
def test_every_form_has_its_panels_and_ends_alike(preset: str, count: int) -> None:
    story = panels(spec(preset=preset, panel_count=count))
    assert len(story) == len(set(story)) == count
    assert story[-1] == panels(spec(preset=preset))[-1]


def test_the_forms_are_those_that_can_be_asked_for() -> None:
    assert set(PRESETS) == set(get_args(requests.Preset.__value__))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tone": "playful"}, "Narrative tone: playful."),
        ({"text_density": "minimal"}, "no words"),
        ({"text_density": "rich"}, "bubbles"),
        ({"product_role": "hero"}, "the hero"),
        ({"product_role": "supporting"}, "supports"),
        ({"product_role": "background"}, "background"),
        ({"visual_style": "comic-strip"}, "comic strip"),
        ({"visual_style": "clean-storyboard"}, "clean storyboard"),
    ],
)
def test_each_wish_is_said(changes: dict[str, Any], said: str) -> None:
    assert said in " ".join(storyboard_lines(spec(**changes)))
    assert said not in " ".join(storyboard_lines(spec()))


@pytest.mark.parametrize("field", ["TextDensity", "ProductRole", "StoryboardStyle"])
def test_every_wish_that_can_be_made_changes_what_is_said(field: str) -> None:
    name = {"TextDensity": "text_density", "ProductRole": "product_role", "StoryboardStyle": "visual_style"}
    choices = get_args(getattr(requests, field).__value__)
    assert len({tuple(storyboard_lines(spec(**{name[field]: one}))) for one in choices}) == len(choices)


def test_a_prompt_has_the_goal_first_then_the_panels_brand_and_pictures() -> None:
    prompt = composed(
        make_task_request(
            "m",
            "save the night",
            kind="storyboard",
            panel_count=4,
            preset="before-after",
            brand=BrandProfile(company_name="Dawn Roasters"),
            inputs=(Input("logo", "https://a.example/l.png"),),
        )
    )
    lines = prompt.splitlines()
    assert lines[0] == "save the night"
    assert "divided into 4 clearly separated panels" in lines[1]
    assert [line[:8] for line in lines[2:6]] == ["Panel 1,", "Panel 2,", "Panel 3,", "Panel 4,"]
    assert "Brand: Dawn Roasters." in lines
    assert "picture 1 is the logo" in lines[-1]
