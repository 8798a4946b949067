"""A manifest: a file of rows, what they are to become, and how far that is.

    pending → processing ⇄ parked → completed · canceled · expired · failed

Its rows are made in *segments*: the jobs of one segment are created, and their price is held, in the transaction that
moves the manifest's position behind it. So whoever goes on from the stored position repeats no row and leaves none
out. The segments under way are *open*; one is closed when all its jobs have ended and its results are stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.ids import derived
from darkroom.domain.jobs.spec import Encoding
from darkroom.domain.manifests.records import Format

MAX_BYTES = 256 * 1024 * 1024
MAX_ROWS = 100_000
MAX_PARKED = timedelta(hours=24)
UPLOAD_SECONDS = 3600
OPERATOR = "operator"  # the key of what no key of a workspace asked for

PREFIX = "manifests/"
_WORK = "work/manifests/"


class Make(StrEnum):
    """What rows become."""

    RENDERS = "renders"
    GENERATIONS = "generations"


class ManifestStatus(StrEnum):
    """A manifest's state; the last four are terminal."""

    PENDING = "pending"
    PROCESSING = "processing"
    PARKED = "parked"
    COMPLETED = "completed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    FAILED = "failed"


OPEN_STATUSES = frozenset({ManifestStatus.PENDING, ManifestStatus.PROCESSING, ManifestStatus.PARKED})


