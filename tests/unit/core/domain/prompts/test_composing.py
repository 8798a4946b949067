from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.jobs.engine import InputFile, TaskRequest
from darkroom.domain.jobs.spec import SPECS, BrandProfile, Input, Slide
from darkroom.domain.prompts.composing import composed
from tests.contract.examples import job


def make_task_request(
    kind: str = "image", prompt: str = "a red kite", index: int = 0, **spec: Any
) -> TaskRequest:
    made = replace(job(), kind=kind, spec=SPECS[kind](prompt, spec.pop("aspect_ratio", "1:1"), **spec))
    return TaskRequest(made, made.tasks[index])


def given(*roles: str) -> tuple[Input, ...]:
    return tuple(Input(role, f"https://u.test/{number}.png") for number, role in enumerate(roles))


@pytest.mark.parametrize("kind", ["image", "edit", "video", "music"])
def test_a_prompt_alone_is_passed_on_to_the_letter(kind: str) -> None:
    odd = 'a  kite…\n[Verse] "so"\tit\nflies'
    assert composed(make_task_request(kind, odd)) == odd


def test_a_batch_has_each_tasks_own_words() -> None:
    made = make_task_request(index=1, prompts=("one", "two"))
    assert composed(made) == "two"


def test_the_callers_words_come_first_and_the_brand_after() -> None:
    brand = BrandProfile(
        company_name="Dawn Roasters",
        tone_of_voice="warm, witty.",
        brand_colors=("#3B2A1A", "#E8C39E"),
        website_url="https://dawn.example",
    )
    lines = composed(make_task_request(brand=brand)).splitlines()
    assert lines == [
        "a red kite",
        "Brand: Dawn Roasters.",
        "Tone of voice: warm, witty.",
        "Brand colours: #3B2A1A, #E8C39E.",
    ]


def test_a_brand_alone_makes_an_ad() -> None:
    assert composed(make_task_request(prompt="", brand=BrandProfile(company_name="Dawn"))) == "Brand: Dawn."
    assert composed(make_task_request(prompt="")) == "Make one finished ad image."


def test_a_meme_is_asked_for_as_one_with_its_template_and_its_joke() -> None:
    text = composed(make_task_request("meme", "POV: cold brew", format="meme", template_prompt="two buttons"))
    assert text.startswith("POV: cold brew\ntwo buttons\n")
    assert "meme" in text
    assert "caption" in text


def test_enhancing_makes_it_fuller_and_keeps_the_words() -> None:
    text = composed(make_task_request("meme", enhance=True))
    assert text.startswith("a red kite\n")
    assert "Light:" in text


def test_finer_wishes_and_what_to_leave_out_are_said() -> None:
    settings: Any = {
        "controls": {
            "visual_taste": "bold",
            "copy_density": 2,
            "flags": {"deep": 1},
            "on": True,
            "empty": " ",
        },
        "style": "watercolour",
        "negative_prompt": "text, people",
    }
    assert composed(make_task_request(**settings)).splitlines()[1:] == [
        "Style: watercolour.",
        "Visual taste: bold.",
        "Copy density: 2.",
        "Leave out: text, people.",
    ]


def test_each_picture_is_said_to_be_for_what_it_is_for() -> None:
    text = composed(make_task_request(inputs=given("ref", "logo", "style")))
    assert "picture 1 is a reference" in text
    assert "picture 2 is the logo" in text
    assert "picture 3 is the visual style" in text
    assert composed(make_task_request(inputs=given("ref", "ref"))) == "a red kite"


def test_products_are_told_of_together_however_many_a_vendor_takes() -> None:
    text = composed(make_task_request(inputs=given("ref", "logo", "product", "product", "product")))
    assert "picture 2 is the logo" in text
    assert "all from picture 3 on show the product" in text
    assert "picture 4" not in text


def test_every_documented_knob_shows_in_the_prompt() -> None:
    knobs = {
        "platform": "tiktok",
        "visual_taste": "bold",
        "product_role": "hero",
        "brand_strictness": 0.9,
        "copy_density": "low",
        "reference_strength": "high",
        "risk_level": "safe",
    }
    assert composed(make_task_request(controls=knobs)).splitlines()[1:] == [
        "Made for: tiktok.",
        "Visual taste: bold.",
        "Role of the product in the picture: hero.",
        "How strictly to keep to the brand: 0.9.",
        "Copy density: low.",
        "How closely to follow the pictures that come along: high.",
        "How daring it may be: safe.",
    ]


def test_a_template_is_followed_and_the_words_lead() -> None:
    text = composed(make_task_request("meme", "cold brew", template_prompt="two buttons", enhance=True))
    assert text.startswith("cold brew\ntwo buttons\n")


def test_an_edit_says_what_is_edited_and_where() -> None:
    assert composed(make_task_request("edit", inputs=given("source"))) == "a red kite"
    assert "first picture" in composed(make_task_request("edit", inputs=given("source", "ref")))
    assert "masked area" in composed(make_task_request("edit", inputs=given("source", "mask")))


def test_a_reframe_is_an_instruction() -> None:
    text = composed(make_task_request("reframe", aspect_ratio="9:16", inputs=given("source")))
    assert "9:16" in text.splitlines()[0]
    assert text.splitlines()[1] == "a red kite"


def test_a_picture_that_only_speaks_is_asked_to_and_an_upscale_says_nothing() -> None:
    assert "speaks" in composed(make_task_request("video", "", inputs=given("source", "audio")))
    assert composed(make_task_request("upscale", "", inputs=given("source"))) == ""


def test_a_long_fact_is_cut_so_that_it_does_not_bury_the_prompt() -> None:
    assert len(composed(make_task_request(brand=BrandProfile(website_context="word " * 5000)))) < 1000


@pytest.mark.parametrize("kind", ["image", "meme", "video"])
def test_a_website_grounds_after_the_callers_words(kind: str) -> None:
    page = InputFile(
        "page", b'<title>Dawn</title><meta name="description" content="Coffee before sunrise."><p>x</p>'
    )
    made = replace(make_task_request(kind), input_files=(page,))
    lines = composed(made).splitlines()
    assert lines[0] == "a red kite"
    assert "From the website: Dawn Coffee before sunrise. x." in lines
    assert composed(replace(made, input_files=(InputFile("page", b"\x89PNG"),))) == composed(
        make_task_request(kind)
    )
    assert "Dawn" in composed(replace(make_task_request(kind, prompt=""), input_files=(page,)))


def test_a_slide_has_its_direction_first_and_its_words_to_the_letter() -> None:
    slides = (Slide("hook", "5 myths", "a tall glass"), Slide("cta", "", "a calm close"))
    wishes: dict[str, Any] = {
        "slides": slides,
        "concept_title": "Cold Brew",
        "audience": "first-time buyers",
        "brand": BrandProfile(company_name="Dawn"),
    }
    first = composed(make_task_request("carousel", **wishes)).splitlines()
    assert first[0] == "a tall glass"
    assert "number 1 of 2 of the carousel “Cold Brew” for social media: the hook." in first[1]
    assert "“5 myths”" in first[2]
    assert "It speaks to first-time buyers." in first
    assert "Brand: Dawn." in first
    second = composed(make_task_request("carousel", index=1, **wishes))
    assert second.startswith("a calm close\n")
    assert "Put no words on it." in second
