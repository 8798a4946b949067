"""Renders through the real services and adapters on an emulated AWS, every call counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

import worker_renderer.app as worker_renderer
from darkroom.adapters.queue_messages import task_from_json
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.waits import LONGEST
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import RateLimited
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.messages import TaskStep
from darkroom.domain.renders.names import payload_key
from darkroom.domain.renders.prefetch import RenderKey, TemplateKey
from darkroom.domain.renders.views import BatchAccepted, RenderOutcome
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.payload import parse_payload
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import SaveTemplate
from darkroom.services.renders.render_rows import RenderRows
from darkroom.wiring import Container
from tests.fakes import FakeRenderer
from tests.harness.renders import DOCUMENT, TEMPLATE_ID, named
from tests.harness.triggers import CONTEXT
from tests.integration.test_call_budgets import Stack, stack

POLICY = RatePolicy("pixeldrive", 1_000_000)

__all__ = ["stack"]


class RenderStack:
    """A template on a stack, and a worker for its renders."""

    def __init__(self, on: Stack) -> None:
        self.stack, self.core = on, on.core
        now = self.core.clock.now()
        self.template = Template(TEMPLATE_ID, on.owner, "t", 1, parse_definition(DOCUMENT), now, now)
        self.core.store.commit(SaveTemplate(self.template))
        self.rows: RenderRows = self.core.render_rows(FakeRenderer())

    @property
    def owner(self) -> Owner:
        return self.stack.owner

    def render(self, name: str, finish: Callable[[Job], Job], *, preview: bool = False) -> RenderOutcome:
        """Ask for a render, as an API function would; ``finish`` stands for the time its caller waits."""
        prefetch = (TemplateKey(TEMPLATE_ID), RenderKey(TEMPLATE_ID, payload_key(named(name), 1)))
        caller = self.core.authenticate(self.stack.token, POLICY, prefetch=prefetch)
        template = caller.prefetched.get(TemplateKey)
        assert template == self.template
        request = replace(self.core.request_render, finish=finish)
        parsed = parse_payload(self.template.document, named(name))
        return request(caller, template, parsed, 1, preview, caller.prefetched.get(RenderKey))

    def batch(self, names: list[str]) -> BatchAccepted:
        caller = self.core.authenticate(self.stack.token, POLICY, prefetch=[TemplateKey(TEMPLATE_ID)])
        template = caller.prefetched.get(TemplateKey)
        assert template is not None
        parsed = [parse_payload(self.template.document, named(name)) for name in names]
        return self.core.request_batch(caller, template, parsed, 1)

    def work(self) -> list[dict[str, int]]:
        """Work off what is on the queues, singles first; what each message cost."""
        costs = []
        settings = self.core.settings
        urls = (
            settings.queue_renders_url,
            settings.queue_bulk_renders_url,
            settings.queue_previews_url,
        )
        for record in [record for url in urls for record in self.stack.messages(url)["Records"]]:
            message = task_from_json(record["body"])
            deed = self.core.expand_batch if message.step is TaskStep.EXPAND else self.rows
            costs.append(self.stack.calls(partial(deed, message))[1])
        return costs


class Waiting(Exception):
    """The caller waits from here on."""


def _wait(job: Job) -> Job:
    raise Waiting


@pytest.fixture
def renders(stack: Stack) -> RenderStack:
    return RenderStack(stack)


def finished(core: Container) -> Callable[[Job], Job]:
    """The job as it is once somebody has worked."""

    def finish(job: Job) -> Job:
        found = core.jobs.get(job.owner, job.id)
        assert found is not None
        return found

    return finish


def accepted(renders: RenderStack, name: str, **options: Any) -> dict[str, int]:
    """What accepting a render costs."""

    def deed() -> None:
        with pytest.raises(Waiting):
            renders.render(name, _wait, **options)

    return renders.stack.calls(deed)[1]


@pytest.mark.parametrize("preview", [False, True])
def test_accepting_a_render_costs_three_calls(renders: RenderStack, preview: bool) -> None:
    calls = accepted(renders, "Ada", preview=preview)
    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessage": 1}


def test_a_request_that_waits_gives_its_place_back_with_one_call_and_no_more_wait_than_may(
    renders: RenderStack,
) -> None:
    waits, waiting = renders.core.bound_waits, list[Job]()

    def wait(job: Job) -> Job:
        waiting.append(job)
        raise Waiting

    for number in range(waits.limit):
        with pytest.raises(Waiting):
            renders.render(f"person {number}", wait)
    with pytest.raises(RateLimited, match="may wait at once"):
        renders.render("one more", wait)
    calls = renders.stack.calls(lambda: waits.leave(renders.owner, waiting[0].id))[1]
    assert calls == {"UpdateItem": 1}
    assert accepted(renders, "one more")["TransactWriteItems"] == 1


def test_places_of_requests_whose_function_died_are_given_to_the_next(renders: RenderStack) -> None:
    slot = renders.core.bound_waits.slot(renders.owner, "")
    dead = tuple(f"dead {number}" for number in range(slot.limit))
    renders.core.store.commit(replace(slot, holders=dead, until=slot.until - 2 * LONGEST))
    calls = accepted(renders, "Ada")
    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 2, "UpdateItem": 1, "SendMessage": 1}
    assert accepted(renders, "Bob") == {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessage": 1}


def test_a_render_costs_its_worker_four_calls_and_the_next_of_its_template_three(
    renders: RenderStack,
) -> None:
    for name, read in (("Ada", {"BatchGetItem": 1}), ("Bob", {})):
        accepted(renders, name)
        (calls,) = renders.work()
        assert calls == {"UpdateItem": 1, "PutObject": 1, "TransactWriteItems": 1, **read}
    wallet = renders.core.accounts.wallet(renders.owner)
    assert (wallet.available, wallet.held, wallet.spent) == (98, 0, 2)


def test_a_render_that_was_made_costs_the_admission(renders: RenderStack) -> None:
    accepted(renders, "Ada")
    renders.work()
    outcome, calls = renders.stack.calls(lambda: renders.render("Ada", _wait))
    assert calls == {"BatchGetItem": 1}
    assert outcome.from_cache
    data = renders.core.blobs.get(outcome.key)
    assert len(data) == outcome.size


def test_a_preview_moves_no_credits(renders: RenderStack) -> None:
    before = renders.core.accounts.wallet(renders.owner)
    accepted(renders, "Ada", preview=True)
    (calls,) = renders.work()
    assert "TransactWriteItems" not in calls
    assert renders.core.accounts.wallet(renders.owner) == before


def test_a_batch_costs_four_calls_to_accept_and_little_more_than_one_a_row_to_make(
    renders: RenderStack,
) -> None:
    names = [f"person {number % 50}" for number in range(100)]
    batch, calls = renders.stack.calls(lambda: renders.batch(names))
    assert calls == {"BatchGetItem": 1, "PutObject": 1, "TransactWriteItems": 1, "SendMessage": 1}
    (expansion,) = renders.work()
    assert expansion == {"GetItem": 1, "TransactWriteItems": 1, "SendMessageBatch": 1}
    costs = renders.work()
    assert [sum(cost.values()) for cost in costs] == [25 + 5, 25 + 4]
    view, looking = renders.stack.calls(lambda: renders.core.watch_batch.batch(renders.owner, batch.batch_id))
    assert looking == {"GetItem": 1, "BatchGetItem": 1}
    assert (view.total, view.completed) == (100, 100)
    assert len({row.image_key for row in view.results}) == 50
    wallet = renders.core.accounts.wallet(renders.owner)
    assert (wallet.available, wallet.held, wallet.spent) == (50, 0, 50)


def test_the_same_chunk_again_costs_one_refused_claim(renders: RenderStack) -> None:
    renders.batch(["Ada", "Bob"])
    renders.work()
    event = renders.stack.messages(renders.core.settings.queue_bulk_renders_url)
    (record,) = event["Records"]
    message = task_from_json(record["body"])
    renders.rows(message)
    before = renders.core.accounts.wallet(renders.owner)
    _, calls = renders.stack.calls(lambda: renders.rows(message))
    assert calls == {"UpdateItem": 1}
    assert renders.core.accounts.wallet(renders.owner) == before


def test_the_outcome_is_what_the_worker_found(renders: RenderStack) -> None:
    def finish(job: Job) -> Job:
        renders.work()
        return finished(renders.core)(job)

    outcome = renders.render("Ada", finish)
    assert not outcome.from_cache
    assert outcome.credits_remaining == 99
    assert len(renders.core.blobs.get(outcome.key)) == outcome.size


def test_the_workers_handler_takes_expansions_and_renders(
    renders: RenderStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_renderer, "_render_rows", lambda _: renders.rows)
    batch = renders.batch(["Ada", "Bob", "Ada"])
    for _ in ("expansion", "chunk"):
        event = renders.stack.messages(renders.core.settings.queue_bulk_renders_url)
        assert worker_renderer.handler(event, CONTEXT) == {"batchItemFailures": []}
    view = renders.core.watch_batch.batch(renders.owner, batch.batch_id)
    assert [row.status for row in view.results] == ["completed"] * 3