class Stop(StrEnum):
    """Why the rows from some place on are not made: they are read and reported, and cost nothing."""

    CANCELED = "canceled"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the rows become: renders of a template's version, or outputs of an offer.

    ``ratio`` and ``encoding`` are of renders, and no encoding is PNG; ``model`` is what clients call an offer.
    """

    make: Make
    offer_id: str
    model: str | None = None
    template_id: str | None = None
    template_version: int | None = None
    ratio: float = 1.0
    encoding: Encoding | None = None

    @classmethod
    def unknown(cls) -> Order:
        """What a file asks for that does not say."""
        return cls(make=Make.RENDERS, offer_id="")


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file was read: the next byte, and how many rows and segments came before it.

    ``columns`` are those of a CSV file once its header was read; ``at_end`` says that nothing follows.
    """

    offset: int = 0
    rows: int = 0
    segments: int = 0
    columns: tuple[str, ...] = ()
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """A segment whose jobs are under way. ``counted`` of its rows were seen to have ended so far."""

    number: int
    jobs: int
    rows: int
    succeeded: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of rows. ``invalid`` could not be read, ``skipped`` were not made because the manifest ended.

    ``charged`` are credits.
    """

    succeeded: int = 0
    failed: int = 0
    invalid: int = 0
    skipped: int = 0
    charged: int = 0

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.succeeded + other.succeeded,
            self.failed + other.failed,
            self.invalid + other.invalid,
            self.skipped + other.skipped,
            self.charged + other.charged,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One manifest. ``version`` counts its changes, each made on condition of the one before.

    ``source`` is the file's key and ``etag`` says which upload of it is read. ``turn`` numbers the messages that
    carry the work on: only the current one is heeded. ``reason`` says why it is parked, failed or was ended,
    in words for the client, and ``code`` the same for programs.
    """

    id: str
    owner: Owner
    key_id: str
    order: Order
    format: Format
    source: str
    created_at: datetime
    check_at: datetime
    name: str = ""
    version: int = 1
    status: ManifestStatus = ManifestStatus.PENDING
    etag: str | None = None
    size: int = 0
    position: Position = Position()
    open: tuple[OpenSegment, ...] = ()
    tally: Tally = Tally()
    turn: int = 0
    stop: Stop | None = None
    code: str | None = None
    reason: str | None = None
    started_at: datetime | None = None
    parked_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def terminal(self) -> bool:
        """Whether nothing can change any more."""
        return self.status not in OPEN_STATUSES

    @property
    def read_to_end(self) -> bool:
        """Whether no row is left to be read."""
        return self.position.at_end

    @property
    def progress(self) -> Tally:
        """The rows that have ended, those of open segments included."""
        under_way = Tally(
            sum(segment.succeeded for segment in self.open), sum(segment.failed for segment in self.open)
        )
        return self.tally.plus(under_way)

    @property
    def queued(self) -> int:
        """The rows that were read and have not ended."""
        done = self.progress
        return self.position.rows - done.succeeded - done.failed - done.invalid - done.skipped

    def results_key(self) -> str:
        """Where its results are: the same rows, each with what became of it."""
        return f"{self._stem()}.results.{self.format.value}"

    def report_key(self) -> str:
        """Where its report of bad rows is."""
        return f"{self._stem()}.errors.{self.format.value}"

    def part_key(self, number: int, part: str) -> str:
        """Where a part of a segment's work is kept until the manifest has ended."""
        return f"{_WORK}{owner_path(self.owner)}/{self.id}/{number:06}.{part}.jsonl"

    def payloads_key(self, number: int) -> str:
        """Where a segment's payloads are for the renderer."""
        return f"tmp/batches/{owner_path(self.owner)}/{self.id}-{number:06}.jsonl"

    def job_id(self, segment: int, number: int) -> str:
        """The id of a segment's job: the same however often the segment is made."""
        return derived(self.id, "segment", segment, "job", number)

    def job_ids(self, segment: OpenSegment) -> tuple[str, ...]:
        """The ids of an open segment's jobs."""
        return tuple(self.job_id(segment.number, number) for number in range(segment.jobs))

    def _stem(self) -> str:
        """The file's key without its ending, and with the id, which not every file is named after."""
        stem = self.source.rpartition(".")[0]
        return stem if stem.endswith(self.id) else f"{stem}.{self.id}"

    # ------------------------------------------------------------------ changes

    def next_to(self, stored: Manifest) -> Manifest:
        """This manifest as the version that follows the stored one, however many changes made it."""
        return replace(self, version=stored.version + 1)

    def started(self, etag: str, size: int, now: datetime, check_at: datetime) -> Manifest:
        """The manifest as its file has arrived."""
        return replace(
            self,
            status=ManifestStatus.PROCESSING,
            etag=etag,
            size=size,
            started_at=now,
            check_at=check_at,
            turn=1,
        )

    def parked(self, code: str, reason: str, now: datetime) -> Manifest:
        """The manifest waiting for credits; it has waited since it was first parked."""
        return replace(
            self, status=ManifestStatus.PARKED, code=code, reason=reason, parked_at=self.parked_at or now
        )

    def stopped(self, stop: Stop, code: str, reason: str) -> Manifest:
        """The manifest with no more rows to be made. What is under way goes on to its end."""
        return replace(
            self, status=ManifestStatus.PROCESSING, stop=stop, code=code, reason=reason, parked_at=None
        )

    def broken(self, code: str, reason: str) -> Manifest:
        """The manifest whose file cannot be read any further; one that was stopped before keeps its reason."""
        stopped = self if self.stop else self.stopped(Stop.FAILED, code, reason)
        return replace(stopped, position=replace(self.position, at_end=True))

    def expanded(self, position: Position, opened: OpenSegment | None, tally: Tally) -> Manifest:
        """The manifest one segment further. ``tally`` is of those of its rows that need no job."""
        return replace(
            self,
            status=ManifestStatus.PROCESSING,
            position=position,
            open=(*self.open, opened) if opened else self.open,
            tally=self.tally.plus(tally),
            parked_at=None,
            code=self.code if self.stop else None,
            reason=self.reason if self.stop else None,
        )

    def seen(self, segment: OpenSegment) -> Manifest:
        """The manifest with newer counts of an open segment."""
        return replace(self, open=tuple(segment if it.number == segment.number else it for it in self.open))

    def closed(self, number: int, tally: Tally) -> Manifest:
        """The manifest with one open segment less; ``tally`` is of its rows that had jobs."""
        return replace(
            self, open=tuple(it for it in self.open if it.number != number), tally=self.tally.plus(tally)
        )

    def ended(self, now: datetime) -> Manifest:
        """The manifest with everything done."""
        status = ManifestStatus(self.stop.value) if self.stop else ManifestStatus.COMPLETED
        return replace(self, status=status, completed_at=now)


def owner_path(owner: Owner) -> str:
    """The owner as two folders of a key."""
    return f"{owner.workspace_id}/{'live' if owner.livemode else 'test'}"


def source_key(owner: Owner, manifest_id: str, format: Format) -> str:
    """Where a registered manifest's file is to be put."""
    return f"{PREFIX}{owner_path(owner)}/{manifest_id}.{format.value}"


@dataclass(frozen=True, slots=True)
class Source:
    """What a file's key says: whose it is, its name without the ending, and how it is written."""

    owner: Owner
    name: str
    format: Format


def source_of(key: str) -> Source | None:
    """What the key of a new file says; ``None`` of one that is no manifest, such as another's results."""
    if not key.startswith(PREFIX):
        return None
    parts = key.removeprefix(PREFIX).split("/", 2)
    if len(parts) != 3 or not parts[0] or parts[1] not in ("live", "test"):
        return None
    name, _, ending = parts[2].rpartition(".")
    written = next((it for it in Format if it.value == ending.lower()), None)
    if written is None or not name or name.endswith((".results", ".errors")):
        return None
    return Source(Owner(parts[0], parts[1] == "live"), name, written)


def operators_id(key: str, etag: str) -> str:
    """The id of a manifest that the operator put: the same file in the same place is the same manifest."""
    return derived("manifest", key, etag)
