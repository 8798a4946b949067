"""Uploads' keys."""

from __future__ import annotations

import pytest

from darkroom.domain.files.uploads import upload_key, uploaded
from tests.contract.examples import OWNER, TEST_OWNER, file


@pytest.mark.parametrize("owner", [OWNER, TEST_OWNER])
def test_a_key_leads_back_to_the_file(owner: object) -> None:
    announced = file(owner=owner)
    assert uploaded(upload_key(announced)) == (owner, announced.id)


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key + ".png",
        lambda key: key + "\n",
        lambda key: "x" + key,
        lambda key: key.replace("/live/", "/prod/"),
        lambda key: key.replace("uploads/", "uploads//"),
        lambda key: key.upper(),
        lambda key: "uploads/../" + key,
        lambda _: "",
    ],
)
def test_any_other_key_is_nobodys(change: object) -> None:
    assert callable(change)
    assert uploaded(change(upload_key(file()))) is None
