"""The bucket drops by itself what its addresses say is kept for a while only."""

from __future__ import annotations

from datetime import date

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.assets import COPIES_KEPT, copy_key, storage_key
from tests.unit.template.source import resources

RULES = resources("AWS::S3::Bucket")["MediaBucket"]["LifecycleConfiguration"]["Rules"]
OWNER = Owner("w", True)


def days_kept(key: str) -> int | None:
    return next((rule["ExpirationInDays"] for rule in RULES if key.startswith(rule.get("Prefix", " "))), None)


def test_a_copy_is_dropped_when_its_address_ends() -> None:
    assert days_kept(copy_key(OWNER, "a", "image/png", date(2026, 11, 21))) == COPIES_KEPT.days


def test_what_was_made_is_kept() -> None:
    assert days_kept(storage_key(OWNER, "job", "a", "image/png")) is None
