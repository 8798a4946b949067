"""Drawings are read and drawn in another process, which is stopped when it takes too long."""

from __future__ import annotations

import pytest

from darkroom_graphics.isolated import IsolationLimits
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer import vectors
from darkroom_renderer.vectors import Vectors

RED = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="2" height="1" fill="red"/></svg>'
)
# Within every count, and yet long: a layer may be larger than the picture that is seen of it.
LONG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 3">'
    + b'<g opacity=".5"><rect x="-6" y="-6" width="15" height="15"/></g>' * 30
    + b"</svg>"
)


def test_what_takes_too_long_all_the_same_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Vectors()
    monkeypatch.setattr(vectors, "LIMITS", IsolationLimits(0.2, vectors.LIMITS.memory_bytes))
    with pytest.raises(UnusablePicture, match="takes too much time or memory"):
        drawn.drawn(LONG, (3000, 3000), fit="contain")
    monkeypatch.undo()
    image = drawn.drawn(RED, (40, 40), fit="contain")
    assert (image.width(), image.height()) == (40, 20)
    assert drawn.drawn_count == 1


def test_one_drawing_may_not_take_the_worker_s_memory() -> None:
    with pytest.raises(UnusablePicture, match="takes too much time or memory"):
        Vectors().drawn(LONG, (3000, 3000), fit="contain")


def test_a_drawing_is_drawn_once_for_each_size() -> None:
    drawn = Vectors()
    sizes = [drawn.drawn(RED, (side, side), fit="contain").width() for side in (10, 10, 20)]
    assert sizes == [10, 10, 20]
    assert drawn.drawn_count == 2
