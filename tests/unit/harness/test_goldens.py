"""The comparison of pictures sees what an eye would, and shows it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.harness import goldens
from tests.unit.renderer.text_drawing import drawn, words

WORD = drawn("Compare", words(fontSize=48))


def _changed(png: bytes, by: int) -> bytes:
    """The same picture with every other pixel lighter by ``by`` of 255."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    pixels[::2, ::2] = (pixels[::2, ::2] - by).clip(0, 255)
    body = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(body, "PNG")
    return body.getvalue()


def test_a_difference_of_rounding_is_none() -> None:
    assert goldens.difference(WORD, WORD) is None
    assert goldens.difference(_changed(WORD, 1), WORD) is None


@pytest.mark.parametrize(
    "other",
    [
        drawn("Compare", words(fontSize=48, x=20.4)),
        drawn("Compare", words(fontSize=48, y=21)),
        drawn("Compáre", words(fontSize=48)),
        drawn("Compare", words(fontSize=48, fontWeight=440)),
        drawn("Compare", words(fontSize=48, color="#202020")),
        drawn("Compare", words(fontSize=48), ground="#f8f8f8"),
    ],
    ids=["moved across", "moved down", "an accent", "bolder", "lighter", "another ground"],
)
def test_what_an_eye_sees_is_a_difference(other: bytes) -> None:
    assert goldens.difference(other, WORD) is not None


def test_a_failure_leaves_a_picture_of_the_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ROOT", "GOLDENS"):
        monkeypatch.setattr(goldens, name, tmp_path)
    monkeypatch.setattr(goldens, "FAILURES", tmp_path / "failures")
    monkeypatch.delenv("UPDATE_GOLDENS", raising=False)
    (tmp_path / "word.png").write_bytes(drawn("Compute", words(fontSize=48)))
    with pytest.raises(AssertionError, match="does not look like its golden"):
        goldens.assert_looks_like(WORD, "word")
    with Image.open(tmp_path / "failures" / "word.png") as sheet:
        assert sheet.size == (3 * 480 + 2 * 8, 140)


def test_goldens_are_written_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROOT", "GOLDENS"):
        monkeypatch.setattr(goldens, name, tmp_path)
    monkeypatch.delenv("UPDATE_GOLDENS", raising=False)
    with pytest.raises(AssertionError, match="no golden"):
        goldens.assert_looks_like(WORD, "new")
    monkeypatch.setenv("UPDATE_GOLDENS", "1")
    goldens.assert_looks_like(WORD, "new")
    monkeypatch.delenv("UPDATE_GOLDENS")
    goldens.assert_looks_like(WORD, "new")
