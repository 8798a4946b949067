"""Uploads while functions die, events come twice and in any order, URLs are used again and files are deleted."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import pytest

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.files.file import CleanMedia, File, FileStatus, Rejection, UnusableFile
from darkroom.domain.files.uploads import FileUsage, place_of, upload_key
from darkroom.domain.writes import SettleFile
from darkroom.services.files.request_upload import NewFile
from tests.fakes import FakeFontInspector, FakeInspector
from tests.fakes.calls import Crash
from tests.harness.core import POLICY, TenantHarness

STEPS = 200
SEEDS = range(30)


class Inspector(FakeInspector):
    """Refuses what begins with a question mark."""

    def inspect(self, data: bytes, mime: str) -> CleanMedia:
        self.refusal = UnusableFile(Rejection.DAMAGED, "is damaged") if data.startswith(b"?") else None
        return super().inspect(data, mime)


class Storm:
    """A workspace whose every step may be the last one of a process."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.harness = TenantHarness(credits=1, plan="pro")
        self.files: list[tuple[File, bytes]] = []
        self.events: list[str] = []
        self.deleted: set[str] = set()

    def run(self) -> None:
        for _ in range(STEPS):
            self._dying(
                self.chance.choice((self.announce, self.upload, self.upload, self.ingest, self.delete))
            )
        while self.events:
            self.take_in(self.events.pop(self.chance.randrange(len(self.events))))

    def _dying(self, step: object) -> None:
        calls = self.harness.calls
        calls.made.clear()
        calls.die_at = self.chance.randrange(1, 8) if self.chance.random() < 0.3 else None
        calls.die_after_effect = self.chance.random() < 0.5
        try:
            assert callable(step)
            step()
        except (Crash, NotFound, Unavailable):
            pass
        finally:
            calls.die_at = None

    def announce(self) -> None:
        data = self.chance.choice((b"ok ", b"? ")) + self.chance.randbytes(8)
        new = NewFile("", "image/png", len(data), hashlib.sha256(data).hexdigest())
        caller = self.harness.authenticate(self.harness.token, POLICY)
        self.files.append((self.harness.core.request_upload(caller, new).file, data))

    def upload(self) -> None:
        if self.files:
            file, data = self.chance.choice(self.files)
            data = data if self.chance.random() < 0.9 else b"!" * len(data)
            self.harness.blobs.put(upload_key(file), data, file.mime)
            self.events += [upload_key(file)] * self.chance.choice((1, 1, 2))

    def ingest(self) -> None:
        if self.events:
            key = self.chance.choice(self.events)
            self.take_in(key)
            self.events.remove(key)  # a message goes once it was worked off; till then it comes again

    def take_in(self, key: str) -> None:
        self.harness.core.ingest_upload(Inspector(), FakeFontInspector())(key)

    def delete(self) -> None:
        if self.files:
            file, _ = self.chance.choice(self.files)
            self.deleted.add(file.id)
            caller = self.harness.authenticate(self.harness.token, POLICY)
            self.harness.core.manage_files.delete(caller, file.id)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_doubled_and_nothing_lost(seed: int) -> None:
    storm = Storm(seed)
    storm.run()
    harness = storm.harness
    files = [file for (owner, _), file in harness.memory.files.items() if owner == harness.owner]
    ready = {file.id: file for file in files if file.status is FileStatus.READY}
    pending = [file for file in files if file.status is FileStatus.PENDING]

    settled = Counter(
        write.file.id for commit in harness.store.commits for write in commit if isinstance(write, SettleFile)
    )
    assert set(settled.values()) <= {1}
    kept = {asset.id: asset for asset in harness.memory.assets.values() if asset.deleted_at is None}
    assert kept.keys() == ready.keys()
    usage = harness.memory.file_usage.get(harness.owner, FileUsage())
    assert usage.stored_bytes == sum(asset.size for asset in kept.values())
    assert usage.places == {place_of(file) for file in pending}
    # All events have come, so nothing is left of uploads, nor of files that are not ready.
    bytes_of = {asset.storage_key: asset.id for asset in kept.values()}
    assert harness.blobs.objects.keys() <= bytes_of.keys()
    # Only a deletion that died after its first step leaves a file without bytes, until it is repeated.
    assert {bytes_of[key] for key in bytes_of.keys() - harness.blobs.objects.keys()} <= storm.deleted
    uploaded_well = {
        file.id for file, data in storm.files if file.id in settled and not data.startswith(b"?")
    }
    for file in files:
        if file.status is FileStatus.REJECTED:
            reasons = (Rejection.CHECKSUM_MISMATCH, Rejection.DAMAGED)
            assert file.rejection in reasons
            assert file.id not in uploaded_well or file.rejection is Rejection.CHECKSUM_MISMATCH
