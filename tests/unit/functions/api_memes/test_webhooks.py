"""The webhook calls: the contract's six and ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.webhooks.deliveries import Delivery, DeliveryFailure, DeliveryStatus, answered
from darkroom.domain.webhooks.messages import signing_secret
from tests.harness.container import MASTER
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client

EXAMPLE = {
    "url": "https://example.com/hooks/memes",
    "events": ["generation.completed", "generation.failed"],
}


def register(api: Client, **body: Any) -> dict[str, Any]:
    reply = api.post("/webhooks", {**EXAMPLE, **body})
    assert reply.status == 201, reply.body
    webhook: dict[str, Any] = reply.json["webhook"]
    return webhook


def failed_delivery(api: Client, webhook_id: str) -> Delivery:
    delivery_id = api.post(f"/webhooks/{webhook_id}/test").json["delivery"]["id"]
    place = (api.owner, webhook_id, delivery_id)
    attempt = answered(api.clock.now(), 500, duration_ms=12, response="oops")
    api.memory.deliveries[place] = replace(
        api.memory.deliveries[place],
        status=DeliveryStatus.FAILED,
        failure=DeliveryFailure.EXHAUSTED,
        attempts=(attempt,),
        next_attempt_at=None,
    )
    return api.memory.deliveries[place]


def test_the_contracts_example_registers_an_endpoint(api: Client) -> None:
    webhook = register(api)
    secret = webhook.pop("secret")
    assert secret == signing_secret(MASTER, webhook["id"], 1)
    assert secret.startswith("whsec_")
    assert webhook == {
        "id": webhook["id"],
        "object": "webhook_endpoint",
        "url": EXAMPLE["url"],
        "events": EXAMPLE["events"],
        "enabled": True,
        "description": "",
        "livemode": True,
        "created_at": "2026-06-18T17:04:22Z",
        "disabled_reason": None,
    }
    assert api.get(f"/webhooks/{webhook['id']}").json["webhook"] == webhook
    assert api.get("/webhooks").json["data"] == [webhook]


def test_without_events_the_four_of_generations_are_meant(api: Client) -> None:
    reply = api.post("/webhooks", {"url": EXAMPLE["url"], "events": None})
    assert reply.json["webhook"]["events"] == [
        "generation.completed",
        "generation.partial",
        "generation.failed",
        "generation.canceled",
    ]


def test_a_repeated_registration_is_one_endpoint_and_its_secret_is_kept_nowhere(api: Client) -> None:
    headers = {"idempotency-key": "k"}
    first = api.post("/webhooks", EXAMPLE, headers=headers)
    again = api.post("/webhooks", EXAMPLE, headers=headers)
    assert again.headers["Idempotent-Replayed"] == "true"
    shown = first.json["webhook"]
    assert again.json["webhook"] == {**shown, "secret": None}
    assert len(api.memory.endpoints) == 1
    assert shown["secret"] not in str(api.memory.idempotency_record)


def test_endpoints_are_paged(api: Client) -> None:
    made = [register(api)["id"] for _ in range(5)]
    first = api.get("/webhooks", query={"limit": "2"}).json
    assert [hook["id"] for hook in first["data"]] == made[:-3:-1]
    query = {"limit": "2", "starting_after": first["next_cursor"]}
    assert [hook["id"] for hook in api.get("/webhooks", query=query).json["data"]] == [made[2], made[1]]
    oldest = api.get("/webhooks", query={"order": "oldest"}).json
    assert [hook["id"] for hook in oldest["data"]] == made
    assert oldest["next_cursor"] is None


def test_what_is_given_is_changed(api: Client) -> None:
    webhook = register(api)
    path = f"/webhooks/{webhook['id']}"
    changes = {
        "enabled": False,
        "description": "paused",
        "events": ["generation.partial"],
        "url": "https://example.org/x",
    }
    assert api.ask("PATCH", path, changes).status == 200
    shown = api.get(path).json["webhook"]
    assert {name: shown[name] for name in changes} == changes
    assert api.ask("PATCH", path, {"enabled": True, "url": None}).json["webhook"]["url"] == changes["url"]


def test_a_deleted_endpoint_is_gone(api: Client) -> None:
    webhook = register(api)
    path = f"/webhooks/{webhook['id']}"
    deleted = api.ask("DELETE", path)
    assert (deleted.status, deleted.json["deleted"], deleted.json["id"]) == (200, True, webhook["id"])
    assert api.get(path).status == 404
    assert api.ask("DELETE", path).status == 404


def test_a_test_event_is_queued_and_can_be_watched(api: Client) -> None:
    webhook = register(api)
    reply = api.post(f"/webhooks/{webhook['id']}/test")
    assert reply.status == 202
    delivery = reply.json["delivery"]
    assert (delivery["event_type"], delivery["status"]) == ("webhook.test", "pending")
    assert len(api.queues.deliveries) == 1
    shown = api.get(f"/webhooks/{webhook['id']}/deliveries/{delivery['id']}").json["delivery"]
    assert '"type":"webhook.test"' in shown.pop("payload")
    assert shown == delivery
    assert api.get(f"/webhooks/{webhook['id']}/deliveries").json["data"] == [delivery]


def test_a_repeated_test_is_one_event(api: Client) -> None:
    path = f"/webhooks/{register(api)['id']}/test"
    first = api.post(path, headers={"idempotency-key": "k"})
    assert api.post(path, headers={"idempotency-key": "k"}).body == first.body
    assert len(api.queues.deliveries) == 1


def test_deliveries_show_their_attempts_and_are_sent_again(api: Client) -> None:
    webhook = register(api)
    failed = failed_delivery(api, webhook["id"])
    path = f"/webhooks/{webhook['id']}/deliveries"
    (shown,) = api.get(path, query={"status": "failed"}).json["data"]
    assert (shown["id"], shown["failure"]) == (failed.id, "retries_exhausted")
    (attempt,) = shown["attempts"]
    assert (attempt["status"], attempt["error"], attempt["response"]) == (500, "status", "oops")
    assert api.get(path, query={"status": "succeeded"}).json["data"] == []
    again = api.post(f"{path}/{failed.id}/replay")
    assert (again.status, again.json["delivery"]["status"]) == (202, "pending")
    assert again.json["delivery"]["id"] == failed.id


def test_what_failed_since_a_time_is_recovered(api: Client) -> None:
    webhook = register(api)
    failed_delivery(api, webhook["id"])
    failed_delivery(api, webhook["id"])
    api.clock.advance(timedelta(hours=1))
    path = f"/webhooks/{webhook['id']}/recover"
    reply = api.post(path, {"since": "2026-06-18T19:04:22+02:00"})
    assert (reply.status, reply.json["queued"]) == (202, 2)
    assert api.post(path, {"since": "2026-06-18T17:04:22Z"}).json["queued"] == 0


def test_a_rotated_secret_is_shown_and_the_old_one_signs_for_the_overlap(api: Client) -> None:
    webhook = register(api)
    path = f"/webhooks/{webhook['id']}/rotate-secret"
    rotated = api.post(path, {"overlap_hours": 1})
    assert rotated.status == 200
    assert rotated.json["webhook"]["secret"] == signing_secret(MASTER, webhook["id"], 2)
    endpoint = api.memory.endpoints[api.owner, webhook["id"]]
    assert endpoint.overlap_until == api.clock.now() + timedelta(hours=1)
    assert api.post(path).json["webhook"]["secret"] == signing_secret(MASTER, webhook["id"], 3)


def test_a_rotation_asked_for_twice_happens_once(api: Client) -> None:
    path = f"/webhooks/{register(api)['id']}/rotate-secret"
    first = api.post(path, headers={"idempotency-key": "k"}).json
    again = api.post(path, headers={"idempotency-key": "k"}).json
    assert first["webhook"]["secret"].startswith("whsec_")
    assert again["webhook"] == {**first["webhook"], "secret": None}
    assert next(iter(api.memory.endpoints.values())).secret_version == 2


def test_live_endpoints_are_not_shown_to_test_keys(api: Client) -> None:
    webhook = register(api)
    assert api.get("/webhooks", key="test").json["data"] == []
    assert api.get(f"/webhooks/{webhook['id']}", key="test").status == 404


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_required_param", "url"),
        ({"url": None}, "missing_required_param", "url"),
        ({"url": 1}, "invalid_param", "url"),
        ({"url": "http://example.com"}, "invalid_param", "url"),
        ({"url": "https://e.com/" + "x" * 2048}, "invalid_param", "url"),
        ({**EXAMPLE, "events": []}, "invalid_param", "events"),
        ({**EXAMPLE, "events": "generation.completed"}, "invalid_param", "events"),
        ({**EXAMPLE, "events": ["generation.exploded"]}, "invalid_param", "events.0"),
        ({**EXAMPLE, "events": ["webhook.test"]}, "invalid_param", "events.0"),
        ({**EXAMPLE, "description": "x" * 501}, "invalid_param", "description"),
        ({**EXAMPLE, "description": 7}, "invalid_param", "description"),
    ],
)
def test_a_registration_that_cannot_be_is_refused(
    api: Client, body: dict[str, Any], code: str, param: str
) -> None:
    before = api.untouched()
    reply = api.post("/webhooks", body, headers={"idempotency-key": "k"})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, param)
    assert api.untouched() == before


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("PATCH", "", {}),
        ("PATCH", "", {"url": None}),
        ("PATCH", "", {"enabled": "no"}),
        ("PATCH", "", {"enabled": 0}),
        ("PATCH", "", {"events": []}),
        ("PATCH", "", {"url": "ftp://example.com"}),
        ("POST", "/recover", {}),
        ("POST", "/recover", {"since": 1_781_802_262}),
        ("POST", "/recover", {"since": "yesterday"}),
        ("POST", "/recover", {"since": "2026-06-18T17:04:22"}),
        ("POST", "/recover", {"since": "2026-05-01T00:00:00Z"}),
        ("POST", "/recover", {"since": "2027-05-01T00:00:00Z"}),
        ("POST", "/recover", {"since": "0001-01-01T00:00:00+23:59"}),
        ("POST", "/recover", {"since": "9999-12-31T23:59:59-23:59"}),
        ("POST", "/rotate-secret", {"overlap_hours": -1}),
        ("POST", "/rotate-secret", {"overlap_hours": 169}),
        ("POST", "/rotate-secret", {"overlap_hours": 1.5}),
        ("POST", "/rotate-secret", {"overlap_hours": True}),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(
    api: Client, method: str, route: str, body: dict[str, Any]
) -> None:
    webhook = register(api)
    before = api.memory.endpoints.copy()
    reply = api.ask(method, f"/webhooks/{webhook['id']}{route}", body)
    assert reply.status == 400, reply.body
    assert api.memory.endpoints == before


@pytest.mark.parametrize("value", ["", "done", "failed,pending"])
def test_deliveries_are_filtered_by_one_status(api: Client, value: str) -> None:
    webhook = register(api)
    reply = api.get(f"/webhooks/{webhook['id']}/deliveries", query={"status": value})
    assert (reply.status, reply.error["param"]) == (400, "status")


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"enabled": True}),
        ("DELETE", "", None),
        ("POST", "/test", None),
        ("POST", "/rotate-secret", None),
        ("POST", "/recover", {"since": "2026-06-18T17:04:22Z"}),
        ("GET", "/deliveries", None),
        ("GET", f"/deliveries/{UNKNOWN_ID}", None),
        ("POST", f"/deliveries/{UNKNOWN_ID}/replay", None),
    ],
)
def test_an_unknown_endpoint_is_a_404(api: Client, method: str, route: str, body: Any) -> None:
    assert api.ask(method, f"/webhooks/{UNKNOWN_ID}{route}", body).status == 404
