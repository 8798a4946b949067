"""Manifests on fakes: uploads, the worker, the workers of what rows become, with every port call countable."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import Unavailable
from darkroom.domain.manifests.manifest import Manifest, ManifestStatus, Order
from darkroom.domain.manifests.messages import ManifestMessage, SourceArrived
from darkroom.domain.manifests.records import Format
from darkroom.domain.renders.names import is_render
from darkroom.services.jobs.execute_task import ExecuteTask
from tests.fakes.engine import FakeEngine
from tests.harness.core import TenantHarness
from tests.harness.renders import RenderHarness


class ManifestHarness(RenderHarness):
    """A workspace with a template, and the workers that its manifests need."""

    def __init__(self, credits: int = 100_000, *, livemode: bool = True, plan: str = "metered") -> None:
        super().__init__(credits, livemode=livemode)
        workspace = self.memory.workspaces[self.owner.workspace_id]
        self.memory.workspaces[workspace.id] = replace(workspace, plan=plan)
        self.core.settings = replace(self.core.settings, queue_manifests_url="https://sqs.test/manifests")
        self.engine = FakeEngine(self.clock)
        self.execute: ExecuteTask = self.core.execute_task({self.engine.name: self.engine})

    # ------------------------------------------------------------------ uploading

    def order(self, model: str | None = None) -> Order:
        if model is None:
            return self.core.resolve_order.renders(self.owner, self.template.id)
        return self.core.resolve_order.generations(model)

    def register(self, order: Order | None = None, format: Format = Format.CSV, size: int = 1) -> Manifest:
        return self.core.register_manifest(self.caller(), order or self.order(), format, size).manifest

    def upload(self, manifest: Manifest, data: bytes) -> SourceArrived:
        """Put the file; returns the news of it, which nobody has been told yet."""
        file = self.manifest_files.put(manifest.source, data)
        return SourceArrived(manifest.source, file.etag, file.size)

    def start(self, data: bytes, model: str | None = None, format: Format = Format.CSV) -> Manifest:
        """A manifest whose file has arrived."""
        manifest = self.register(self.order(model), format)
        self.core.start_manifest.arrived(self.upload(manifest, data))
        return self.manifest(manifest)

    def put(self, name: str, data: bytes, owner: Owner | None = None, **metadata: str) -> SourceArrived:
        """What the operator puts."""
        whose = owner or self.owner
        mode = "live" if whose.livemode else "test"
        key = f"manifests/{whose.workspace_id}/{mode}/{name}"
        file = self.manifest_files.put(
            key, data, {said.replace("_", "-"): it for said, it in metadata.items()}
        )
        return SourceArrived(key, file.etag, file.size)

    # ------------------------------------------------------------------ working

    def take_turns(self) -> list[ManifestMessage]:
        """The messages of manifests; the queue is empty afterwards, and their delays are over."""
        sent = list(self.manifest_queue.sent)
        self.manifest_queue.sent.clear()
        self.clock.advance(max((it.delay_seconds for it in sent), default=0))
        return [it.message for it in sent]

    def turn(self, message: ManifestMessage) -> None:
        """What the worker does with a message."""
        if message.is_before_the_file:
            self.core.start_manifest.look(message.owner, message.manifest_id)
        else:
            self.core.advance_manifest(message, lambda: True)

    def turns(self, count: int = 1) -> None:
        """Work off the manifests' queue so many times, and nothing else."""
        for _ in range(count):
            for message in self.take_turns():
                self.turn(message)

    def work_jobs(self) -> None:
        """Work off the queues of tasks."""
        with self.calls.unwatched():
            while self.queues.tasks:
                sent = list(self.queues.tasks)
                self.queues.tasks.clear()
                for item in sent:
                    if item.queue is Queue.BULK_RENDERS:
                        self.render_rows(item.message)
                    else:
                        self.execute(item.message)

    def finish(self) -> None:
        """Work everything off until nothing is left to do."""
        for _ in range(10_000):
            self.work_jobs()
            messages = self.take_turns()
            if not messages:
                return
            for message in messages:
                self.turn(message)
        raise AssertionError("the queue never became empty")

    def housekeep(self, after: timedelta = timedelta(minutes=16)) -> None:
        """A round of housekeeping, later."""
        self.clock.advance(after)
        self.sweep()

    def grant(self, credits: int) -> None:
        self.core.grant_credits_by_hand(self.owner.workspace_id, credits)

    # ------------------------------------------------------------------ looking

    def check_books(self) -> None:
        """The books, and that every render that is remembered was charged once."""
        TenantHarness.check_books(self)
        renders = [job for job in self.memory.jobs.values() if is_render(job)]
        assert sum(job.charged for job in renders) == len(self.memory.rendered)

    def manifest(self, manifest: Manifest) -> Manifest:
        """As it stands now."""
        return self.memory.manifests[manifest.owner, manifest.id]

    def results(self, manifest: Manifest) -> list[dict[str, Any]]:
        return _rows(self.blobs.objects[manifest.results_key()][0], manifest.format)

    def report(self, manifest: Manifest) -> list[dict[str, Any]]:
        return _rows(self.blobs.objects[manifest.report_key()][0], manifest.format)

    def check_ended(self, manifest: Manifest, status: ManifestStatus = ManifestStatus.COMPLETED) -> Manifest:
        """The manifest, which must have ended like that, with every row accounted for once."""
        ended = self.manifest(manifest)
        assert ended.status is status, (ended.status, ended.code, ended.reason)
        results, tally = self.results(ended), ended.tally
        assert [int(row["_row"]) for row in results] == list(range(1, ended.position.rows + 1))
        for name in ("succeeded", "failed", "invalid", "skipped"):
            assert sum(row["_status"] == name for row in results) == getattr(tally, name), name
        for row in results:
            assert bool(row["_asset_url"]) == (row["_status"] == "succeeded")
            assert not row["_asset_url"] or self._stored(row["_asset_url"])
        assert tally.charged == sum(
            job.charged for job in self.memory.jobs.values() if job.manifest == ended.id
        )
        self.check_books()
        return ended

    def _stored(self, url: str) -> bool:
        """Whether there is something at an address of ours."""
        name = self.core.image_links.public_name(url)
        return (f"img/{name}" if name else self.core.links.own(url)) in self.blobs.objects


def _rows(data: bytes, format: Format) -> list[dict[str, Any]]:
    text = data.decode()
    if format is Format.CSV:
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    return [json.loads(line) for line in text.splitlines()]


def csv_of(rows: list[Mapping[str, str]]) -> bytes:
    """Rows as a CSV file."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def names(count: int) -> bytes:
    """A CSV file of so many rows for the harness's template."""
    return b"_sku,name\n" + b"".join(f"sku-{n},Name {n}\n".encode() for n in range(1, count + 1))


__all__ = ["ManifestHarness", "Unavailable", "csv_of", "names"]
