"""Rendering the rows of a job: one message, one claim, and one transaction for all that came of it.

That is for the first attempt. When its worker died on the way, nobody knows at which row: whoever comes next takes
row by row, each with a claim and an end of its own, so that a row that kills its worker uses up its own attempts and
nobody else's.

A render is charged to the first who makes it. The row that remembers it is written together with the task's end, on
condition that there is none; who is refused there was second, and delivers it for nothing.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidRequest, NotFound, Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.facts import Facts, RefusedPayload, RenderFacts
from darkroom.domain.jobs.job import FailureCode, Job, TaskState
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import ChunkSpec, RenderSpec, TemplateSpec
from darkroom.domain.renders.renders import (
    PNG,
    PREVIEW,
    Rendered,
    RenderRefused,
    fields_hash,
    image_key,
    manifest_lines,
    payload_key,
    preview_key,
)
from darkroom.domain.templates.payload import Payload, Source, Value, sources
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import SaveRender, WriteRefused
from darkroom.ports.jobs import Jobs, JobTaken
from darkroom.ports.renders import Renderer, Renders, Templates
from darkroom.ports.storage import Blobs
from darkroom.ports.system import Clock
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.jobs.claim_task import TaskBusy
from darkroom.services.renders.pictures import MAX_PICTURE_BYTES, Pictures, groups

logger = logging.getLogger(__name__)

STARTS = 4  # of a row that takes its worker down, before it is given up
TRIES = 2  # of a row the renderer fails at, within one attempt
PICTURE_SECONDS = 8.0  # for pictures that are fetched together: somebody may wait for a single render
ALL_PICTURES_SECONDS = 40.0  # for all of a message's, out of the two minutes its worker may run
TEMPLATES_KEPT = 32
UPLOADS_AT_ONCE = 8
UPLOADING_BYTES = 96 * 1024 * 1024  # of finished renders that wait to be stored; one alone may have more

NO_PICTURE = f"the picture could not be fetched, or has more than {MAX_PICTURE_BYTES // 1024**2} MB"


@dataclass(frozen=True, slots=True)
class Row:
    """One payload to render, and what it is called."""

    index: int
    payload: Payload
    key: str
    hash: str
    pictures: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one row: a render, one that was there before (``free``), or the reason why there is none."""

    index: int
    facts: Facts | None = None
    rendered: Rendered | None = None
    free: bool = False
    failure: FailureCode | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A job's open rows and all that they have in common."""

    job: Job
    template: Template
    ratio: float
    rows: tuple[Row, ...]

    @property
    def preview(self) -> bool:
        """Whether nothing of this is to be remembered."""
        return self.job.kind == PREVIEW

    @property
    def scope(self) -> str:
        """Within which a picture is fetched once."""
        spec = self.job.spec
        return spec.batch if isinstance(spec, ChunkSpec) else self.job.id

    def storage_key(self, row: Row) -> str:
        """Where the row's bytes go."""
        return (
            preview_key(self.job.owner, self.job.id)
            if self.preview
            else image_key(self.template.id, row.hash)
        )


class NothingToRender(Exception):
    """What the job renders is gone."""


