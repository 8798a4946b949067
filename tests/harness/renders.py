"""Renders on fakes: single ones, batches, workers, housekeeping, with every port call countable and breakable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from darkroom.domain.accounts.prefetch import PrefetchKey
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage, TaskStep
from darkroom.domain.renders.names import payload_key
from darkroom.domain.renders.prefetch import RenderKey, TemplateKey
from darkroom.domain.renders.views import BatchAccepted, BatchView, RenderOutcome
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.payload import Payload, parse_payload, payload_json
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import RetireTemplate, SaveTemplate
from darkroom.http.waiting import WaitForJob
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.renders.expand_batch import ExpandBatch
from darkroom.services.renders.request_batch import RequestBatch
from darkroom.services.renders.request_render import RequestRender
from darkroom.services.renders.watch_batch import WatchBatch
from tests.fakes import FakeRenderer
from tests.fakes.calls import Crash
from tests.harness.core import POLICY, TenantHarness

LEASE = timedelta(seconds=150)
TEMPLATE_ID = "ee3a339f-2826-406c-a6e4-04b9a7b4d373"

DOCUMENT: Mapping[str, Any] = {
    "canvas": {"width": 100, "height": 50},
    "elements": [
        {"id": "name", "type": "text", "text": "Name", "x": 0, "y": 0, "width": 90, "height": 20},
        {"id": "avatar", "type": "image", "x": 0, "y": 0, "width": 20, "height": 20},
    ],
}


class RenderHarness(TenantHarness):
    """A workspace's template, and the worker that renders it. The queue is worked off whenever a caller waits."""

    forgotten = False  # whether a later version's render has taken the place of one that was charged

    def __init__(self, credits: int = 100, *, livemode: bool = True) -> None:
        super().__init__(credits=credits, plan="trial", livemode=livemode)
        self.renderer = FakeRenderer()
        self.renderer.death = Crash
        self.core.wait_for_job = cast("WaitForJob", self._wait)
        self.new_worker()
        self.template = self.save_template()

    @property
    def request_render(self) -> RequestRender:
        return self.core.request_render

    @property
    def request_batch(self) -> RequestBatch:
        return self.core.request_batch

    @property
    def expand_batch(self) -> ExpandBatch:
        return self.core.expand_batch

    @property
    def watch_batch(self) -> WatchBatch:
        return self.core.watch_batch

    def chunk(self, names: Sequence[str]) -> TaskMessage:
        """Accept and expand a batch of those names; the message of its one chunk."""
        self.batch([named(name) for name in names])
        self.expand_batch(self.take_messages()[0])
        (message,) = self.take_messages()
        return message

    def new_worker(self) -> None:
        """Start a fresh process, which remembers no template and no picture."""
        self.core.picture_fetcher = self.fetcher
        rows = self.core.render_rows(self.renderer, LEASE)
        pictures = replace(rows.draw.pictures, monotonic=self._seconds)
        draw = replace(rows.draw, pictures=pictures, monotonic=self._seconds)
        self.render_rows = replace(rows, draw=draw)

    def _seconds(self) -> float:
        return self.clock.now().timestamp()

    def _wait(self, job: Job, seconds: float) -> Job:
        self.while_waiting()
        return self.memory.jobs[job.owner, job.id]

    def while_waiting(self) -> None:
        """What happens while somebody waits for a render."""
        self.work()

    # ------------------------------------------------------------------ asking

    def save_template(self, document: Mapping[str, Any] = DOCUMENT) -> Template:
        """The template's next version, put in place."""
        now, current = self.clock.now(), self.memory.templates.get((self.owner, TEMPLATE_ID))
        parsed = parse_definition(document)
        if current is None:
            template = Template(TEMPLATE_ID, self.owner, "t", 1, parsed, now, now)
            self.store.commit(SaveTemplate(template))
        else:
            template = current.changed(now, document=parsed)
            until = now + timedelta(days=7)
            self.store.commit(SaveTemplate(template), RetireTemplate(current, until))
        self.template = template
        return template

    def payload(self, data: Mapping[str, Any]) -> Payload:
        """A payload as the edge reads it."""
        return parse_payload(self.template.document, data)

    def caller(self, payload: Mapping[str, Any] | None = None, ratio: float = 1) -> Caller:
        """The workspace's sender, admitted."""
        keys: list[PrefetchKey[Any]] = [TemplateKey(self.template.id)]
        if payload is not None:
            keys.append(RenderKey(self.template.id, payload_key(payload, ratio)))
        return self.authenticate(self.token, POLICY, prefetch=keys)

    def render(self, payload: Mapping[str, Any], ratio: float = 1, *, preview: bool = False) -> RenderOutcome:
        """Ask for one render as the workspace would."""
        caller = self.caller(payload, ratio)
        parsed = self.payload(payload)
        assert payload_key(payload_json(parsed), ratio) == payload_key(payload, ratio)
        return self.request_render(
            caller, self.template, parsed, ratio, preview, caller.prefetched.get(RenderKey)
        )

    def batch(
        self,
        payloads: Sequence[Mapping[str, Any]],
        ratio: float = 1,
        idempotency: IdempotencyContext[BatchAccepted] | None = None,
    ) -> BatchAccepted:
        """Ask for a batch as the workspace would."""
        parsed = [self.payload(payload) for payload in payloads]
        return self.request_batch(self.caller(), self.template, parsed, ratio, idempotency)

    def view(self, batch_id: str) -> BatchView:
        """How a batch stands."""
        view = self.watch_batch.batch(self.owner, batch_id)
        assert view.total == view.queued + view.running + view.completed + view.failed
        return view

    # ----------------------------------------------------------------- working

    def take_messages(self) -> list[TaskMessage]:
        """Everything on the queue; it is empty afterwards."""
        sent = [item.message for item in self.queues.tasks]
        self.queues.tasks.clear()
        return sent

    def waiting_messages(self) -> list[TaskMessage]:
        """What is on the queue, which stays there."""
        return [item.message for item in self.queues.tasks]

    def handle(self, message: TaskMessage) -> None:
        """What the worker does with one message."""
        (self.expand_batch if message.step is TaskStep.EXPAND else self.render_rows)(message)

    def work(self) -> None:
        """Work off the queue until nothing is left; a message that is refused is dropped."""
        while messages := self.take_messages():
            for message in messages:
                self.try_handle(message)

    def try_handle(self, message: TaskMessage) -> bool:
        """Whether the message is done with."""
        try:
            self.handle(message)
        except TaskBusy:
            return False
        return True

    def sweep_later(self) -> None:
        """Housekeeping, once all leases and checks have run out."""
        self.clock.advance(timedelta(seconds=220))
        self.sweep()

    # ------------------------------------------------------------------ looking

    def job_of_kind(self, kind: str) -> list[Job]:
        return [job for job in self.memory.jobs.values() if job.kind == kind]

    def check_books(self) -> None:
        """The books, and that every render that is remembered was charged and counted once."""
        super().check_books()
        jobs = self.memory.jobs.values()
        charged = sum(job.charged for job in jobs)
        assert charged == len(self.memory.rendered) or self.forgotten
        used = sum(n for wallet in self.memory.wallets.values() for n in wallet.used.values())
        assert used == charged + sum(job.units for job in jobs if not job.terminal)


def named(name: str) -> dict[str, Any]:
    """A payload with a text."""
    return {"name": {"text": name}}


def pictured(name: str, url: str) -> dict[str, Any]:
    """A payload with a text and a picture."""
    return {"name": {"text": name}, "avatar": {"src": url}}


__all__ = ["DOCUMENT", "LEASE", "Crash", "RenderHarness", "named", "pictured"]
