"""Domain objects as rows and back.

A row is a document of :mod:`darkroom.domain.serialization` with its keys. Spelled differently is only what a
condition or an index compares (moments as numbers, tasks as a map), and a job's spec, which is JSON text: it
holds callers' own values, as deep and as large as they like, and nothing ever looks inside.
"""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.marshal import Image, Row, from_epoch, from_image, to_epoch
from darkroom.domain.accounts.key_budgets import KeyBudget, KeySpending
from darkroom.domain.accounts.one_time_passwords import SEND_WINDOW, OneTimePassword
from darkroom.domain.accounts.rate_limits import MinuteCount
from darkroom.domain.accounts.workspaces import Owner, Workspace
from darkroom.domain.billing.ledger import LedgerEntry, Wallet
from darkroom.domain.jobs.assets import kept_until
from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.renders.names import is_listed
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.serialization import from_document, to_document
from darkroom.domain.webhooks.deliveries import Delivery, DeliveryStatus
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.writes import IdempotencyRecord, StoredResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from darkroom.domain.accounts.api_keys import ApiKey
    from darkroom.domain.jobs.assets import Asset

JOB = "job"
ENDPOINT = "endpoint"
DELIVERY = "delivery"
SPENDING = "spending"
FILE = "file"

DELIVERIES_KEPT = timedelta(days=30)

_TASK_MOMENTS = ("lease_until", "poll_at")
_SECOND_PREFIX = "s"
_USED_PREFIX = "used#"


def workspace_row(workspace: Workspace) -> Row:
    return keys.workspace(workspace.id) | to_document(workspace)


def key_row(key: ApiKey) -> Row:
    # The document's own `expires_at` is text, which time to live leaves alone: an expired key is kept.
    return keys.api_key(key.owner.workspace_id, key.id) | to_document(key)


def code_row(code: OneTimePassword) -> Row:
    row: Row = keys.one_time_code(code.address) | to_document(code)
    # Kept beyond the code's own life, because it also tells how often codes were sent.
    return row | {"expires_at": math.ceil(to_epoch(max(code.expires_at, code.sends[-1] + SEND_WINDOW)))}


def spending_column(name: str) -> str:
    """The attribute of a spending's row that counts a day or a month."""
    return f"{_USED_PREFIX}{name}"


def spending_from_row(row: Mapping[str, Any]) -> KeySpending:
    budget = KeyBudget(row["sk"], row.get("day_limit"), row.get("month_limit"))
    used = {name.removeprefix(_USED_PREFIX): n for name, n in row.items() if name.startswith(_USED_PREFIX)}
    counted_at = datetime.fromisoformat(row["counted_at"]) if "counted_at" in row else None
    return KeySpending(keys.spending_owner(row["pk"]), budget, used, counted_at)


def spending_from_image(image: Image) -> KeySpending:
    """A key's spending from a stream record's image."""
    return spending_from_row(from_image(image))


def second_column(second: int) -> str:
    """The attribute of a minute's row that counts one of its seconds."""
    return f"{_SECOND_PREFIX}{second:02}"


def minute_count(row: Mapping[str, Any]) -> MinuteCount:
    """A minute's counter from its row; of no requests if there is none."""
    seconds = {
        int(name.removeprefix(_SECOND_PREFIX)): count
        for name, count in row.items()
        if name.startswith(_SECOND_PREFIX) and name != "sk"
    }
    return MinuteCount(row.get("n", 0), seconds)


def entry_row(entry: LedgerEntry) -> Row:
    return keys.entry(entry.owner, entry.id) | to_document(entry)


def wallet_from_row(owner: Owner, row: Mapping[str, Any]) -> Wallet:
    balance = row.get("available", 0)  # below nothing, what is owed
    return Wallet(
        owner,
        available=max(balance, 0),
        owed=max(-balance, 0),
        held=row.get("held", 0),
        spent=row.get("spent", 0),
        granted=row.get("granted", 0),
        expired=row.get("expired", 0),
        reversed=row.get("reversed", 0),
        given_back=row.get("given_back", 0),
        shards=row.get("shards", 1),
        watched="watched" in row,
        used={(feature, day): row[name] for name, feature, day in keys.counters(iter(row))},
        refunded={day: row[name] for name, day in keys.refunds(iter(row))},
    )