@dataclass(frozen=True, slots=True)
class RenderRows:
    """Works off render messages. ``lease`` must outlast the longest a worker can run."""

    jobs: Jobs
    renders: Renders
    templates: Templates
    blobs: Blobs
    advance_and_settle: AdvanceAndSettle
    pictures: Pictures
    renderer: Renderer
    clock: Clock
    lease: timedelta
    monotonic: Callable[[], float] = time.monotonic
    _templates: OrderedDict[tuple[Owner, str, int], Template] = field(default_factory=OrderedDict)

    def __call__(self, message: TaskMessage) -> None:
        """Render what is open of a job.

        Raises
        ------
        TaskBusy
            Another worker has some of it; the message must not be taken off the queue yet.
        """
        owner, job_id, now = message.owner, message.job_id, self.clock.now()
        try:
            job = self.jobs.claim_all(owner, job_id, message.count, lease_until=now + self.lease)
        except JobTaken as taken:
            if taken.job is None or taken.job.terminal:
                logger.info("job %s needs nothing more", job_id)
                return
            self._row_by_row(taken.job)
        else:
            self._work(job, [task.index for task in job.tasks], look_up=len(job.tasks) > 1)

    def _row_by_row(self, job: Job) -> None:
        busy = False
        for index in sorted(set(range(len(job.tasks))) - job.finished):
            now = self.clock.now()
            try:
                job = self.jobs.claim(job.owner, job.id, index, now=now, lease_until=now + self.lease)
            except JobTaken as taken:
                if taken.job is None or taken.job.terminal:
                    return
                busy = busy or taken.job.tasks[index].state is TaskState.RUNNING
                continue
            if job.tasks[index].attempts > STARTS:
                logger.warning("job %s row %d was given up", job.id, index)
                self._end(job, None, [Result(index, failure=FailureCode.FAILED)])
            else:
                self._work(job, [index], look_up=job.tasks[index].attempts > 1)
        if busy:
            raise TaskBusy

    def _work(self, job: Job, indexes: Sequence[int], *, look_up: bool) -> None:
        try:
            sheet = self._sheet(job, indexes)
        except NothingToRender as nothing:
            logger.warning("job %s: %s is gone", job.id, nothing)
            self._end(job, None, [Result(index, failure=FailureCode.FAILED) for index in indexes])
            return
        known = self._known(sheet) if look_up and not sheet.preview else {}
        results = [_from_cache(row.index, known[row.key]) for row in sheet.rows if row.key in known]
        results += self._rendered(sheet, [row for row in sheet.rows if row.key not in known])
        self._end(job, sheet, results)

    # ------------------------------------------------------------------- reading

    def _sheet(self, job: Job, indexes: Iterable[int]) -> Sheet:
        spec = job.spec_as(TemplateSpec)
        template = self._template(job.owner, spec.template, spec.version)
        payloads = self._payloads(job)
        return Sheet(
            job,
            template,
            spec.ratio,
            tuple(_row(job, template, spec.ratio, index, payloads[index]) for index in indexes),
        )

    def _template(self, owner: Owner, template_id: str, version: int) -> Template:
        """The version of the template, which never changes and so is read once by each worker."""
        place = (owner, template_id, version)
        template = self._templates.get(place) or self.templates.version(owner, template_id, version)
        if template is None:
            raise NothingToRender(f"version {version} of template {template_id}")
        self._templates[place] = template
        self._templates.move_to_end(place)
        while len(self._templates) > TEMPLATES_KEPT:
            self._templates.popitem(last=False)
        return template

    def _payloads(self, job: Job) -> Sequence[Mapping[str, Any]]:
        if not isinstance(job.spec, ChunkSpec):
            return job.spec_as(RenderSpec).payloads
        spec = job.spec
        try:
            part = self.blobs.get_range(spec.manifest, spec.offset, spec.length)
        except NotFound as error:
            raise NothingToRender(spec.manifest) from error
        return list(manifest_lines(part))

    def _known(self, sheet: Sheet) -> Mapping[str, Rendered]:
        """Those of the rows that were rendered already, by payload key."""
        found = self.renders.find(sheet.job.owner, sheet.template.id, [row.key for row in sheet.rows])
        return {key: it for key, it in found.items() if it.version == sheet.template.version}

    # ----------------------------------------------------------------- rendering

    def _rendered(self, sheet: Sheet, rows: Sequence[Row]) -> list[Result]:
        """Draw the rows, each being stored while the next is drawn."""
        left = ALL_PICTURES_SECONDS
        wanted = [[source.url for source in row.pictures] for row in rows]
        results: list[Result] = []
        uploads: list[tuple[int, Future[None]]] = []
        with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
            for places in groups(wanted):
                urls = [url for place in places for url in wanted[place]]
                started = self.monotonic()
                until = started + min(PICTURE_SECONDS, left)
                pictures = self.pictures.get(sheet.scope, urls, until) if urls else {}
                left -= self.monotonic() - started
                for row in rows[places.start : places.stop]:
                    result, data = self._draw(sheet, row, pictures)
                    results.append(result)
                    if data is not None:
                        _make_room(uploads, len(data))
                        upload = pool.submit(self.blobs.put, sheet.storage_key(row), data, PNG)
                        uploads.append((len(data), upload))
        for _, upload in uploads:
            upload.result()  # before any record says that the bytes are there
        return results

    def _draw(
        self, sheet: Sheet, row: Row, pictures: Mapping[str, bytes | None]
    ) -> tuple[Result, bytes | None]:
        for tried in range(1, TRIES + 1):
            started = self.monotonic()
            try:
                data = self.renderer.render(
                    sheet.template,
                    row.payload,
                    _had(row, pictures),
                    sheet.ratio,
                    watermark=not sheet.job.owner.livemode,
                )
            except RenderRefused as refused:
                return _refused(row, refused), None
            except InvalidRequest as error:
                return _rejected(row.index, error.param or "payload", error.detail), None
            except Unavailable:
                raise
            except Exception:
                logger.exception("job %s row %d was not rendered, try %d", sheet.job.id, row.index, tried)
            else:
                took = round((self.monotonic() - started) * 1000)
                return self._made(sheet, row, len(data), took), data
        return Result(row.index, failure=FailureCode.FAILED), None

    def _made(self, sheet: Sheet, row: Row, size: int, took: int) -> Result:
        rendered = Rendered(
            sheet.job.owner,
            sheet.template.id,
            sheet.template.version,
            row.key,
            row.hash,
            sheet.storage_key(row),
            size,
            took,
            self.clock.now(),
        )
        return Result(row.index, _facts(rendered), rendered)

    # -------------------------------------------------------------------- ending

    def _end(self, job: Job, sheet: Sheet | None, results: Sequence[Result]) -> None:
        """Write down what came of the rows, all at once.

        A render that somebody else remembered first is written as free, and that again, until nobody is in the way.
        Each round finds at least one more of them, so there are at most as many rounds as rows.
        """
        for _ in range(len(results) + 1):
            try:
                self._commit(job, sheet, results)
            except StaleJob:
                # The bytes stay: another job may have stored the same ones at the same place.
                logger.info("job %s had ended before its rows", job.id)
            except WriteRefused as refusal:
                if sheet is None or not isinstance(refusal.write, SaveRender):
                    raise
                results = self._second(sheet, results, refusal.write)
                continue
            return
        raise Unavailable("The renders are being made by somebody else.")

    def _commit(self, job: Job, sheet: Sheet | None, results: Sequence[Result]) -> None:
        ending: list[Result] = []

        def ended(current: Job) -> Job:
            ending[:] = [result for result in results if result.index not in current.finished]
            for result in ending:
                current = self._with(current, result)
            return current

        self.advance_and_settle(
            job,
            ended,
            still_needed=lambda current: any(result.index not in current.finished for result in results),
            also=lambda _: _remembering(ending) if sheet and not sheet.preview else (),
        )

    def _with(self, job: Job, result: Result) -> Job:
        now = self.clock.now()
        if result.failure is not None:
            return transitions.task_failed(
                job, result.index, result.failure, now, reason=result.reason, facts=result.facts
            )
        return transitions.task_succeeded(job, result.index, None, now, facts=result.facts, free=result.free)

    def _second(self, sheet: Sheet, results: Sequence[Result], refused: SaveRender) -> list[Result]:
        """The results with those marked free that somebody else has remembered, of this version or a later one."""
        keys = [it.rendered.payload_key for it in results if it.rendered is not None and not it.free]
        if len(keys) > 1:
            found = self.renders.find(sheet.job.owner, sheet.template.id, keys)
            there = {key for key, it in found.items() if it.version >= sheet.template.version}
        else:
            there = set(keys)
        there.add(refused.rendered.payload_key)
        return [
            replace(it, free=True) if it.rendered is not None and it.rendered.payload_key in there else it
            for it in results
        ]


