"""The largest rectangle inside a mask is found, whatever the mask's shape."""

from __future__ import annotations

import numpy as np
import pytest

from darkroom_sandbox.editing.regions import largest_box


def coverage(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (300, 400)) -> np.ndarray:
    mask = np.zeros(size, np.uint8)
    for x, y, w, h in boxes:
        mask[y : y + h, x : x + w] = 255
    return mask


@pytest.mark.parametrize(
    "box", [(0, 0, 400, 300), (40, 60, 200, 100), (300, 0, 100, 300), (10, 250, 390, 50)]
)
def test_a_rectangle_is_found_whole(box: tuple[int, int, int, int]) -> None:
    found = largest_box(coverage(box))
    assert found is not None
    assert np.allclose(found, box, atol=10)


def test_of_two_the_larger_is_found() -> None:
    found = largest_box(coverage((0, 0, 60, 60), (100, 100, 200, 150)))
    assert found is not None
    assert found[0] >= 100


def test_everything_inside_a_round_mask_may_change() -> None:
    y, x = np.mgrid[:300, :400]
    mask = np.where((y - 150) ** 2 + (x - 200) ** 2 < 120**2, 255, 0).astype(np.uint8)
    found = largest_box(mask)
    assert found is not None
    left, top, width, height = (int(each) for each in found)
    assert (mask[top : top + height, left : left + width] == 255).all()
    assert width * height > 120 * 120 * 1.6


def test_where_nothing_may_change_there_is_none() -> None:
    assert largest_box(coverage()) is None
    assert largest_box(np.full((40, 40), 128, np.uint8)) is None
    assert largest_box(np.full((1, 1), 255, np.uint8)) == (0, 0, 1, 1)
