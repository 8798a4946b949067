from __future__ import annotations

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.vendors.callbacks import CallbackTarget, callback_target, callback_token, is_about

MASTER = MasterSecret.only(b"m" * 64)
TASK = CallbackTarget(
    Owner("18771fce-af49-5736-b5ba-713dcff0cc96", True), "01950000-0000-7000-8000-000000000001", 3
)


@pytest.mark.parametrize("livemode", [True, False])
def test_a_token_is_read_back(livemode: bool) -> None:
    task = CallbackTarget(Owner("w-1", livemode), "j-1", 0)
    assert callback_target(MASTER, "fal", callback_token(MASTER, "fal", task)) == task


def test_a_token_is_for_one_vendor_of_one_stack() -> None:
    token = callback_token(MASTER, "fal", TASK)
    assert callback_target(MASTER, "kie", token) is None
    assert callback_target(MasterSecret.only(b"other"), "fal", token) is None


def test_no_character_of_a_token_can_be_changed() -> None:
    token = callback_token(MASTER, "fal", TASK)
    for place, old in enumerate(token):
        new = "0" if old != "0" else "1"
        assert callback_target(MASTER, "fal", token[:place] + new + token[place + 1 :]) is None


@pytest.mark.parametrize(
    "token", ["", ".", "a.live.b.0.", "a.live.b.-1." + "0" * 40, "x" * 9000, "ä.live.b.0." + "0" * 40]
)
def test_nonsense_is_no_token(token: str) -> None:
    assert callback_target(MASTER, "fal", token) is None


@pytest.mark.parametrize(
    ("handle", "work_id", "expected"),
    [
        ("abc", "abc", True),
        ("market:abc", "abc", True),
        ('{"status":"https://queue.fal.run/x/requests/abc-1/status"}', "abc-1", True),
        ("abc-1", "abc", False),
        ("xabc", "abc", False),
        ("abc", "", False),
        ("abc", ".*", False),
    ],
)
def test_a_handle_is_about_the_work_it_names_in_full(handle: str, work_id: str, expected: bool) -> None:
    assert is_about(handle, work_id) is expected
