"""Outlines by rule: exactly as many slides as asked for, in a form that fits, of the brief's own words."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_memes import requests
from darkroom.domain.carousels.outlining import MAX_LINE, MAX_TITLE, outlined
from darkroom.domain.carousels.plan import MAX_SLIDES, MIN_SLIDES
from darkroom.domain.jobs.spec import BrandProfile, TextSpec


def brief(prompt: str, **changes: Any) -> TextSpec:
    return TextSpec(prompt, "4:5", **{"slide_count": 5, "goal": "leads", **changes})


@given(st.text(min_size=1, max_size=300), st.integers(MIN_SLIDES, MAX_SLIDES))
def test_any_brief_becomes_as_many_slides_as_asked_for(prompt: str, count: int) -> None:
    outline = outlined(brief(prompt, slide_count=count))
    assert len(outline.slides) == count
    assert (outline.slides[0].role, outline.slides[-1].role) == ("hook", "cta")
    assert all(len(slide.on_image_text) <= max(MAX_LINE, MAX_TITLE) for slide in outline.slides)
    assert all(slide.visual_direction for slide in outline.slides)
    assert outlined(brief(prompt, slide_count=count)) == outline


@pytest.mark.parametrize(
    ("prompt", "mechanic", "second"),
    [
        ("5 myths about cold brew, debunked, for first-time buyers", "myth/fact reveal", "Myth 1"),
        ("How to brew at home", "step by step", "Step 1"),
        ("Before and after our roast", "before and after", "Change 1"),
        ("Mistakes everybody makes with beans", "mistakes to avoid", "Mistake 1"),
        ("7 reasons to love mornings", "countdown of points", "No. 1"),
        ("Our new roast is out", "problem to payoff", "Part 1"),
    ],
)
def test_the_brief_decides_the_form(prompt: str, mechanic: str, second: str) -> None:
    outline = outlined(brief(prompt))
    assert (outline.viral_mechanic, outline.slides[1].on_image_text) == (mechanic, second)


def test_the_documents_example() -> None:
    outline = outlined(brief("5 myths about cold brew, debunked, for first-time buyers"))
    assert outline.concept_title == "5 myths about cold brew, debunked, for first-time buyers"
    assert outline.audience == "first-time buyers"
    assert outline.slides[0].on_image_text == outline.concept_title


def test_a_briefs_points_are_the_slides_and_nothing_is_made_up() -> None:
    prompt = "Three steps to better coffee:\n- Buy fresh beans\n- Grind them late\n- Use soft water"
    texts = [slide.on_image_text for slide in outlined(brief(prompt)).slides]
    assert texts == [
        "Three steps to better coffee",
        "Step 1: Buy fresh beans",
        "Step 2: Grind them late",
        "Step 3: Use soft water",
        "Learn more: link in bio",
    ]


@pytest.mark.parametrize("goal", get_args(requests.Goal.__value__))
def test_every_goal_has_a_call_of_its_own(goal: str) -> None:
    others = [one for one in get_args(requests.Goal.__value__) if one != goal]
    call = outlined(brief("x", goal=goal)).cta
    assert call not in [outlined(brief("x", goal=one)).cta for one in others]
    assert outlined(brief("x", goal=goal)).slides[-1].on_image_text == call


def test_a_brand_grounds_every_slide() -> None:
    brand = BrandProfile(
        company_name="Dawn Roasters", target_audience="early birds", brand_colors=("#3B2A1A", "#E8C39E")
    )
    outline = outlined(brief("Our new roast", brand=brand))
    assert outline.audience == "early birds"
    for slide in outline.slides:
        assert "Dawn Roasters" in slide.visual_direction
        assert "#3B2A1A" in slide.visual_direction
