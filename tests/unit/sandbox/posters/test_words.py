"""A poster's words are divided into a headline and the rest, and none is lost."""

from __future__ import annotations

import pytest

from darkroom_sandbox.posters.words import MOST_BODY, SHORT, divided, shortened
from tests.unit.sandbox.scripts import WRITTEN


@pytest.mark.parametrize(
    ("text", "headline", "body"),
    [
        ("pizza", "pizza", ""),
        ("Summer sale: 50% off", "Summer sale: 50% off", ""),
        (
            "A vintage guitar in a dim studio. Dust floats in the single beam of light above it.",
            "A vintage guitar in a dim studio.",
            "Dust floats in the single beam of light above it.",
        ),
        (
            "A capybara relaxing in a hot spring, snowflakes melting on its head",
            "A capybara relaxing in a hot spring",
            "snowflakes melting on its head",
        ),
        ("Big news\nThe shop opens on Monday", "Big news", "The shop opens on Monday"),
        (
            "a small robot that waters tomato plants while its owner reads a very long newspaper",
            "a small robot",
            "that waters tomato plants while its owner reads a very long newspaper",
        ),
    ],
)
def test_the_first_thing_said_is_the_headline(text: str, headline: str, body: str) -> None:
    found = divided(text)
    assert (found[0].replace("\u00a0", " "), found[1]) == (headline, body)


@pytest.mark.parametrize("script", WRITTEN)
def test_no_word_is_lost(script: str) -> None:
    headline, body = divided(WRITTEN[script])
    kept = f"{headline}{body}".replace("\u00a0", "").replace(" ", "")
    said = "".join(WRITTEN[script].split())
    assert kept.rstrip("、,") in (said, said.replace(",", "", 1), said.replace("、", "", 1))
    assert headline


def test_a_short_word_stays_with_the_next_one() -> None:
    assert divided("A cup in a hat")[0] == "A\u00a0cup in a\u00a0hat"


def test_a_long_body_is_cut_at_a_word() -> None:
    assert shortened("word " * 20) == "word " * 20
    cut = shortened("word " * 400)
    assert len(cut) <= MOST_BODY + 1
    assert cut.endswith("word…")
    assert SHORT < MOST_BODY
