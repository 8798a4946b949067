"""What is copied from the web is counted before it is fetched, and is a picture to its end."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from darkroom.domain.errors import FeatureQuotaExceeded, InvalidParam
from darkroom.services.jobs.rehost_image import COPIES, RehostImage
from tests.harness.core import CoreHarness
from tests.harness.pictures import png

URL = "https://example.com/a.png"


@pytest.fixture
def fetched() -> list[bytes]:
    return [png(3, 2)]


def rehost(harness: CoreHarness, fetched: list[bytes]) -> RehostImage:
    fetcher = SimpleNamespace(fetch=lambda *_, **__: fetched[0])
    return RehostImage(fetcher, harness.core.blobs, harness.core.store, harness.core.clock)


def test_the_same_bytes_are_one_asset(fetched: list[bytes]) -> None:
    harness = CoreHarness()
    copy = rehost(harness, fetched)
    first = copy(harness.owner, URL, param="url")
    assert copy(harness.owner, URL, param="url").id == first.id
    assert len(harness.blobs.objects) == 1


def test_what_goes_on_after_its_end_is_no_picture(fetched: list[bytes]) -> None:
    harness = CoreHarness()
    fetched[0] += b"and more"
    with pytest.raises(InvalidParam) as refused:
        rehost(harness, fetched)(harness.owner, URL, param="url")
    assert refused.value.param == "url"
    assert not harness.blobs.objects


def test_copies_of_a_day_are_limited_before_anything_is_fetched(fetched: list[bytes]) -> None:
    harness = CoreHarness()
    copy = rehost(harness, fetched)
    for _ in range(COPIES.limit):
        copy(harness.owner, URL, param="url")
    fetched.clear()
    with pytest.raises(FeatureQuotaExceeded):
        copy(harness.owner, URL, param="url")
