"""Domain objects as plain JSON documents and back: what tables, messages and events carry.

One spelling for all of them, so that a stream record, an event and a row read the same. Absent and ``None`` are the
same; times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from darkroom.domain.accounts.api_keys import ApiKey, Scope
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.accounts.workspaces import Feature, Owner, Workspace
from darkroom.domain.billing.ledger import EntryKind, LedgerEntry
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.assets import Asset, AssetType
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, Task, TaskState
from darkroom.domain.jobs.spec import Input, Spec
from darkroom.domain.renders.renders import Rendered
from darkroom.domain.webhooks.deliveries import Attempt, Delivery, DeliveryFailure, DeliveryStatus
from darkroom.domain.webhooks.endpoints import Endpoint, EventType

type Document = dict[str, Any]


def owner_to_document(owner: Owner) -> Document:
    return {"workspace_id": owner.workspace_id, "livemode": owner.livemode}


def owner_from_document(document: Mapping[str, Any]) -> Owner:
    return Owner(document["workspace_id"], document["livemode"])


def workspace_to_document(workspace: Workspace) -> Document:
    return _present(
        id=workspace.id,
        name=workspace.name,
        plan=workspace.plan,
        created_at=_text(workspace.created_at),
        allowances=dict(workspace.allowances),
        api_version=workspace.api_version,
        email=workspace.email,
    )


def workspace_from_document(document: Mapping[str, Any]) -> Workspace:
    return Workspace(
        id=document["id"],
        name=document["name"],
        plan=document["plan"],
        created_at=_moment(document["created_at"]),
        allowances=document.get("allowances", {}),
        api_version=document.get("api_version"),
        email=document.get("email"),
    )


def key_to_document(key: ApiKey) -> Document:
    return _present(
        id=key.id,
        owner=owner_to_document(key.owner),
        secret_hash=key.secret_hash,
        prefix=key.prefix,
        name=key.name,
        scopes=sorted(key.scopes),
        created_at=_text(key.created_at),
        expires_at=_text_or_none(key.expires_at),
        revoked_at=_text_or_none(key.revoked_at),
        requests_per_minute=key.requests_per_minute,
    )


def key_from_document(document: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        id=document["id"],
        owner=owner_from_document(document["owner"]),
        secret_hash=document["secret_hash"],
        prefix=document["prefix"],
        name=document["name"],
        scopes=frozenset(Scope(scope) for scope in document["scopes"]),
        created_at=_moment(document["created_at"]),
        expires_at=_moment_or_none(document.get("expires_at")),
        revoked_at=_moment_or_none(document.get("revoked_at")),
        requests_per_minute=document.get("requests_per_minute"),
    )


def code_to_document(code: OneTimePassword) -> Document:
    return {
        "address": code.address,
        "id": code.id,
        "digest": code.digest,
        "until": _text(code.expires_at),
        "sends": [_text(at) for at in code.sends],
        "attempts": code.attempts,
    }


def code_from_document(document: Mapping[str, Any]) -> OneTimePassword:
    return OneTimePassword(
        address=document["address"],
        id=document["id"],
        digest=document["digest"],
        expires_at=_moment(document["until"]),
        sends=tuple(_moment(at) for at in document["sends"]),
        attempts=document["attempts"],
    )


def auto_reload_to_document(settings: AutoReload) -> Document:
    return {"threshold": settings.threshold, "pack_id": settings.pack_id}


def auto_reload_from_document(document: Mapping[str, Any]) -> AutoReload:
    return AutoReload(document["threshold"], document["pack_id"])


def entry_to_document(entry: LedgerEntry) -> Document:
    return _present(
        id=entry.id,
        owner=owner_to_document(entry.owner),
        kind=entry.kind.value,
        at=_text(entry.at),
        granted=entry.granted,
        available=entry.available,
        held=entry.held,
        spent=entry.spent,
        job_id=entry.job_id,
        note=entry.note,
    )


def entry_from_document(document: Mapping[str, Any]) -> LedgerEntry:
    return LedgerEntry(
        id=document["id"],
        owner=owner_from_document(document["owner"]),
        kind=EntryKind(document["kind"]),
        at=_moment(document["at"]),
        granted=document["granted"],
        available=document["available"],
        held=document["held"],
        spent=document["spent"],
        job_id=document.get("job_id"),
        note=document["note"],
    )


def asset_to_document(asset: Asset) -> Document:
    return _present(
        id=asset.id,
        owner=owner_to_document(asset.owner),
        collection=asset.collection,
        type=asset.type.value,
        storage_key=asset.storage_key,
        mime=asset.mime,
        size=asset.size,
        aspect_ratio=asset.aspect_ratio,
        model=asset.model,
        created_at=_text(asset.created_at),
        job_id=asset.job_id,
        prompt=asset.prompt,
        parent_id=asset.parent_id,
        slide_index=asset.slide_index,
        deleted_at=_text_or_none(asset.deleted_at),
    )


def asset_from_document(document: Mapping[str, Any]) -> Asset:
    return Asset(
        id=document["id"],
        owner=owner_from_document(document["owner"]),
        collection=document["collection"],
        type=AssetType(document["type"]),
        storage_key=document["storage_key"],
        mime=document["mime"],
        size=document["size"],
        aspect_ratio=document["aspect_ratio"],
        model=document["model"],
        created_at=_moment(document["created_at"]),
        job_id=document["job_id"],
        prompt=document["prompt"],
        parent_id=document.get("parent_id"),
        slide_index=document.get("slide_index"),
        deleted_at=_moment_or_none(document.get("deleted_at")),
    )


def task_to_document(task: Task) -> Document:
    return _present(
        index=task.index,
        id=task.id,
        state=task.state.value,
        attempts=task.attempts,
        lease_until=_text_or_none(task.lease_until),
        poll_at=_text_or_none(task.poll_at),
        handle=task.handle,
        failure=task.failure.value if task.failure else None,
        asset=asset_to_document(task.asset) if task.asset else None,
        reason=task.reason,
        facts=dict(task.facts) or None,
        free=task.free or None,
        route=task.route or None,
        route_from=task.route_from or None,
        settled=task.settled or None,
        waits=task.waits or None,
    )


def task_from_document(document: Mapping[str, Any]) -> Task:
    failure, asset = document.get("failure"), document.get("asset")
    return Task(
        index=document["index"],
        id=document["id"],
        state=TaskState(document["state"]),
        attempts=document["attempts"],
        lease_until=_moment_or_none(document.get("lease_until")),
        poll_at=_moment_or_none(document.get("poll_at")),
        handle=document.get("handle"),
        failure=FailureCode(failure) if failure else None,
        asset=asset_from_document(asset) if asset else None,
        reason=document.get("reason"),
        facts=document.get("facts", {}),
        free=document.get("free", False),
        route=document.get("route", 0),
        route_from=document.get("route_from", 0),
        settled=document.get("settled", 0),
        waits=document.get("waits", 0),
    )


def route_to_document(route: Route) -> Document:
    """Of a route that is taken, what taking it needs: when it could be taken is no longer of interest."""
    return _present(
        engine=route.engine,
        queue=route.queue.value,
        engine_model=route.engine_model,
        options=dict(route.options) or None,
    )


def route_from_document(document: Mapping[str, Any]) -> Route:
    return Route(
        document["engine"], Queue(document["queue"]), document["engine_model"], document.get("options", {})
    )


def spec_to_document(spec: Spec) -> Document:
    return {
        "prompt": spec.prompt,
        "aspect_ratio": spec.aspect_ratio,
        "quality": spec.quality,
        "inputs": [
            _present(role=i.role, location=i.location, stored=i.stored, asset_id=i.asset_id)
            for i in spec.inputs
        ],
        "brand": dict(spec.brand),
        "settings": dict(spec.settings),
    }


def spec_from_document(document: Mapping[str, Any]) -> Spec:
    return Spec(
        prompt=document["prompt"],
        aspect_ratio=document["aspect_ratio"],
        quality=document["quality"],
        inputs=tuple(
            Input(i["role"], i["location"], i["stored"], i.get("asset_id")) for i in document["inputs"]
        ),
        brand=document["brand"],
        settings=document["settings"],
    )


def job_to_document(job: Job) -> Document:
    return _present(
        id=job.id,
        owner=owner_to_document(job.owner),
        key_id=job.key_id,
        dialect=job.dialect,
        kind=job.kind,
        offer_id=job.offer_id,
        model=job.model,
        collection=job.collection,
        feature=job.feature.value,
        engine=job.engine,
        engine_model=job.engine_model,
        queue=job.queue.value,
        spec=spec_to_document(job.spec),
        unit_price=job.unit_price,
        tasks=[task_to_document(task) for task in job.tasks],
        created_at=_text(job.created_at),
        deadline_at=_text(job.deadline_at),
        check_at=_text(job.check_at),
        status=job.status.value,
        charged=job.charged,
        completed_at=_text_or_none(job.completed_at),
        task_units=None if job.task_units == 1 else job.task_units,
        routes=[route_to_document(route) for route in job.routes] or None,
    )


def job_from_document(document: Mapping[str, Any]) -> Job:
    return Job(
        id=document["id"],
        owner=owner_from_document(document["owner"]),
        key_id=document["key_id"],
        dialect=document["dialect"],
        kind=document["kind"],
        offer_id=document["offer_id"],
        model=document["model"],
        collection=document["collection"],
        feature=Feature(document["feature"]),
        engine=document["engine"],
        engine_model=document["engine_model"],
        queue=Queue(document["queue"]),
        spec=spec_from_document(document["spec"]),
        unit_price=document["unit_price"],
        tasks=tuple(task_from_document(task) for task in document["tasks"]),
        created_at=_moment(document["created_at"]),
        deadline_at=_moment(document["deadline_at"]),
        check_at=_moment(document["check_at"]),
        status=JobStatus(document["status"]),
        charged=document["charged"],
        completed_at=_moment_or_none(document.get("completed_at")),
        task_units=document.get("task_units", 1),
        routes=tuple(route_from_document(route) for route in document.get("routes", ())),
    )


def rendered_to_document(rendered: Rendered) -> Document:
    return {
        "owner": owner_to_document(rendered.owner),
        "template_id": rendered.template_id,
        "version": rendered.version,
        "payload_key": rendered.payload_key,
        "fields_hash": rendered.fields_hash,
        "storage_key": rendered.storage_key,
        "size": rendered.size,
        "render_ms": rendered.render_ms,
        "created_at": _text(rendered.created_at),
    }


def rendered_from_document(document: Mapping[str, Any]) -> Rendered:
    return Rendered(
        owner=owner_from_document(document["owner"]),
        template_id=document["template_id"],
        version=document["version"],
        payload_key=document["payload_key"],
        fields_hash=document["fields_hash"],
        storage_key=document["storage_key"],
        size=document["size"],
        render_ms=document["render_ms"],
        created_at=_moment(document["created_at"]),
    )


def endpoint_to_document(endpoint: Endpoint) -> Document:
    return _present(
        id=endpoint.id,
        owner=owner_to_document(endpoint.owner),
        url=endpoint.url,
        events=sorted(endpoint.events),
        created_at=_text(endpoint.created_at),
        enabled=endpoint.enabled,
        description=endpoint.description,
        secret_version=endpoint.secret_version,
        overlap_until=_text_or_none(endpoint.overlap_until),
        failing_since=_text_or_none(endpoint.failing_since),
        disabled_at=_text_or_none(endpoint.disabled_at),
        disabled_reason=endpoint.disabled_reason,
        version=endpoint.version,
    )


def endpoint_from_document(document: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        id=document["id"],
        owner=owner_from_document(document["owner"]),
        url=document["url"],
        events=frozenset(EventType(event) for event in document["events"]),
        created_at=_moment(document["created_at"]),
        enabled=document["enabled"],
        description=document["description"],
        secret_version=document["secret_version"],
        overlap_until=_moment_or_none(document.get("overlap_until")),
        failing_since=_moment_or_none(document.get("failing_since")),
        disabled_at=_moment_or_none(document.get("disabled_at")),
        disabled_reason=document.get("disabled_reason"),
        version=document["version"],
    )


def delivery_to_document(delivery: Delivery) -> Document:
    return _present(
        id=delivery.id,
        owner=owner_to_document(delivery.owner),
        endpoint_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        event_type=delivery.event_type.value,
        payload=delivery.payload,
        created_at=_text(delivery.created_at),
        status=delivery.status.value,
        attempts=[_attempt_to_document(attempt) for attempt in delivery.attempts],
        next_attempt_at=_text_or_none(delivery.next_attempt_at),
        tries=delivery.tries,
        version=delivery.version,
        failure=delivery.failure.value if delivery.failure else None,
    )


def delivery_from_document(document: Mapping[str, Any]) -> Delivery:
    failure = document.get("failure")
    return Delivery(
        id=document["id"],
        owner=owner_from_document(document["owner"]),
        endpoint_id=document["endpoint_id"],
        event_id=document["event_id"],
        event_type=EventType(document["event_type"]),
        payload=document["payload"],
        created_at=_moment(document["created_at"]),
        status=DeliveryStatus(document["status"]),
        attempts=tuple(_attempt_from_document(attempt) for attempt in document["attempts"]),
        next_attempt_at=_moment_or_none(document.get("next_attempt_at")),
        tries=document["tries"],
        version=document["version"],
        failure=DeliveryFailure(failure) if failure else None,
    )


def _attempt_to_document(attempt: Attempt) -> Document:
    return _present(
        at=_text(attempt.at),
        status=attempt.status,
        duration_ms=attempt.duration_ms,
        error=attempt.error,
        response=attempt.response,
    )


def _attempt_from_document(document: Mapping[str, Any]) -> Attempt:
    return Attempt(
        at=_moment(document["at"]),
        status=document.get("status"),
        duration_ms=document["duration_ms"],
        error=document.get("error"),
        response=document["response"],
    )


def _present(**values: Any) -> Document:
    return {name: value for name, value in values.items() if value is not None}


def _text(moment: datetime) -> str:
    return moment.isoformat()


def _text_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
