"""Versions of the master secret: which one signs, and which are accepted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.master_secret import (
    ANNOUNCED,
    LONGEST_ADDRESS,
    MasterSecret,
    oldest_version,
    read_master_secret,
    with_new_version,
    without_oldest_version,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SIGNS = NOW + ANNOUNCED
ONE = "pl4in"
TWO = with_new_version(ONE, "second", NOW)


def test_a_secret_that_was_never_rotated_is_the_first_version() -> None:
    assert read_master_secret(ONE, NOW) == MasterSecret.only(b"pl4in") == MasterSecret({1: b"pl4in"}, 1)


def test_a_new_version_is_accepted_at_once_and_signs_when_every_process_has_read_it() -> None:
    before = read_master_secret(TWO, SIGNS - timedelta(seconds=1))
    assert (before.current, before.key, before.accepted) == (1, b"pl4in", (b"pl4in", b"second"))
    after = read_master_secret(TWO, SIGNS)
    assert (after.current, after.key, after.accepted) == (2, b"second", (b"second", b"pl4in"))


def test_what_a_version_signed_is_good_as_long_as_that_is_accepted() -> None:
    def sign(key: bytes) -> str:
        return f"by {key.decode()}"

    ended = read_master_secret(without_oldest_version(TWO, SIGNS, early=True), SIGNS)
    for master, good in ((read_master_secret(TWO, SIGNS), True), (ended, False)):
        assert master.signed("by pl4in", sign) is good
        assert master.signed("by second", sign)
        assert not master.signed("by nobody", sign)
        assert not master.signed("by é", sign)


def test_what_was_derived_stays_until_its_version_has_ended() -> None:
    assert read_master_secret(TWO, SIGNS).of(1) == b"pl4in"
    ended = read_master_secret(without_oldest_version(TWO, SIGNS, early=True), SIGNS)
    assert (ended.of(1), ended.of(2)) == (b"second", b"second")
    with pytest.raises(Unavailable):
        read_master_secret(ONE, NOW).of(2)


def test_one_version_is_added_after_the_other() -> None:
    with pytest.raises(ValueError, match="wait for it"):
        with_new_version(TWO, "third", SIGNS - timedelta(seconds=1))
    three = with_new_version(TWO, "third", SIGNS)
    assert read_master_secret(three, SIGNS + ANNOUNCED).accepted == (b"third", b"second", b"pl4in")
    assert oldest_version(three) == 1


def test_the_oldest_ends_when_another_has_signed_for_as_long_as_anything_that_expires() -> None:
    for text in (ONE, TWO):
        with pytest.raises(ValueError, match="add one first"):
            without_oldest_version(text, NOW, early=True)
    with pytest.raises(ValueError, match="are good until 2026-11-28T12:15:00Z"):
        without_oldest_version(TWO, SIGNS + LONGEST_ADDRESS - timedelta(seconds=1))
    left = without_oldest_version(TWO, SIGNS + LONGEST_ADDRESS)
    assert oldest_version(left) == 2
    assert read_master_secret(left, SIGNS + LONGEST_ADDRESS).accepted == (b"second",)


def test_a_number_is_never_given_again() -> None:
    left = without_oldest_version(TWO, SIGNS, early=True)
    assert sorted(read_master_secret(with_new_version(left, "third", SIGNS), SIGNS).versions) == [2, 3]
