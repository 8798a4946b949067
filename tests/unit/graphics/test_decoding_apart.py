"""A picture that is decoded in another process is the picture that is decoded here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from darkroom_graphics import decoding_apart
from darkroom_graphics.decoding import PictureFile
from darkroom_graphics.decoding_apart import decode_apart, size_apart
from darkroom_graphics.isolated import IsolationLimits
from darkroom_graphics.picture_limits import PictureLimits
from darkroom_graphics.unusable_picture import UnusablePicture
from tests.unit.graphics.pictures import encoded, quarters


def pixels_of(image: Any) -> Any:
    return image.toarray()


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_it_is_the_same_picture(scale: float) -> None:
    data = encoded(quarters())
    here = PictureFile(data)
    apart = decode_apart(data, scale)
    assert size_apart(data) == (here.width, here.height)
    assert np.array_equal(pixels_of(apart), pixels_of(here.decode(scale)))


@pytest.mark.parametrize(
    "data", [b"", b"<html>", encoded(quarters())[:60]], ids=["nothing", "a page", "cut short"]
)
def test_what_is_none_is_refused_with_its_own_reason(data: bytes) -> None:
    with pytest.raises(UnusablePicture) as caught:
        decode_apart(data, 1.0)
    assert str(caught.value).startswith(("is not a picture", "is damaged"))


def test_it_is_shrunk_where_it_is_asked_for_smaller() -> None:
    data = encoded(quarters())
    file = PictureFile(data)
    assert np.array_equal(pixels_of(decode_apart(data, longest=30)), pixels_of(file.fitted(30)))
    assert decode_apart(data, longest=5000).width() == file.width


def test_each_caller_sets_its_own_limits() -> None:
    with pytest.raises(UnusablePicture, match="PNG and WebP are"):
        decode_apart(encoded(quarters(), "GIF"), limits=PictureLimits(("image/png", "image/webp")))
    with pytest.raises(UnusablePicture, match="has more than 0 MiB"):
        decode_apart(encoded(quarters()), limits=PictureLimits(max_bytes=10))
    with pytest.raises(UnusablePicture, match="megapixels"):
        decode_apart(encoded(quarters()), limits=PictureLimits(max_pixels=10))


def test_one_that_takes_too_much_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(quarters())
    monkeypatch.setattr(decoding_apart, "LIMITS", IsolationLimits(seconds=0, memory_bytes=1))
    with pytest.raises(UnusablePicture, match="too much time or memory"):
        decode_apart(data, 1.0)
    monkeypatch.undo()
    assert decode_apart(data, 1.0).width() > 0
