"""Instructions are understood, or known not to be."""

from __future__ import annotations

import pytest

from darkroom_sandbox.editing.instructions import Change, understand

CHANGES = {
    "make it black and white": [Change.GREY],
    "Convert to grayscale, please": [Change.GREY],
    "remove all the colours": [Change.GREY],
    "sepia": [Change.SEPIA],
    "make it warmer": [Change.WARMER],
    "cooler tones": [Change.COOLER],
    "darker": [Change.DARKER],
    "brighten the image": [Change.LIGHTER],
    "more contrast": [Change.CONTRAST],
    "less contrast": [Change.FLATTER],
    "more vivid colors": [Change.VIVID],
    "desaturate": [Change.MUTED],
    "blur the background": [Change.BLUR],
    "sharpen it a little": [Change.SHARPEN],
    "pixelate": [Change.PIXELATE],
    "turn it into a cartoon": [Change.CARTOON],
    "pencil sketch": [Change.SKETCH],
    "add film grain and a vignette": [Change.GRAIN, Change.VIGNETTE],
    "flip horizontally": [Change.FLIP],
    "mirror the image": [Change.FLIP],
    "upside down": [Change.UPEND],
    "zoom in": [Change.ZOOM],
    "add a white border": [Change.BORDER],
    "add snow": [Change.SNOW],
    "make it rain": [Change.RAIN],
    "add some fog": [Change.FOG],
    "add stars to the sky": [Change.STARS],
    "invert the colors": [Change.INVERT],
}


@pytest.mark.parametrize(("text", "changes"), CHANGES.items())
def test_a_known_change_is_found(text: str, changes: list[Change]) -> None:
    asked = understand(text)
    assert list(asked.changes) == changes
    assert asked.is_understood


@pytest.mark.parametrize(
    ("text", "angle"),
    [
        ("rotate", 90),
        ("rotate 90 degrees", 90),
        ("rotate the image by 180°", 180),
        ("rotate it 90 degrees counterclockwise", 270),
        ("rotate left", 270),
        ("turn the picture to the right", 90),
        ("rotate 15 degrees", 15),
        ("turn the sky purple", 0),
    ],
)
def test_turns_are_measured(text: str, angle: int) -> None:
    assert understand(text).angle == angle
    assert understand(text).is_understood


def test_moods_places_and_colours_are_understood() -> None:
    assert understand("make it autumn").mood == "autumn"
    assert understand("Sunset mood").mood == "sunset"
    assert understand("put it in a snowy forest").place == "forest"
    assert understand("replace the background with a beach").place == "ocean"
    assert understand("make it blue").mood is None
    assert len(understand("make it blue").colours) == 1
    assert all(
        understand(text).is_understood
        for text in ("make it autumn", "put it in a snowy forest", "make it blue")
    )


def test_a_thing_is_painted_under_a_mask_only() -> None:
    assert understand("a cat").place is None
    assert not understand("a cat").is_understood
    assert understand("a cat", masked=True).place == "cat"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('add the text "Grand Opening"', "Grand Opening"),
        ("write \u201cHola, amigos\u201d on it", "Hola, amigos"),
        ('"Sale"', "Sale"),
    ],
)
def test_quoted_words_are_to_be_said(text: str, said: str) -> None:
    assert understand(text).said == said


@pytest.mark.parametrize(
    "text",
    [
        "add a hat to the man",
        "remove the lighthouse",
        "without people",
        "make the jacket red",
        "make it autumn and add a dragon",
        "добавь шляпу",
        "添加一只猫",
        "أضف قطة",
        "🙂",
        "?!",
        "x" * 10_000,
    ],
)
def test_what_is_not_known_is_not_claimed(text: str) -> None:
    assert not understand(text).is_understood


def test_an_empty_instruction_is_nobodys_mistake() -> None:
    assert understand(" \n").is_empty
    assert understand("").is_understood
