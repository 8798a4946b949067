"""Addresses of images: public ones that name what they show, signed ones that cannot be altered."""

from __future__ import annotations

import pytest

from darkroom.domain.master_secret import MasterSecret
from darkroom.http.links import ImageLinks

TEMPLATE = "0197840f-2a3b-7c44-9d51-3f6c2b1e8a90"
KEY = f"img/t/{TEMPLATE}/a1b2c3d4e5f6g7h8.png"
NAME = f"t/{TEMPLATE}/a1b2c3d4e5f6g7h8.png"
LINKS = ImageLinks(
    "https://cdn.test", "https://api.test/pixeldrive/img", lambda: MasterSecret.only(b"master")
)


def test_a_public_address_leads_back_to_its_image() -> None:
    assert LINKS.public(KEY) == f"https://cdn.test/{NAME}"
    assert LINKS.public_name(LINKS.public(KEY)) == NAME
    assert LINKS.public_name(f"https://api.test/pixeldrive/img/{NAME}") == NAME
    assert LINKS.public_key(NAME) == KEY


@pytest.mark.parametrize(
    "name",
    [
        "",
        f"t/{TEMPLATE}/a1b2c3d4e5f6g7h.png",
        f"t/{TEMPLATE}/A1B2C3D4E5F6G7H8.png",
        f"t/{TEMPLATE}/a1b2c3d4e5f6g7h8.png/..",
        f"t/{TEMPLATE}/../a1b2c3d4e5f6g7h8.png",
        f"t/{TEMPLATE.upper()}/a1b2c3d4e5f6g7h8.png",
        f"../tmp/previews/{TEMPLATE}.png",
        f"t/{TEMPLATE}/a1b2c3d4e5f6g7h8.png\n",
    ],
)
def test_what_names_no_finished_image_is_none(name: str) -> None:
    assert LINKS.public_key(name) is None
    assert LINKS.public_name(f"https://cdn.test/{name}") is None


@pytest.mark.parametrize(
    "url", [NAME, f"/{NAME}", f"https://cdn.test.evil/{NAME}", f"https://evil.test/{NAME}", f"x{KEY}"]
)
def test_an_address_of_somebody_else_is_none_of_ours(url: str) -> None:
    assert LINKS.public_name(url) is None


@pytest.mark.parametrize("key", [KEY, "tmp/previews/w/live/job.png"])
def test_a_signed_address_opens_what_it_was_made_for(key: str) -> None:
    path = LINKS.signed(key, 1_800_000_000).removeprefix("https://cdn.test/s/")
    assert LINKS.opened(path) == (key, 1_800_000_000)


def test_no_part_of_a_signed_address_can_be_changed() -> None:
    path = LINKS.signed(KEY, 1_800_000_000).removeprefix("https://cdn.test/s/")
    for place in range(len(path)):
        other = "0" if path[place] != "0" else "1"
        assert LINKS.opened(path[:place] + other + path[place + 1 :]) is None, path[place:]
    for other in ("", "/", "//", path[1:], path + "x", path.replace("1800000000", "01800000000"), "é/ü/t/x"):
        assert LINKS.opened(other) is None


def test_another_stack_signs_differently() -> None:
    theirs = ImageLinks("https://cdn.test", "https://cdn.test", lambda: MasterSecret.only(b"other")).signed(
        KEY, 1
    )
    assert LINKS.opened(theirs.removeprefix("https://cdn.test/s/")) is None
