"""What the pipeline writes down of a request."""

from __future__ import annotations

import pytest

from darkroom.http.pipeline import loggable


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/files/0a1b2c3d4e5f/w/live/j/a.png", "/files/…/w/live/j/a.png"),
        ("/base/files/0a1b/w/a.png", "/base/files/…/w/a.png"),
        ("/pixeldrive/img/s/1790000000/0a1b2c/t/x/y.png", "/pixeldrive/img/s/1790000000/…/t/x/y.png"),
        ("/memes/v1/images", "/memes/v1/images"),
    ],
)
def test_a_signature_is_in_no_log(path: str, written: str) -> None:
    assert loggable(path) == written
