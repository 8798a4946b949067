"""Renders in bulk: accepted whole or not at all, watched by polling or as a stream."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import Unavailable
from darkroom.http import bodies
from darkroom.http.request_context import MAX_READ_AHEAD
from tests.fakes import FakeJobs
from tests.unit.functions.api_pixeldrive.client import CARD, IMAGES, PICTURE, Client, unknown_id
from tests.unit.functions.api_pixeldrive.test_render import WARNED, WARNING


def named(*names: str) -> list[dict[str, Any]]:
    return [{"headline": {"text": name}} for name in names]


def test_a_batch_is_accepted_as_documented(api: Client) -> None:
    template = api.template()
    api.calls.made.clear()
    reply = api.batch(template, *named("Alice", "Bob"), userId=api.workspace.id)
    assert reply.status == 202
    assert reply.json["count"] == 2 == len(set(reply.json["jobIds"]))
    assert len(api.calls.made) <= 4
    assert api.wallet.held == 2


def test_every_row_is_answered_in_order_and_identical_ones_are_charged_once(api: Client) -> None:
    template = api.template()
    batch = api.batch(template, *named("Alice", "Bob", "Alice")).json
    before = api.get(f"/batches/{batch['batchId']}").json
    assert (before["total"], before["queued"], before["completed"]) == (3, 3, 0)
    assert all(row["result"] is None for row in before["results"])
    api.work()
    answer = api.get(f"/batches/{batch['batchId']}").json
    assert [row["id"] for row in answer["results"]] == batch["jobIds"]
    assert (answer["completed"], answer["failed"], answer["running"], answer["queued"]) == (3, 0, 0, 0)
    alice, bob, again = (row["result"] for row in answer["results"])
    assert alice == {
        "imageUrl": alice["imageUrl"],
        "contentType": "image/png",
        "fromCache": False,
    }
    assert alice["imageUrl"].startswith(f"{IMAGES}/t/{template}/")
    assert again == {**alice, "fromCache": "db"}
    assert bob["imageUrl"] != alice["imageUrl"]
    assert api.open(alice["imageUrl"])["status"] == 200
    assert (api.wallet.spent, api.wallet.held) == (2, 0)
    api.check_books()


def test_one_row_is_told_in_the_words_of_jobs(api: Client) -> None:
    api.fetcher.pages.clear()
    template = api.template()
    batch = api.batch(template, *named("Alice"), {"avatar": {"src": PICTURE}}).json
    first, second = batch["jobIds"]
    assert api.get(f"/jobs/{first}").json["status"] == "waiting"
    api.work()
    good, bad = api.get(f"/jobs/{first}").json, api.get(f"/jobs/{second}").json
    assert (good["id"], good["status"], good["progress"]) == (first, "completed", 100)
    assert (good["failedReason"], good["attemptsMade"]) == (None, 1)
    assert set(good["result"]) == {"imageUrl", "contentType"}
    assert (bad["status"], bad["result"]) == ("failed", None)
    assert bad["failedReason"]
    assert (api.wallet.spent, api.wallet.available) == (1, 99)


def test_rows_and_the_stream_say_what_no_font_has(api: Client) -> None:
    template = api.template()
    api.renderer.warnings = (WARNING,)
    accepted = api.batch(template, *named("Ada", "Ada")).json
    api.work()
    shown = api.get(f"/batches/{accepted['batchId']}").json
    assert [row["warnings"] for row in shown["results"]] == [WARNED, WARNED]
    assert api.get(f"/jobs/{accepted['jobIds'][1]}").json["warnings"] == WARNED
    name, _, data = stream(api, accepted["batchId"]).events[-1]
    assert (name, data["results"]) == ("done", shown["results"])


def test_every_wrong_payload_is_named_and_nothing_is_taken_on(api: Client) -> None:
    template = api.template()
    payloads: list[Any] = named(*map(str, range(20)))
    payloads[17] = {"avatar": {"src": "ftp://x"}}
    payloads[3] = {"nobody": {"text": "x"}}
    payloads[5] = "x"
    before = api.untouched()
    reply = api.batch(template, *payloads)
    assert reply.refusal == (400, "invalid_param")
    assert [path for path, _ in reply.details] == [
        "payloads[3].nobody",
        "payloads[5]",
        "payloads[17].avatar.src",
    ]
    assert api.untouched() == before


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"payloads": []}, "payloads"),
        ({"payloads": None}, "payloads"),
        ({"payloads": {}}, "payloads"),
        ({"payloads": [{}] * 1001}, "payloads"),
        ({"templateId": "x"}, "templateId"),
        ({"userId": "x"}, "userId"),
        ({"userId": unknown_id()}, "userId"),
        ({"pixelRatio": 4}, "pixelRatio"),
    ],
)
def test_what_is_wrong_is_named(api: Client, body: dict[str, Any], path: str) -> None:
    sent = {"templateId": api.template(), "payloads": named("x"), **body}
    before = api.untouched()
    reply = api.post("/render/batch", sent)
    assert reply.status == 400
    assert [param for param, _ in reply.details] == [path]
    assert api.untouched() == before


def test_a_batch_no_credits_are_there_for_is_a_402(api: Client) -> None:
    template = api.template()
    before = api.untouched()
    assert api.batch(template, *named(*map(str, range(101)))).refusal == (402, "no_credits")
    assert api.untouched() == before
    assert api.batch(template, *named(*map(str, range(100)))).status == 202


def test_a_size_nobody_can_have_is_refused_at_once(api: Client) -> None:
    template = api.template({**CARD, "canvas": {"width": 4096, "height": 4096}})
    assert api.batch(template, *named("x"), pixelRatio=3).details[0][0] == "pixelRatio"


def test_a_body_beyond_what_fits_is_a_413(api: Client) -> None:
    reply = api.post("/render/batch", raw=b"[" + b" " * 6 * 1024 * 1024)
    assert reply.refusal == (413, "payload_too_large")


def test_an_idempotency_key_makes_one_batch(api: Client) -> None:
    template = api.template()
    body = {"templateId": template, "payloads": named("Alice")}
    first = api.post("/render/batch", body, headers={"idempotency-key": "k"})
    again = api.post("/render/batch", body, headers={"idempotency-key": "k"})
    assert (again.status, again.json) == (202, first.json)
    assert api.wallet.held == 1


def test_nobody_elses_batches_rows_or_templates_exist(api: Client) -> None:
    template = api.template()
    batch = api.batch(template, *named("Alice")).json
    stranger = api.another_workspace()
    for key in (stranger, "test"):
        for path in (
            f"/batches/{batch['batchId']}",
            f"/batches/{batch['batchId']}/stream",
            f"/jobs/{batch['jobIds'][0]}",
        ):
            assert api.get(path, key=key).refusal == (404, "not_found")
        assert api.batch(template, {}).status == 202
        reply = api.post("/render/batch", {"templateId": template, "payloads": [{}]}, key=key)
        assert reply.refusal == (404, "not_found")


@pytest.mark.parametrize("object_id", [unknown_id(), "x", "..", "é", "0" * 300])
def test_what_is_not_there_is_a_404(api: Client, object_id: str) -> None:
    for path in (f"/batches/{object_id}", f"/jobs/{object_id}"):
        assert api.get(path).refusal == (404, "not_found")


def test_ids_may_be_spelled_in_capitals(api: Client) -> None:
    answer = api.batch(api.template(), *named("Alice")).json
    batch, row = answer["batchId"], answer["jobIds"][0]
    assert api.get(f"/batches/{batch.upper()}").json == api.get(f"/batches/{batch}").json
    assert api.get(f"/jobs/{row.upper()}").json == api.get(f"/jobs/{row}").json
    assert api.get(f"/batches/{batch.upper()}/stream").status == 200


def test_a_batch_is_no_row_and_a_row_no_batch(api: Client) -> None:
    batch = api.batch(api.template(), *named("Alice")).json
    assert api.get(f"/jobs/{batch['batchId']}").status == 404
    assert api.get(f"/batches/{batch['jobIds'][0]}").status == 404
    beyond = batch["batchId"][:-3] + "002"
    assert api.get(f"/jobs/{beyond}").status == 404


def test_watching_needs_the_scope_to_read(api: Client) -> None:
    writer = api.issue("writer", scopes=frozenset({Scope.ACCOUNT}))
    batch = api.batch(api.template(), *named("Alice")).json["batchId"]
    for path in (f"/batches/{batch}", f"/batches/{batch}/stream", f"/jobs/{batch}"):
        assert api.get(path, key=writer).refusal == (403, "insufficient_scope")


# ------------------------------------------------------------------- streams


def stream(api: Client, batch_id: str, last: str | None = None) -> Any:
    headers = {"last-event-id": last} if last is not None else {}
    return api.get(f"/batches/{batch_id}/stream", headers=headers)


def test_a_stream_tells_what_changed_and_then_that_it_is_done(api: Client) -> None:
    batch = api.batch(api.template(), *named(*map(str, range(60)))).json["batchId"]
    api.working = False
    first = stream(api, batch)
    assert first.headers["Content-Type"] == "text/event-stream"
    assert first.headers["Cache-Control"] == "no-store"
    assert first.body.startswith("retry: ")
    ((name, last, counts),) = first.events
    assert name == "progress"
    assert counts == {"total": 60, "queued": 60, "running": 0, "completed": 0, "failed": 0}

    api.meanwhile.append(lambda: api.work(2))  # the expansion, and one chunk
    started = api.clock.now()
    ((name, last, counts),) = stream(api, batch, last).events
    assert (name, counts["completed"], counts["queued"]) == ("progress", 25, 35)
    assert (api.clock.now() - started).total_seconds() < 2

    api.working = True
    (_, _, counts), (name, last, answer) = stream(api, batch, last).events
    assert counts["completed"] == 60
    assert (name, last) == ("done", "done")
    assert answer["results"] == api.get(f"/batches/{batch}").json["results"]
    closed = stream(api, batch, last)
    assert (closed.status, closed.body) == (204, "")


def test_nothing_new_is_said_in_time_and_changes_nothing(api: Client) -> None:
    batch = api.batch(api.template(), *named("Alice")).json["batchId"]
    api.working = False
    last = stream(api, batch).events[0][1]
    started = api.clock.now()
    reply = stream(api, batch, last)
    assert reply.status == 200
    assert reply.events == []
    assert ": " in reply.body
    assert 19 <= (api.clock.now() - started).total_seconds() <= 22


def test_a_stream_beyond_what_a_workspace_may_hold_tells_what_there_is_and_comes_back(api: Client) -> None:
    batch = api.batch(api.template(), *named("Alice")).json["batchId"]
    api.working = False
    api.have_others_wait()
    started = api.clock.now()
    ((_, last, _),) = stream(api, batch).events
    reply = stream(api, batch, last)
    assert (reply.status, reply.events) == (200, [])
    assert reply.body.startswith("retry: 2000\n")
    assert api.clock.now() == started


def test_a_stream_survives_trouble_with_the_table(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = api.batch(api.template(), *named("Alice")).json["batchId"]

    def busy(*_: Any) -> None:
        raise Unavailable("busy")

    with monkeypatch.context() as trouble:
        trouble.setattr(FakeJobs, "get", busy)
        piece = api.get(f"/batches/{batch}/stream")
    assert (piece.status, piece.events) == (200, [])
    assert piece.body.startswith("retry: 2000\n")
    assert next(name for name, _, _ in api.get(f"/batches/{batch}/stream").events) == "progress"


def test_a_stream_joined_late_still_tells_everything(api: Client) -> None:
    batch = api.batch(api.template(), *named("Alice")).json["batchId"]
    api.work()
    api.clock.advance(3600)
    assert [name for name, _, _ in stream(api, batch).events] == ["progress", "done"]
    assert [name for name, _, _ in stream(api, batch, "0-0-1-0").events] == ["done"]
    assert [name for name, _, _ in stream(api, batch, "what? é").events] == ["progress", "done"]


def test_a_stream_ends_after_half_an_hour(api: Client) -> None:
    batch = api.batch(api.template(), *named("Alice")).json["batchId"]
    api.working = False
    assert stream(api, batch).status == 200
    api.clock.advance(1801)
    assert stream(api, batch).status == 204


# ------------------------------------------------------------------ large bodies


def test_a_large_body_is_not_read_before_its_key_is_looked_at(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    parse = bodies.json_object

    def reading(event: Any, limit: int) -> dict[str, Any]:
        read.append(1)
        return parse(event, limit)

    monkeypatch.setattr(bodies, "json_object", reading)
    template = api.template()
    padding = {"x": "y" * MAX_READ_AHEAD}
    read.clear()
    body = {"templateId": template, "payloads": [{}], **padding}
    assert api.post("/render/batch", body, key="nobody's").status == 401
    assert (
        api.post("/render", {"templateId": template, "payload": {}, **padding}, key="nobody's").status == 401
    )
    assert read == []
    assert api.post("/render/batch", body).status == 202


def test_a_large_preview_counts_as_one(api: Client) -> None:
    body = {"templateId": api.template(), "payload": {}, "preview": True, "x": "y" * MAX_READ_AHEAD}
    reply = api.post("/render", body)
    assert (reply.status, reply.headers["RateLimit-Limit"]) == (200, "60")


@pytest.mark.parametrize(
    ("format", "ending", "media"),
    [("jpeg", "jpg", "image/jpeg"), ("webp", "webp", "image/webp"), ("pdf", "pdf", "application/pdf")],
)
def test_rows_say_what_was_written(api: Client, format: str, ending: str, media: str) -> None:
    template = api.template()
    ada, bob = named("Ada", "Bob")
    accepted = api.batch(template, ada, bob, ada, format=format).json
    api.work()
    results = api.get(f"/batches/{accepted['batchId']}").json["results"]
    assert [row["status"] for row in results] == ["completed"] * 3
    row = api.get(f"/jobs/{accepted['jobIds'][1]}").json
    for image in (*(each["result"] for each in results), row["result"]):
        assert image["imageUrl"].endswith(f".{ending}")
        assert image["contentType"] == media
        assert api.open(image["imageUrl"])["headers"]["Content-Type"] == media
    assert api.render(template, ada, format=format).json["fromCache"] == "db"
    assert api.render(template, ada).json["fromCache"] is False
