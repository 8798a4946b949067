"""Finished renders, what an admission reads along, and the claim of a whole job."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Token
from darkroom.domain.accounts.prefetch import PrefetchKey
from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.billing.ledger import hold_entry
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.facts import RefusedPayload, RenderFacts
from darkroom.domain.jobs.job import LEASE_SLACK, FailureCode, Job, JobStatus, TaskState
from darkroom.domain.jobs.spec import BatchSpec, Chunk, RenderSpec
from darkroom.domain.paging import PageRequest
from darkroom.domain.renders.batches import MAX_ROWS, ROWS_AT_ONCE, chunk_id
from darkroom.domain.renders.names import RENDERER
from darkroom.domain.renders.prefetch import RenderKey, TemplateKey
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.writes import (
    AdvanceJob,
    AppendEntry,
    CountRequest,
    CreateJob,
    CreateKey,
    CreateWorkspace,
    SaveRender,
    SaveTemplate,
    WriteRefused,
)
from darkroom.ports.jobs import JobTaken
from darkroom.services.renders.expand_batch import chunks_of
from tests.contract.calls import counted
from tests.contract.conftest import Ports
from tests.contract.examples import (
    MINUTE,
    NOW,
    OWNER,
    STRANGER,
    TEST_OWNER,
    WORKSPACE_ID,
    api_key,
    job,
    object_id,
    template,
    workspace,
)

POLICY = RatePolicy("write", 5)
LEASE = NOW + 2 * MINUTE


def rendered(number: int = 1, **changes: Any) -> Rendered:
    return Rendered(
        **{
            "owner": OWNER,
            "template_id": template().id,
            "version": 3,
            "payload_key": f"{number:064x}",
            "fields_hash": f"{number:016x}",
            "storage_key": f"img/t/{number}.png",
            "size": 1234,
            "render_ms": 7,
            "created_at": NOW,
            **changes,
        }
    )


def render_job(tasks: int = 3, **changes: Any) -> Job:
    render: dict[str, Any] = {
        "engine": RENDERER,
        "queue": Queue.RENDERS,
        "feature": Feature.RENDERS,
        "kind": "render",
    }
    spec = RenderSpec(template=template().id, version=1, ratio=1.5, payloads=({"a": {"text": "b"}},))
    return job(**{"tasks": tasks, "spec": spec, **render, **changes})


def test_a_render_is_found_by_its_owner_template_and_payload(ports: Ports) -> None:
    ports.store.commit(SaveRender(rendered(1)), SaveRender(rendered(2)))
    keys = [rendered(number).payload_key for number in (1, 2, 2, 3)]
    found = ports.renders.find(OWNER, template().id, keys)
    assert found == {keys[0]: rendered(1), keys[1]: rendered(2)}
    assert ports.renders.find(OWNER, template().id, []) == {}
    for owner, template_id in ((TEST_OWNER, template().id), (STRANGER, template().id), (OWNER, "other")):
        assert ports.renders.find(owner, template_id, keys) == {}


@pytest.mark.parametrize(("version", "taken"), [(2, False), (3, False), (4, True)])
def test_a_render_gives_way_to_one_of_a_later_version_only(ports: Ports, version: int, taken: bool) -> None:
    first, second = rendered(), rendered(version=version, size=99)
    ports.store.commit(SaveRender(first))
    if taken:
        ports.store.commit(SaveRender(second))
    else:
        with pytest.raises(WriteRefused) as refused:
            ports.store.commit(SaveRender(second))
        assert (refused.value.write, refused.value.current) == (SaveRender(second), first)
    stored = ports.renders.find(OWNER, first.template_id, [first.payload_key])
    assert stored == {first.payload_key: second if taken else first}


def test_a_job_that_moved_on_is_told_of_before_a_render_that_is_there(ports: Ports) -> None:
    ports.store.commit(SaveRender(rendered()))
    fresh = render_job()
    ports.store.commit(CreateJob(fresh))
    advanced = transitions.task_failed(fresh, 0, FailureCode.FAILED, NOW)
    ports.store.commit(AdvanceJob(fresh, advanced))
    done = transitions.task_succeeded(fresh, 1, None, NOW)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveRender(rendered()), AdvanceJob(fresh, done))
    assert isinstance(refused.value.write, AdvanceJob)


def test_what_a_request_names_is_read_with_its_sender(ports: Ports) -> None:
    key = api_key()
    token, named = Token(WORKSPACE_ID, key.id), template(version=1)
    foreign = replace(rendered(), owner=TEST_OWNER, size=1)
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(key))
    ports.store.commit(SaveTemplate(named), SaveRender(rendered()), SaveRender(foreign))

    def admitted(*prefetch: PrefetchKey[Any]) -> tuple[object, object]:
        admission = ports.accounts.admit(token, POLICY, NOW, prefetch=prefetch)
        assert admission is not None
        assert admission.key == key
        return admission.prefetched.get(TemplateKey), admission.prefetched.get(RenderKey)

    payload_key = rendered().payload_key
    assert admitted() == (None, None)
    assert admitted(TemplateKey(named.id)) == (named, None)
    assert admitted(TemplateKey(named.id), RenderKey(named.id, payload_key)) == (named, rendered())
    assert admitted(TemplateKey(named.id), RenderKey(named.id, "f" * 64)) == (named, None)
    assert admitted(TemplateKey(object_id(77)), RenderKey(object_id(77), payload_key)) == (None, None)


def test_all_that_is_one_call(dynamodb: Any, dynamo_ports: Ports) -> None:
    key = api_key()
    dynamo_ports.store.commit(CreateWorkspace(workspace()), CreateKey(key))
    with counted(dynamodb) as calls:
        dynamo_ports.accounts.admit(
            Token(WORKSPACE_ID, key.id),
            POLICY,
            NOW,
            idempotency_key="once",
            prefetch=[TemplateKey(template().id), RenderKey(template().id, rendered().payload_key)],
        )
        dynamo_ports.renders.find(OWNER, template().id, [f"{n:064x}" for n in range(ROWS_AT_ONCE)])
    assert calls == {"BatchGetItem": 2}


def test_a_shared_limit_counts_all_keys_of_a_workspace(ports: Ports) -> None:
    shared = RatePolicy("previews", 2, shared=True)
    one, other = api_key(1), api_key(2)
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(one), CreateKey(other))

    def window(key_id: str, policy: RatePolicy) -> RateWindow:
        admission = ports.accounts.admit(Token(WORKSPACE_ID, key_id), policy, NOW)
        assert admission is not None
        return admission.window

    for key in (one, other):
        ports.store.commit(CountRequest(OWNER, key.id, window(key.id, shared)))
    assert [window(key.id, shared).current.total for key in (one, other)] == [2, 2]
    assert window(one.id, RatePolicy("previews", 2)).current.total == 0
    with pytest.raises(WriteRefused):
        ports.store.commit(CountRequest(OWNER, one.id, window(one.id, shared)))


def test_all_tasks_of_a_fresh_job_are_taken_at_once(ports: Ports) -> None:
    fresh = render_job(ROWS_AT_ONCE)
    ports.store.commit(CreateJob(fresh))
    taken = ports.jobs.claim_all(OWNER, fresh.id, ROWS_AT_ONCE, lease_until=LEASE)
    assert taken == ports.jobs.get(OWNER, fresh.id)
    assert taken.status is JobStatus.PROCESSING
    assert taken.check_at == LEASE + LEASE_SLACK
    assert {(t.state, t.attempts, t.lease_until) for t in taken.tasks} == {(TaskState.RUNNING, 1, LEASE)}
    with pytest.raises(JobTaken) as refused:
        ports.jobs.claim_all(OWNER, fresh.id, ROWS_AT_ONCE, lease_until=LEASE + MINUTE)
    assert refused.value.job == taken


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_claim_of_another_number_of_tasks_is_refused(ports: Ports, count: int) -> None:
    fresh = render_job(3)
    ports.store.commit(CreateJob(fresh))
    with pytest.raises(JobTaken) as refused:
        ports.jobs.claim_all(OWNER, fresh.id, count, lease_until=LEASE)
    assert refused.value.job == fresh
    with pytest.raises(JobTaken) as unknown:
        ports.jobs.claim_all(OWNER, object_id(99), count, lease_until=LEASE)
    assert unknown.value.job is None


def test_a_job_that_was_started_or_ended_is_not_taken_whole(ports: Ports) -> None:
    started, ended = render_job(number=1), render_job(number=2)
    ports.store.commit(CreateJob(started), CreateJob(ended))
    ports.jobs.claim(OWNER, started.id, 1, now=NOW, lease_until=LEASE)
    ports.store.commit(AdvanceJob(ended, transitions.canceled(ended, NOW)))
    for which in (started, ended):
        with pytest.raises(JobTaken):
            ports.jobs.claim_all(OWNER, which.id, 3, lease_until=LEASE + MINUTE)


def test_what_is_told_of_a_row_comes_back(ports: Ports) -> None:
    fresh = render_job(3, task_units=0)
    ports.store.commit(CreateJob(fresh))
    done = transitions.task_succeeded(
        fresh, 0, None, NOW, facts=RenderFacts(fields_hash="a", render_ms=3, upload_bytes=7)
    )
    done = transitions.task_succeeded(done, 1, None, NOW, free=True)
    done = transitions.task_failed(
        done,
        2,
        FailureCode.INPUT_REJECTED,
        NOW,
        reason="payload.a: no",
        facts=RefusedPayload(param="payload.a"),
    )
    ports.store.commit(AdvanceJob(fresh, done))
    assert ports.jobs.get(OWNER, fresh.id) == done
    assert done.charged == fresh.unit_price


def test_renders_are_in_no_list_of_jobs(ports: Ports) -> None:
    ports.store.commit(CreateJob(render_job(number=1)), CreateJob(job(number=2)))
    assert [it.id for it in ports.jobs.list(OWNER, PageRequest()).items] == [object_id(2)]
    page, count = ports.jobs.page_by_key(OWNER, object_id(1), "memes", page=1, limit=9)
    assert ([it.id for it in page], count) == ([object_id(2)], 1)
    assert [it.id for it in ports.jobs.due(NOW + timedelta(hours=1), 9).items] == [object_id(1), object_id(2)]


def test_the_largest_batch_is_expanded_in_one_transaction(ports: Ports) -> None:
    places = range(MAX_ROWS // ROWS_AT_ONCE)
    chunks = tuple(Chunk(ROWS_AT_ONCE, number * 10_000, 10_000) for number in places)
    spec = BatchSpec(
        template=template().id,
        version=1,
        ratio=1.5,
        manifest="m",
        rows=tuple(range(MAX_ROWS)),
        chunks=chunks,
        price=1,
    )
    batch = render_job(1, kind="render_batch", spec=spec, unit_price=MAX_ROWS, task_units=MAX_ROWS)
    ports.store.commit(CreateJob(batch))
    made = chunks_of(batch, NOW)
    entries = [AppendEntry(hold_entry(OWNER, chunk.id, chunk.held, NOW)) for chunk in made]
    done = transitions.task_succeeded(batch, 0, None, NOW, free=True)
    ports.store.commit(AdvanceJob(batch, done), *map(CreateJob, made), *entries)
    found = ports.jobs.get_many(OWNER, [chunk_id(batch.id, number) for number in range(len(chunks))])
    assert {it.id: it for it in made} == found
    assert sum(it.held for it in made) == batch.held
    assert done.charged == 0
