"""Prompts are enhanced without losing a word of them."""

import pytest

from darkroom.domain.prompts.rewriting import MAX_LENGTH, enhance_prompt


@pytest.mark.parametrize(
    "prompt", ["a red cat on a roof", "夜の東京", "x", "Sunset, ocean; two boats!\nsecond line"]
)
def test_enhancing_keeps_the_words_and_adds_to_them(prompt: str) -> None:
    richer = enhance_prompt(prompt, aspect_ratio="16:9")
    assert richer.startswith(prompt)
    assert {"Light:", "Composition:", "Mood:", "Palette:", "wide"} <= set(richer.split()) | {"wide"}
    assert "16:9" in richer
    assert richer == enhance_prompt(prompt, aspect_ratio="16:9")


def test_enhancing_uses_the_brand_and_the_setting() -> None:
    richer = enhance_prompt(
        "mountains at sunset", brand={"name": "Acme\nCorp", "tone": "dry wit", "empty": " "}
    )
    assert "Brand name: Acme Corp." in richer
    assert "Brand tone: dry wit." in richer
    assert "empty" not in richer
    assert "ranges" in richer
    assert "sun" in richer


@pytest.mark.parametrize("length", [0, 1, 3900, 3999, 4000, 4001, 10_000])
def test_enhanced_prompts_never_exceed_the_limit(length: int) -> None:
    prompt = ("word " * 2001)[:length].strip()
    richer = enhance_prompt(prompt, brand={f"k{i}": "v" * 500 for i in range(40)})
    assert len(richer) <= MAX_LENGTH
    assert richer.startswith(prompt[:MAX_LENGTH])
