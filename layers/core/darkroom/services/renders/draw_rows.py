"""Drawing rows: their pictures are fetched together, and each render is stored while the next one is drawn."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from darkroom.domain.errors import InvalidRequest, Unavailable
from darkroom.domain.renders.names import MEDIA
from darkroom.domain.renders.rendered import Picture, Rendered, RenderRefused
from darkroom.ports.renders import Renderer
from darkroom.ports.storage import Blobs
from darkroom.ports.system import Clock
from darkroom.services.renders.pictures import MAX_PICTURE_BYTES, Pictures, groups
from darkroom.services.renders.rows import JobRows, Row, RowResult

logger = logging.getLogger(__name__)

TRIES = 2  # of a row that the renderer fails at, within one attempt
PICTURE_SECONDS = 8.0  # for pictures that are fetched together: a caller may be waiting for a single render
ALL_PICTURES_SECONDS = 40.0  # for all of a message's, out of the two minutes its worker may run
UPLOADS_AT_ONCE = 8
UPLOADING_BYTES = 96 * 1024 * 1024  # of finished renders that wait to be stored; one alone may have more

NO_PICTURE = f"the picture could not be fetched, or has more than {MAX_PICTURE_BYTES // 1024**2} MB"


@dataclass(frozen=True, slots=True)
class DrawRows:
    """Renders rows and stores their bytes. It caches pictures, so a worker keeps one instance."""

    pictures: Pictures
    renderer: Renderer
    blobs: Blobs
    clock: Clock
    monotonic: Callable[[], float] = time.monotonic

    def __call__(self, job_rows: JobRows, rows: Sequence[Row]) -> list[RowResult]:
        """Render ``rows`` of the job; when this returns, the bytes of every new render are stored.

        Raises
        ------
        Unavailable
        """
        seconds_left, media = ALL_PICTURES_SECONDS, MEDIA[job_rows.encoding.format]
        urls_by_row = [[source.url for source in row.pictures] for row in rows]
        results: list[RowResult] = []
        uploads: list[tuple[int, Future[None]]] = []
        with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
            for places in groups(urls_by_row):
                urls = [url for place in places for url in urls_by_row[place]]
                started = self.monotonic()
                until = started + min(PICTURE_SECONDS, seconds_left)
                pictures = self.pictures.get(job_rows.scope, urls, until) if urls else {}
                seconds_left -= self.monotonic() - started
                for row in rows[places.start : places.stop]:
                    result, data = self._draw(job_rows, row, pictures)
                    results.append(result)
                    if data is not None:
                        _make_room(uploads, len(data))
                        upload = pool.submit(self.blobs.put, job_rows.storage_key(row), data, media)
                        uploads.append((len(data), upload))
        for _, upload in uploads:
            upload.result()  # before any record says that the bytes are there
        return results

    def _draw(
        self, job_rows: JobRows, row: Row, pictures: Mapping[str, bytes | None]
    ) -> tuple[RowResult, bytes | None]:
        for number in range(1, TRIES + 1):
            started = self.monotonic()
            try:
                picture = self.renderer.render(
                    job_rows.template,
                    row.payload,
                    _pictures_of(row, pictures),
                    job_rows.ratio,
                    watermark=not job_rows.job.owner.livemode,
                    encoding=job_rows.encoding,
                )
            except RenderRefused as refused:
                return RowResult.refused(row, refused), None
            except InvalidRequest as error:
                return RowResult.rejected(row.index, error.param or "payload", error.detail), None
            except Unavailable:
                raise
            except Exception:
                logger.exception("job %s row %d was not rendered, try %d", job_rows.job.id, row.index, number)
            else:
                render_ms = round((self.monotonic() - started) * 1000)
                rendered = self._rendered(job_rows, row, picture, render_ms)
                return RowResult.made(row.index, rendered), picture.data
        return RowResult.failed(row.index), None

    def _rendered(self, job_rows: JobRows, row: Row, picture: Picture, render_ms: int) -> Rendered:
        return Rendered(
            job_rows.job.owner,
            job_rows.template.id,
            job_rows.template.version,
            row.key,
            row.hash,
            job_rows.storage_key(row),
            len(picture.data),
            render_ms,
            self.clock.now(),
            picture.warnings,
        )


def _make_room(uploads: Sequence[tuple[int, Future[None]]], size: int) -> None:
    """Wait until ``size`` more bytes may be held beside those of the uploads, by size, that have not ended."""
    while under_way := [upload for upload in uploads if not upload[1].done()]:
        if sum(held for held, _ in under_way) + size <= UPLOADING_BYTES:
            return
        under_way[0][1].result()


def _pictures_of(row: Row, pictures: Mapping[str, bytes | None]) -> dict[str, bytes]:
    """The row's pictures by URL.

    Raises
    ------
    RenderRefused
        One of them could not be fetched.
    """
    fetched: dict[str, bytes] = {}
    for source in row.pictures:
        data = pictures[source.url]
        if data is None:
            raise RenderRefused(source.element_id, source.field, NO_PICTURE)
        fetched[source.url] = data
    return fetched
