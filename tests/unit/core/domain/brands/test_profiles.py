from __future__ import annotations

from darkroom.domain.brands.profiles import profile_of
from darkroom.domain.brands.web_page import WebPage
from darkroom.domain.jobs.spec import BrandProfile

CHATTY = "You're going to love it! Your coffee's here. We've roasted it, and you'll taste it! " * 4
FORMAL = (
    "The company supplies institutions of every size with furniture that is manufactured according to the standards "
    "of the industry and delivered within the agreed period to the places that were named in the order. "
) * 3


def test_a_profile_is_what_the_page_says() -> None:
    page = WebPage(
        url="https://dawn.example/",
        description="Coffee made for early risers, and their friends.",
        text=CHATTY,
        names=("Dawn", "dawn.example"),
        trade="bakery",
        colors=("#3B2A1A",),
    )
    assert profile_of(page) == BrandProfile(
        company_name="Dawn",
        industry="bakery",
        tone_of_voice="energetic, conversational, direct, concise",
        brand_colors=("#3B2A1A",),
        target_audience="early risers",
        website_url="https://dawn.example/",
        website_context="Coffee made for early risers, and their friends.",
    )


def test_what_it_does_not_say_is_left_open() -> None:
    assert profile_of(WebPage(text="Hello there")) == BrandProfile()


def test_tones() -> None:
    assert profile_of(WebPage(text=FORMAL)).tone_of_voice == "formal"
    assert profile_of(WebPage(text="word " * 30)).tone_of_voice is None


def test_structured_data_is_believed_over_guesses() -> None:
    page = WebPage(description="Built for teams.", audience="remote workers")
    assert profile_of(page).target_audience == "remote workers"


def test_without_a_description_the_first_paragraph_says_what_it_is_about() -> None:
    text = "Home\nMenu\nWe roast coffee in small batches and bring it to your door by bicycle.\nMore"
    assert str(profile_of(WebPage(text=text)).website_context).startswith("We roast coffee")
