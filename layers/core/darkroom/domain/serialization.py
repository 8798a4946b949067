"""Domain objects as plain JSON documents and back: what tables, messages and events carry.

One spelling for all of them, so that a stream record, an event and a row read the same. It follows from the classes'
fields; the few places where it does not are :data:`SHAPES`. What is stored and under way was written by earlier
versions of this code, so a field may get another name here, and a document may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain.accounts.api_keys import ApiKey
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.billing.ledger import LedgerEntry
from darkroom.domain.brands.brand_kit import BrandKit
from darkroom.domain.catalog.routes import Queue, Route, queue_from_stored, stored_queue
from darkroom.domain.codec import Codec, Document, Shape
from darkroom.domain.jobs.facts import RenderFacts, VendorFacts, facts_class
from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import BrandProfile, Spec, spec_class
from darkroom.domain.renders.names import PREVIEW
from darkroom.domain.renders.rendered import Rendered, RenderWarning
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import Endpoint


def _queue_of_a_route(document: Mapping[str, Any]) -> Queue:
    return queue_from_stored(document["queue"], document["engine"])


def _queue_of_a_job(document: Mapping[str, Any]) -> Queue:
    in_bulk = "manifest" in document["spec"]["settings"]  # only a batch and its chunks have one
    preview = document["kind"] == PREVIEW
    return queue_from_stored(document["queue"], document["engine"], in_bulk=in_bulk, preview=preview)


SHAPES: Mapping[type, Shape] = {
    ApiKey: Shape(omitted=frozenset({"made_by", "budgets"})),
    Workspace: Shape(omitted=frozenset({"key_changes"})),
    LedgerEntry: Shape(omitted=frozenset({"expired", "reversed"})),
    OneTimePassword: Shape(renamed={"expires_at": "until"}),
    Job: Shape(
        omitted=frozenset(
            {"task_units", "routes", "late", "late_of", "charged_at", "refunded", "shard", "budgets"}
        ),
        chosen={"spec": spec_class},
        spelled={"queue": (stored_queue, _queue_of_a_job)},
    ),
    Spec: Shape(nested="settings"),
    BrandKit: Shape(unstored=frozenset({"is_default"})),
    BrandProfile: Shape(omitted=frozenset({"brand_colors"})),
    Task: Shape(
        omitted=frozenset({"facts", "free", "route", "route_from", "settled", "waits"}),
        chosen={"facts": facts_class},
    ),
    VendorFacts: Shape(rest="figures"),
    RenderFacts: Shape(
        renamed={"fields_hash": "hash", "render_ms": "renderMs", "upload_bytes": "uploadBytes"},
        omitted=frozenset({"warnings"}),
    ),
    Rendered: Shape(omitted=frozenset({"warnings"})),
    RenderWarning: Shape(renamed={"element_id": "element"}, omitted=frozenset({"characters"})),
    # When a route could be taken is of no interest once it is.
    Route: Shape(
        omitted=frozenset({"options"}),
        unstored=frozenset({"kinds", "enabled", "retires_at"}),
        spelled={"queue": (stored_queue, _queue_of_a_route)},
    ),
    TaskMessage: Shape(omitted=frozenset({"vendor", "work_id", "task", "hops"})),
    Endpoint: Shape(omitted=frozenset({"master_version", "previous_master_version"})),
    DeliveryMessage: Shape(nullable=frozenset({"first", "endpoint"})),
}

_CODEC = Codec(SHAPES)


def to_document(thing: Any) -> Document:
    """A domain object as plain JSON values."""
    return _CODEC.to_document(thing)


def from_document[T](kind: type[T], document: Mapping[str, Any]) -> T:
    """The domain object of that class from its document, or from a row or message that contains it.

    Raises
    ------
    KeyError
        A member is missing that was always there.
    """
    return _CODEC.from_document(kind, document)