def remembered_row(record: IdempotencyRecord) -> Row:
    return keys.idempotency_record(record.owner, record.key) | {
        "owner": to_document(record.owner),
        "key": record.key,
        "fingerprint": record.fingerprint,
        "status": record.response.status,
        "body": record.response.body,
        "until": to_epoch(record.expires_at),
        # Deletion comes hours late, so `until` is what counts.
        "expires_at": math.ceil(to_epoch(record.expires_at)),
        **({"normalized": record.normalized} if record.normalized else {}),
    }


def remembered_from_row(row: Mapping[str, Any]) -> IdempotencyRecord:
    return IdempotencyRecord(
        from_document(Owner, row["owner"]),
        row["key"],
        row["fingerprint"],
        StoredResponse(row["status"], row["body"]),
        from_epoch(row["until"]),
        row.get("normalized", ""),
    )


def job_row(job: Job) -> Row:
    row: Row = keys.job(job.owner, job.id) | to_document(job)
    row |= {
        "entity": JOB,
        "spec": json.dumps(row["spec"], ensure_ascii=False, separators=(",", ":")),
        "check_at": to_epoch(job.check_at),
        "tasks": {str(task.index): task_row(task) for task in job.tasks},
    }
    if is_listed(job) and job.deleted_at is None:
        row |= {
            "gsi1pk": keys.jobs_partition(job.owner),
            "gsi1sk": job.id,
            "gsi2pk": keys.jobs_of_key_partition(job.owner, job.key_id, job.dialect),
            "gsi2sk": job.id,
        }
    if job.finished:
        row["finished"] = set(job.finished)
    if not job.terminal:
        row["open_shard"] = keys.shard(job.id)
    return row


def job_from_row(row: Mapping[str, Any]) -> Job:
    tasks = sorted(row["tasks"].values(), key=lambda task: int(task["index"]))
    document = {
        **row,
        "spec": json.loads(row["spec"]),
        "check_at": from_epoch(row["check_at"]).isoformat(),
        "tasks": [_task_document(task) for task in tasks],
    }
    return from_document(Job, document)


def job_from_image(image: Image) -> Job:
    """A job from a stream record's image."""
    return job_from_row(from_image(image))


def task_row(task: Task) -> Row:
    row = to_document(task)
    moments = {name: getattr(task, name) for name in _TASK_MOMENTS if name in row}
    return row | {name: to_epoch(moment) for name, moment in moments.items()}


def asset_row(asset: Asset) -> Row:
    row: Row = keys.asset(asset.owner, asset.id) | to_document(asset)
    row["prompt_search"] = asset.prompt.casefold()
    if asset.deleted_at is None:
        row |= {"gsi1pk": keys.assets_partition(asset.owner, asset.collection), "gsi1sk": asset.id}
    if (until := kept_until(asset.storage_key)) is not None:
        row["expires_at"] = math.ceil(to_epoch(until))
    return row


def family_row(asset: Asset) -> Row:
    key = keys.family_member(asset.owner, asset.root_id or asset.id, asset.created_at, asset.id)
    return key | {"asset_id": asset.id}


def rendered_row(rendered: Rendered) -> Row:
    key = keys.rendered(rendered.owner, rendered.template_id, rendered.payload_key)
    return key | to_document(rendered)


def endpoint_row(endpoint: Endpoint) -> Row:
    key = keys.endpoint(endpoint.owner, endpoint.id)
    return key | to_document(endpoint) | {"entity": ENDPOINT}


def endpoint_from_image(image: Image) -> Endpoint:
    """An endpoint from a stream record's image."""
    return from_document(Endpoint, from_image(image))


def delivery_row(delivery: Delivery) -> Row:
    row: Row = keys.delivery(delivery.owner, delivery.endpoint_id, delivery.id)
    row |= to_document(delivery)
    row |= {
        "entity": DELIVERY,
        "gsi1pk": keys.deliveries_partition(delivery.owner, delivery.endpoint_id),
        "gsi1sk": keys.delivery_position(delivery.created_at, delivery.id),
        "expires_at": math.ceil(to_epoch(delivery.created_at + DELIVERIES_KEPT)),
    }
    if delivery.status is DeliveryStatus.PENDING and delivery.next_attempt_at is not None:
        row |= {"due_shard": keys.shard(delivery.id), "due_at": to_epoch(delivery.next_attempt_at)}
    return row


def _task_document(task: Mapping[str, Any]) -> Row:
    moments = {name: from_epoch(task[name]).isoformat() for name in _TASK_MOMENTS if name in task}
    return {**task, **moments}