def _row(job: Job, template: Template, ratio: float, index: int, filled: Mapping[str, Any]) -> Row:
    payload = {element_id: Value(**value) for element_id, value in filled.items()}
    key = payload_key(filled, ratio)
    named = fields_hash(template.id, template.version, key, job.owner.livemode)
    return Row(index, payload, key, named, sources(template.document, payload))


def _make_room(uploads: Sequence[tuple[int, Future[None]]], size: int) -> None:
    """Wait until ``size`` more bytes may be held beside those of the uploads, by size, that have not ended."""
    while under_way := [upload for upload in uploads if not upload[1].done()]:
        if sum(held for held, _ in under_way) + size <= UPLOADING_BYTES:
            return
        under_way[0][1].result()


def _had(row: Row, pictures: Mapping[str, bytes | None]) -> dict[str, bytes]:
    """The row's pictures.

    Raises
    ------
    RenderRefused
        One of them could not be had.
    """
    had: dict[str, bytes] = {}
    for source in row.pictures:
        data = pictures[source.url]
        if data is None:
            raise RenderRefused(source.element_id, source.field, NO_PICTURE)
        had[source.url] = data
    return had


def _facts(rendered: Rendered) -> RenderFacts:
    return RenderFacts(
        fields_hash=rendered.fields_hash, render_ms=rendered.render_ms, upload_bytes=rendered.size
    )


def _from_cache(index: int, rendered: Rendered) -> Result:
    return Result(index, _facts(rendered), rendered, free=True)


def _refused(row: Row, refused: RenderRefused) -> Result:
    """What is wrong is said of the payload where it comes from there, of the template's element elsewhere."""
    place = ".".join(filter(None, (refused.element_id, refused.field)))
    param = f"payload.{place}" if refused.element_id in row.payload else place
    return _rejected(row.index, param, f"{param}: {refused.message.rstrip('.')}.")


def _rejected(index: int, param: str, reason: str) -> Result:
    return Result(index, RefusedPayload(param=param), failure=FailureCode.INPUT_REJECTED, reason=reason)


def _remembering(results: Iterable[Result]) -> tuple[SaveRender, ...]:
    return tuple(
        SaveRender(result.rendered) for result in results if result.rendered is not None and not result.free
    )
