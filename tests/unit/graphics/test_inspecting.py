"""Uploads are judged in a process of their own, which is stopped when it takes too much."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from darkroom.domain.files.file import CleanMedia, Rejection, UnusableFile
from darkroom_graphics.inspecting import LIMITS, IsolatedInspector
from darkroom_graphics.isolated import IsolationLimits
from tests.unit.graphics.pictures import encoded, quarters

PNG = encoded(quarters())


@pytest.fixture(scope="module")
def inspector() -> IsolatedInspector:
    return IsolatedInspector()


def test_a_clean_file_comes_back_as_it_is(inspector: IsolatedInspector) -> None:
    assert inspector.inspect(PNG, "image/png") == CleanMedia(PNG, "image/png", 80, 40)


def test_its_process_can_be_started_before_it_is_needed() -> None:
    inspector = IsolatedInspector()
    inspector.start()
    started = inspector._process._process
    assert inspector.inspect(PNG, "image/png").width == 80
    assert inspector._process._process is started


def test_a_changed_file_comes_back_changed(inspector: IsolatedInspector) -> None:
    clean = inspector.inspect(encoded(quarters(), "BMP"), "image/bmp")
    assert clean.mime == "image/png"
    assert clean.data.startswith(b"\x89PNG")


def test_a_refusal_keeps_its_reason(inspector: IsolatedInspector) -> None:
    with pytest.raises(UnusableFile) as refused:
        inspector.inspect(PNG, "image/webp")
    assert refused.value.rejection is Rejection.TYPE_MISMATCH
    assert inspector.inspect(PNG, "image/png").width == 80


@pytest.mark.parametrize(
    "limits",
    [IsolationLimits(0.0, LIMITS.memory_bytes), IsolationLimits(20.0, 1_000_000)],
    ids=["time", "memory"],
)
def test_what_takes_too_much_is_refused(limits: IsolationLimits) -> None:
    data = encoded(np.zeros((3000, 3000, 3), np.uint8))
    with pytest.raises(UnusableFile) as refused:
        IsolatedInspector(limits).inspect(data, "image/png")
    assert refused.value.rejection is Rejection.TOO_COMPLEX


def test_the_largest_picture_that_is_let_in_stays_within_the_limits(inspector: IsolatedInspector) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    body = io.BytesIO()
    Image.new("RGB", (8000, 5000), (200, 30, 30)).save(body, "PNG", exif=exif, compress_level=1)
    clean = inspector.inspect(body.getvalue(), "image/png")
    assert (clean.width, clean.height) == (5000, 8000)
