"""Renders in bulk: accepted whole or not at all, watched by polling or as a stream."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.accounts import Scope
from darkroom.domain.errors import Unavailable
from tests.fakes import FakeJobs
from tests.unit.api_pixeldrive.desk import CARD, IMAGES, PICTURE, Desk, unknown_id


def named(*names: str) -> list[dict[str, Any]]:
    return [{"headline": {"text": name}} for name in names]


def test_a_batch_is_accepted_as_documented(desk: Desk) -> None:
    template = desk.template()
    desk.calls.made.clear()
    reply = desk.batch(template, *named("Alice", "Bob"), userId=desk.workspace.id)
    assert reply.status == 202
    assert reply.json["count"] == 2 == len(set(reply.json["jobIds"]))
    assert len(desk.calls.made) <= 4
    assert desk.wallet.held == 2


def test_every_row_is_answered_in_order_and_identical_ones_are_charged_once(desk: Desk) -> None:
    template = desk.template()
    batch = desk.batch(template, *named("Alice", "Bob", "Alice")).json
    before = desk.get(f"/batches/{batch['batchId']}").json
    assert (before["total"], before["queued"], before["completed"]) == (3, 3, 0)
    assert all(row["result"] is None for row in before["results"])
    desk.work()
    told = desk.get(f"/batches/{batch['batchId']}").json
    assert [row["id"] for row in told["results"]] == batch["jobIds"]
    assert (told["completed"], told["failed"], told["running"], told["queued"]) == (3, 0, 0, 0)
    alice, bob, again = (row["result"] for row in told["results"])
    assert alice == {
        "imageUrl": alice["imageUrl"],
        "contentType": "image/png",
        "fromCache": False,
    }
    assert alice["imageUrl"].startswith(f"{IMAGES}/t/{template}/")
    assert again == {**alice, "fromCache": "db"}
    assert bob["imageUrl"] != alice["imageUrl"]
    assert desk.open(alice["imageUrl"])["status"] == 200
    assert (desk.wallet.spent, desk.wallet.held) == (2, 0)
    desk.check_books()


def test_one_row_is_told_in_the_words_of_jobs(desk: Desk) -> None:
    desk.fetcher.pages.clear()
    template = desk.template()
    batch = desk.batch(template, *named("Alice"), {"avatar": {"src": PICTURE}}).json
    first, second = batch["jobIds"]
    assert desk.get(f"/jobs/{first}").json["status"] == "waiting"
    desk.work()
    good, bad = desk.get(f"/jobs/{first}").json, desk.get(f"/jobs/{second}").json
    assert (good["id"], good["status"], good["progress"]) == (first, "completed", 100)
    assert (good["failedReason"], good["attemptsMade"]) == (None, 1)
    assert set(good["result"]) == {"imageUrl", "contentType"}
    assert (bad["status"], bad["result"]) == ("failed", None)
    assert bad["failedReason"]
    assert (desk.wallet.spent, desk.wallet.available) == (1, 99)


def test_every_wrong_payload_is_named_and_nothing_is_taken_on(desk: Desk) -> None:
    template = desk.template()
    payloads: list[Any] = named(*map(str, range(20)))
    payloads[17] = {"avatar": {"src": "ftp://x"}}
    payloads[3] = {"nobody": {"text": "x"}}
    payloads[5] = "x"
    before = desk.untouched()
    reply = desk.batch(template, *payloads)
    assert reply.refusal == (400, "invalid_param")
    assert [path for path, _ in reply.details] == [
        "payloads[3].nobody",
        "payloads[5]",
        "payloads[17].avatar.src",
    ]
    assert desk.untouched() == before


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
def test_what_is_wrong_is_named(desk: Desk, body: dict[str, Any], path: str) -> None:
    sent = {"templateId": desk.template(), "payloads": named("x"), **body}
    before = desk.untouched()
    reply = desk.post("/render/batch", sent)
    assert reply.status == 400
    assert [found for found, _ in reply.details] == [path]
    assert desk.untouched() == before


def test_a_batch_no_credits_are_there_for_is_a_402(desk: Desk) -> None:
    template = desk.template()
    before = desk.untouched()
    assert desk.batch(template, *named(*map(str, range(101)))).refusal == (402, "no_credits")
    assert desk.untouched() == before
    assert desk.batch(template, *named(*map(str, range(100)))).status == 202


def test_a_size_nobody_can_have_is_refused_at_once(desk: Desk) -> None:
    template = desk.template({**CARD, "canvas": {"width": 4096, "height": 4096}})
    assert desk.batch(template, *named("x"), pixelRatio=3).details[0][0] == "pixelRatio"


def test_a_body_beyond_what_fits_is_a_413(desk: Desk) -> None:
    reply = desk.post("/render/batch", raw=b"[" + b" " * 6 * 1024 * 1024)
    assert reply.refusal == (413, "payload_too_large")


def test_an_idempotency_key_makes_one_batch(desk: Desk) -> None:
    template = desk.template()
    body = {"templateId": template, "payloads": named("Alice")}
    first = desk.post("/render/batch", body, headers={"idempotency-key": "k"})
    again = desk.post("/render/batch", body, headers={"idempotency-key": "k"})
    assert (again.status, again.json) == (202, first.json)
    assert desk.wallet.held == 1


def test_nobody_elses_batches_rows_or_templates_exist(desk: Desk) -> None:
    template = desk.template()
    batch = desk.batch(template, *named("Alice")).json
    stranger = desk.another_workspace()
    for key in (stranger, "test"):
        for path in (
            f"/batches/{batch['batchId']}",
            f"/batches/{batch['batchId']}/stream",
            f"/jobs/{batch['jobIds'][0]}",
        ):
            assert desk.get(path, key=key).refusal == (404, "not_found")
        assert desk.batch(template, {}).status == 202
        reply = desk.post("/render/batch", {"templateId": template, "payloads": [{}]}, key=key)
        assert reply.refusal == (404, "not_found")


@pytest.mark.parametrize("object_id", [unknown_id(), "x", "..", "é", "0" * 300])
def test_what_is_not_there_is_a_404(desk: Desk, object_id: str) -> None:
    for path in (f"/batches/{object_id}", f"/jobs/{object_id}"):
        assert desk.get(path).refusal == (404, "not_found")


def test_ids_may_be_spelled_in_capitals(desk: Desk) -> None:
    told = desk.batch(desk.template(), *named("Alice")).json
    batch, row = told["batchId"], told["jobIds"][0]
    assert desk.get(f"/batches/{batch.upper()}").json == desk.get(f"/batches/{batch}").json
    assert desk.get(f"/jobs/{row.upper()}").json == desk.get(f"/jobs/{row}").json
    assert desk.get(f"/batches/{batch.upper()}/stream").status == 200


def test_a_batch_is_no_row_and_a_row_no_batch(desk: Desk) -> None:
    batch = desk.batch(desk.template(), *named("Alice")).json
    assert desk.get(f"/jobs/{batch['batchId']}").status == 404
    assert desk.get(f"/batches/{batch['jobIds'][0]}").status == 404
    beyond = batch["batchId"][:-3] + "002"
    assert desk.get(f"/jobs/{beyond}").status == 404


def test_watching_needs_the_scope_to_read(desk: Desk) -> None:
    writer = desk.issue("writer", scopes=frozenset({Scope.ACCOUNT}))
    batch = desk.batch(desk.template(), *named("Alice")).json["batchId"]
    for path in (f"/batches/{batch}", f"/batches/{batch}/stream", f"/jobs/{batch}"):
        assert desk.get(path, key=writer).refusal == (403, "insufficient_scope")


# ------------------------------------------------------------------- streams


def stream(desk: Desk, batch_id: str, last: str | None = None) -> Any:
    headers = {"last-event-id": last} if last is not None else {}
    return desk.get(f"/batches/{batch_id}/stream", headers=headers)


def test_a_stream_tells_what_changed_and_then_that_it_is_done(desk: Desk) -> None:
    batch = desk.batch(desk.template(), *named(*map(str, range(60)))).json["batchId"]
    desk.working = False
    first = stream(desk, batch)
    assert first.headers["Content-Type"] == "text/event-stream"
    assert first.headers["Cache-Control"] == "no-store"
    assert first.body.startswith("retry: ")
    ((name, last, counts),) = first.events
    assert name == "progress"
    assert counts == {"total": 60, "queued": 60, "running": 0, "completed": 0, "failed": 0}

    desk.meanwhile.append(lambda: desk.work(2))  # the expansion, and one chunk
    started = desk.clock.now()
    ((name, last, counts),) = stream(desk, batch, last).events
    assert (name, counts["completed"], counts["queued"]) == ("progress", 25, 35)
    assert (desk.clock.now() - started).total_seconds() < 2

    desk.working = True
    (_, _, counts), (name, last, told) = stream(desk, batch, last).events
    assert counts["completed"] == 60
    assert (name, last) == ("done", "done")
    assert told["results"] == desk.get(f"/batches/{batch}").json["results"]
    closed = stream(desk, batch, last)
    assert (closed.status, closed.body) == (204, "")


def test_nothing_new_is_said_in_time_and_changes_nothing(desk: Desk) -> None:
    batch = desk.batch(desk.template(), *named("Alice")).json["batchId"]
    desk.working = False
    last = stream(desk, batch).events[0][1]
    started = desk.clock.now()
    reply = stream(desk, batch, last)
    assert reply.status == 200
    assert reply.events == []
    assert ": " in reply.body
    assert 19 <= (desk.clock.now() - started).total_seconds() <= 22


def test_a_stream_survives_trouble_with_the_table(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = desk.batch(desk.template(), *named("Alice")).json["batchId"]

    def busy(*_: Any) -> None:
        raise Unavailable("busy")

    with monkeypatch.context() as trouble:
        trouble.setattr(FakeJobs, "get", busy)
        piece = desk.get(f"/batches/{batch}/stream")
    assert (piece.status, piece.events) == (200, [])
    assert piece.body.startswith("retry: 2000\n")
    assert next(name for name, _, _ in desk.get(f"/batches/{batch}/stream").events) == "progress"


def test_a_stream_joined_late_still_tells_everything(desk: Desk) -> None:
    batch = desk.batch(desk.template(), *named("Alice")).json["batchId"]
    desk.work()
    desk.clock.advance(3600)
    assert [name for name, _, _ in stream(desk, batch).events] == ["progress", "done"]
    assert [name for name, _, _ in stream(desk, batch, "0-0-1-0").events] == ["done"]
    assert [name for name, _, _ in stream(desk, batch, "what? é").events] == ["progress", "done"]


def test_a_stream_ends_after_half_an_hour(desk: Desk) -> None:
    batch = desk.batch(desk.template(), *named("Alice")).json["batchId"]
    desk.working = False
    assert stream(desk, batch).status == 200
    desk.clock.advance(1801)
    assert stream(desk, batch).status == 204
