"""What a model may write of a page, and what of it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.brands.web_page import WebPage
from darkroom.domain.jobs.spec import BrandProfile
from darkroom.services.brands.analyze_website import AnalyzeWebsite
from tests.harness.core import CoreHarness

PAGE = WebPage(url="https://dawn.example/", names=("Dawn",), description="Coffee.", colors=("#3B2A1A",))
BY_RULE = BrandProfile(
    company_name="Dawn",
    brand_colors=("#3B2A1A",),
    website_url="https://dawn.example/",
    website_context="Coffee.",
)


def analyzed(written: Mapping[str, Any] | None, page: WebPage = PAGE) -> BrandProfile:
    harness = CoreHarness()

    def read(*_: object, **__: object) -> WebPage:
        return page

    def write(*_: object) -> Mapping[str, Any] | None:
        return written

    analyze: AnalyzeWebsite = replace(
        harness.core.analyze_website,
        read_web_page=read,  # type: ignore[arg-type]
        write_text=write,  # type: ignore[arg-type]
    )
    return analyze(harness.caller(), "https://dawn.example").profile


@pytest.mark.parametrize(
    "written",
    [
        None,
        {},
        {"company_name": None, "brand_colors": []},
        {"company_name": " ", "brand_colors": None},
        {"company_name": 7, "industry": ["x"], "brand_colors": ["#111111"], "surprise": "x"},
    ],
)
def test_what_is_no_word_about_it_changes_nothing(written: Mapping[str, Any] | None) -> None:
    assert analyzed(written) == BY_RULE


def test_words_are_taken_and_cut_to_what_a_kit_takes() -> None:
    profile = analyzed({"company_name": "x" * 600, "target_audience": "y" * 5000, "tone_of_voice": "dry"})
    assert (len(profile.company_name or ""), len(profile.target_audience or "")) == (500, 4000)
    assert (profile.tone_of_voice, profile.website_context) == ("dry", "Coffee.")


def test_colours_are_taken_only_where_the_page_has_none() -> None:
    written = {"brand_colors": ["#111", "red", "#22222", 3, "#333333"]}
    assert analyzed(written).brand_colors == ("#3B2A1A",)
    assert analyzed(written, replace(PAGE, colors=())).brand_colors == ("#111", "#333333")
