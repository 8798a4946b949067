"""Outputs: stored under the task's own name, with what they came from, and no larger than may be."""

from __future__ import annotations

from dataclasses import replace
from typing import IO

import pytest

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.jobs.engine import Download, Output
from darkroom.domain.jobs.engine_failures import RouteFailed
from darkroom.domain.jobs.spec import Input
from darkroom.services.jobs.collect_output import MAX_FILM_BYTES, MAX_IMAGE_BYTES, CollectOutput
from darkroom.services.jobs.find_root import Origin
from tests.contract.examples import NOW, job, spec
from tests.fakes import FakeBlobs
from tests.fakes.vendors import FakeDownloads
from tests.harness.pictures import png
from tests.harness.vendors import FILM

ADDRESS = "https://cdn.test/file"


class LimitedDownloads(FakeDownloads):
    """Keeps how large a file may be."""

    def __init__(self) -> None:
        super().__init__()
        self.limits: list[int] = []

    def open(self, download: Download, *, max_bytes: int) -> IO[bytes]:
        self.limits.append(max_bytes)
        return super().open(download, max_bytes=max_bytes)


@pytest.mark.parametrize(
    ("feature", "data", "limit"),
    [(Feature.IMAGES, png(3, 2), MAX_IMAGE_BYTES), (Feature.VIDEO, FILM, MAX_FILM_BYTES)],
)
def test_a_file_may_be_as_large_as_its_sort(feature: Feature, data: bytes, limit: int) -> None:
    downloads = LimitedDownloads()
    downloads.files[ADDRESS] = data
    making = job(feature=feature)
    CollectOutput(FakeBlobs(), downloads)(making, making.tasks[0], Download(ADDRESS), NOW)
    assert downloads.limits == [limit]


@pytest.mark.parametrize(("said", "ratio"), [("21:9", "21:9"), ("", "3:2")])
def test_a_picture_has_the_shape_its_vendor_said_or_its_own(said: str, ratio: str) -> None:
    downloads = FakeDownloads()
    downloads.files[ADDRESS] = png(3, 2)
    making = job(spec=spec(aspect_ratio="auto"))
    download = Download(ADDRESS, aspect_ratio=said)
    asset = CollectOutput(FakeBlobs(), downloads)(making, making.tasks[0], download, NOW)
    assert asset.aspect_ratio == ratio


def test_an_output_is_a_child_of_the_asset_it_was_made_from() -> None:
    edit = job(spec=spec(inputs=(Input("ref", "r", True, "a-0"), Input("source", "s", True, "a-1"))))
    blobs = FakeBlobs()
    output = Output(b"kite", "image/png", "1:1")
    asset = CollectOutput(blobs, None)(edit, edit.tasks[1], output, NOW)
    assert (asset.parent_id, asset.id, asset.size) == ("a-1", edit.tasks[1].id, 4)
    assert blobs.objects == {asset.storage_key: (b"kite", "image/png")}
    bare = replace(edit, spec=spec(inputs=()))
    assert CollectOutput(blobs, None)(bare, bare.tasks[1], output, NOW).parent_id is None


def test_a_child_knows_where_its_family_began() -> None:
    edit = job(spec=spec(inputs=(Input("source", "s", True, "a-1"),)))
    output = Output(b"kite", "image/png", "1:1")
    assert CollectOutput(FakeBlobs(), None)(edit, edit.tasks[0], output, NOW).root_id == "a-1"
    collect = CollectOutput(FakeBlobs(), None, lambda _, parent_id: Origin(f"root of {parent_id}", True))
    made = collect(edit, edit.tasks[0], output, NOW)
    assert (made.root_id, made.from_carousel) == ("root of a-1", True)
    bare = replace(edit, spec=spec(inputs=()))
    assert collect(bare, bare.tasks[0], output, NOW).root_id is None


def test_a_worker_that_fetches_nothing_says_so() -> None:
    with pytest.raises(RouteFailed) as refused:
        CollectOutput(FakeBlobs(), None)(job(), job().tasks[0], Download(ADDRESS), NOW)
    assert refused.value.code == "no_downloads"
