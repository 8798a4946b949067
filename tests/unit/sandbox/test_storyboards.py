"""Storyboards of the sandbox: panels that can be seen, told apart and repeated to the byte."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from darkroom.domain.jobs.engine import Finished, Output
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.stills import STILLS
from darkroom_sandbox.storyboards import boxes
from tests.fakes import FakeClock
from tests.unit.graphics.pictures import checker, encoded
from tests.unit.sandbox.pictures import decoded, difference
from tests.unit.sandbox.task_requests import task_request

RATIOS = {"16:9": (1344, 768), "9:16": (768, 1344), "1:1": (1024, 1024)}


def made(prompt: str = "cold brew saves the night", **settings: Any) -> Output:
    request = task_request("storyboard", prompt, **settings)
    outcome = SandboxEngine(FakeClock(), STILLS).start(request)
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.output, Output)
    return outcome.output


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("count", [3, 4])
def test_the_panels_of_every_ratio_fill_the_picture_without_meeting(ratio: str, count: int) -> None:
    places = boxes(count, *RATIOS[ratio])
    assert len(places) == count
    assert sum(width * height for _, _, width, height in places) == pytest.approx(1)


@pytest.mark.parametrize(("style", "ground"), [("comic-strip", 0), ("clean-storyboard", 255)])
def test_gutters_divide_the_picture(style: str, ground: int) -> None:
    pixels = np.asarray(decoded(made(ratio="16:9", visual_style=style).data))[:, :, :3].astype(int)
    width = pixels.shape[1]
    for edge in (width // 3, 2 * width // 3):
        gutter = pixels[:, edge - 1 : edge + 1]
        assert np.abs(gutter - ground).max() <= 2
    thirds = [
        pixels[100:-100, left + 40 : left + width // 3 - 40] for left in (0, width // 3, 2 * width // 3)
    ]
    assert all(part.std() > 1 for part in thirds)
    assert np.abs(thirds[0] - thirds[1]).mean() > 3


def test_equal_requests_give_equal_bytes_and_each_wish_shows() -> None:
    plain = made(ratio="1:1")
    assert (plain.mime, plain.aspect_ratio) == ("image/png", "1:1")
    assert made(ratio="1:1").data == plain.data
    for wish in (
        {"panel_count": 4},
        {"preset": "founder-story"},
        {"text_density": "minimal"},
        {"text_density": "rich"},
        {"visual_style": "comic-strip"},
    ):
        assert difference(decoded(made(ratio="1:1", **wish).data), decoded(plain.data)) > 0.5, wish


def test_a_logo_and_the_mark_of_test_mode_show() -> None:
    plain = made(ratio="1:1")
    logo = made(ratio="1:1", input_files={"logo": encoded(checker(200, 200))})
    assert logo.data != plain.data
    assert made(ratio="1:1", livemode=False).data != plain.data


@pytest.mark.parametrize("role", ["hero", "supporting", "background"])
def test_a_product_is_shown_as_prominently_as_it_should_be(role: str) -> None:
    product = {"product": encoded(checker(300, 300))}
    with_it = decoded(made(ratio="16:9", product_role=role, input_files=product).data)
    without = decoded(made(ratio="16:9", product_role=role).data)
    thirds = [slice(0, 440), slice(450, 890), slice(900, 1344)]
    changed = [difference(with_it[:, one], without[:, one]) > 0.1 for one in thirds]
    assert (
        changed
        == {"hero": [True] * 3, "supporting": [False, True, True], "background": [False, False, True]}[role]
    )
