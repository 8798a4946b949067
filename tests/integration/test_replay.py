"""A request that is repeated with its key gets its first answer, byte for byte, on every route that promises so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from darkroom.domain.renders.names import is_listed
from darkroom.domain.webhooks.deliveries import DeliveryStatus
from tests.conformance.dialects import Tenant
from tests.conformance.objects import make
from tests.harness.dialects import CLIENTS, all_routes
from tests.unit.functions.api_moondraft.client import data_url, png

type Json = Mapping[str, Any]

KEY = "order-1"
CARD = {
    "canvas": {"width": 120, "height": 63, "background": "#101418"},
    "elements": [
        {"type": "text", "id": "name", "x": 0, "y": 0, "width": 60, "height": 20, "text": "a", "fontSize": 9}
    ],
}


@dataclass
class Prepared:
    """One request, ready to be sent: the path's ids, and what of the documented example must be real."""

    ids: Mapping[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)


def an_image(client: Any) -> str:
    job_id = client.create("/images")
    return str(client.end(job_id).tasks[0].id)


def a_failed_delivery(client: Any) -> Prepared:
    ids = make("memes", ("webhook_id", "delivery_id"), Tenant(client, client.key))
    (key,) = client.memory.deliveries
    client.memory.deliveries[key] = replace(client.memory.deliveries[key], status=DeliveryStatus.FAILED)
    return Prepared(ids)


def a_template(client: Any) -> dict[str, Any]:
    return {"templateId": client.template(CARD), "payload": {"name": {"text": "Ada"}}}


PREPARED: Mapping[tuple[str, str], Callable[[Any], Prepared]] = {
    ("memes", "/images/edits"): lambda client: Prepared(body={"image_id": an_image(client)}),
    ("memes", "/images/reframe"): lambda client: Prepared(body={"image_id": an_image(client)}),
    ("memes", "/videos/animate"): lambda client: Prepared(body={"image_id": an_image(client)}),
    ("memes", "/webhooks/<webhook_id>/deliveries/<delivery_id>/replay"): a_failed_delivery,
    ("moondraft", "/edit"): lambda _: Prepared(body={"image": data_url(png())}),
    ("moondraft", "/enhance"): lambda _: Prepared(body={"image": data_url(png())}),
    ("pixeldrive", "/render"): lambda client: Prepared(body=a_template(client)),
    ("pixeldrive", "/render/batch"): lambda client: Prepared(
        body={"templateId": client.template(CARD), "payloads": [{"name": {"text": "Ada"}}]}
    ),
}
# Done once like the others, but answered with whether this request did it, as documented.
SAYS_WHETHER = {("platform", "/admin/workspaces/<workspace_id>/credits")}
ROUTES = [
    (dialect, documented.route.path)
    for dialect, documented in all_routes()
    if (documented.operation.idempotent and (dialect, documented.route.path) not in SAYS_WHETHER)
    or (dialect, documented.route.path) == ("agent", "/v1/generate")
]
PREFERENCES: tuple[dict[str, str], ...] = ({}, {"prefer": "wait=5"}, {"prefer": "respond-async"})


def sent(dialect: str, path: str, client: Any) -> Callable[[Mapping[str, str]], Any]:
    """How to send the request of a route that is documented as its example, as often as one likes."""
    documented = next(
        one
        for name, one in all_routes()
        if (name, one.route.path, one.route.method) == (dialect, path, "POST")
    )
    prepared = PREPARED.get((dialect, path), lambda _: Prepared())(client)
    ids = prepared.ids or make(dialect, documented.path_names, Tenant(client, client.key))
    body: dict[str, Any] = {**(documented.operation.example or {}), **prepared.body}
    for named in {"source", "source_url"} & body.keys():
        client.fetcher.pages[body[named]] = png()
    for page in {"url", "website_url", "business_website"} & body.keys():
        client.fetcher.pages[body[page]] = b"<title>Dawn Roasters</title><p>Roasted in small batches."
    for name, value in ids.items():
        path = path.replace(f"<{name}>", value)
    return lambda headers: client.post(path, body, headers={"idempotency-key": KEY, **headers})


def without_secrets(body: str) -> str:
    """A webhook's secret is stored nowhere, so it is answered once."""
    return re.sub(r'"secret":"[^"]+"', '"secret":null', body)


def ends_while_waited_for(client: Any) -> None:
    """Where nothing works by itself, the newest job ends when a request waits."""
    if hasattr(client, "meanwhile"):
        client.meanwhile.append(
            lambda: client.end(client.last_job.id) if is_listed(client.last_job) else None
        )


@pytest.mark.parametrize("headers", PREFERENCES, ids=["as it is", "wait", "async"])
@pytest.mark.parametrize(("dialect", "path"), ROUTES)
def test_a_repeated_request_gets_its_first_answer(dialect: str, path: str, headers: Json) -> None:
    client: Any = CLIENTS[dialect]()
    send = sent(dialect, path, client)
    if dialect == "memes":
        ends_while_waited_for(client)
    first = send(headers)
    assert first.status < 300, first.body
    for job in list(client.memory.jobs.values()):  # whatever is still to be done is done
        if not job.terminal and job.engine != "darkroom":
            client.end(job.id)
    for again_with in (headers, *PREFERENCES):
        client.clock.advance(3600)
        again = send(again_with)
        assert (again.status, again.body) == (first.status, without_secrets(first.body))
        assert again.headers["Idempotent-Replayed"] == "true"
