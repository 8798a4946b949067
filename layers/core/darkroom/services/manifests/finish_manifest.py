"""Writing a manifest's results and its report of bad rows, once all its rows have ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

from darkroom.domain.manifests.manifest import Manifest, Stop
from darkroom.domain.manifests.results import ResultsWriter, RowResult, results_from_lines
from darkroom.domain.manifests.segments import SegmentRow

if TYPE_CHECKING:
    from darkroom.ports.storage import Blobs
    from darkroom.ports.system import Clock
    from darkroom.services.manifests.save import SaveNext

IN_MEMORY = 8 * 1024 * 1024  # of each file; the rest is on disk


@dataclass(frozen=True, slots=True)
class FinishManifest:
    """Puts the stored parts together. Done again after a crash, it writes the same."""

    blobs: Blobs
    save: SaveNext
    clock: Clock

    def __call__(self, stored: Manifest, manifest: Manifest) -> Manifest:
        """Store results and report, then end the manifest; ``stored`` is the version that was read.

        Raises
        ------
        StaleManifest, Unavailable
        """
        with SpooledTemporaryFile(IN_MEMORY) as results, SpooledTemporaryFile(IN_MEMORY) as report:
            with _text(results) as results_text, _text(report) as report_text:
                self._write(manifest, results_text, report_text)
            for key, file in ((manifest.results_key(), results), (manifest.report_key(), report)):
                file.seek(0)
                self.blobs.put(key, file, manifest.format.mime)
        return self.save(stored, manifest.ended(self.clock.now()))

    def _write(self, manifest: Manifest, results: IO[str], report: IO[str]) -> None:
        writer = ResultsWriter(manifest.format, manifest.position.columns, results, report)
        for number in range(manifest.position.segments):
            for result in results_from_lines(self.blobs.get(manifest.part_key(number, "results"))):
                writer.add(result)
        if manifest.stop is Stop.FAILED:
            writer.report(
                RowResult(SegmentRow(manifest.position.rows + 1, None), "failed", error=manifest.reason)
            )


@contextmanager
def _text(file: SpooledTemporaryFile[bytes]) -> Iterator[IO[str]]:
    """The file, to write text to; it stays open."""
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.flush()
        text.detach()
