"""What an earlier version stored, sent and signed is read today as it was then, and work it began is finished.

The files under ``stored/`` were written by an earlier version of this project on emulated tables. They are never
written again: a stack that is updated in place holds just such rows, and its queues such messages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.compatibility import reading
from tests.compatibility.conftest import stored
from tests.compatibility.reading import ROWS, Json, Stack, older, plain, restored

ROW_FILES = {
    "rows_accounts": "accounts",
    "rows_jobs": "jobs",
    "rows_assets": "assets",
    "rows_webhooks": "webhooks",
}
ENTRIES = [(table, entry) for name, table in ROW_FILES.items() for entry in stored(name)]
WRITTEN_WHOLE = [(table, entry) for table, entry in ENTRIES if ROWS[entry["row"]].write is not None]
ANY_TIME = datetime.fromisoformat("2026-04-01T12:00:00+00:00")


def named(entries: list[Any]) -> dict[str, Any]:
    """Parameters of a test, each by its entry's own name."""
    names = [(entry[1] if isinstance(entry, tuple) else entry)["name"] for entry in entries]
    return {"argvalues": entries, "ids": names}


def holding(dynamodb: Any, table: str, entry: Json) -> Stack:
    """A stack that has one stored row, and those it is read together with."""
    stack = Stack(dynamodb, datetime.fromisoformat(entry["find"].get("at", ANY_TIME.isoformat())))
    for item in [*entry.get("with", []), entry["item"]]:
        stack.put(table, item)
    return stack


def as_json(thing: Any) -> Any:
    return json.loads(json.dumps(thing))


# ------------------------------------------------------------------------------ rows


def test_no_state_of_a_job_is_missing() -> None:
    jobs = [entry["yields"] for _, entry in ENTRIES if entry["row"] == "job"]
    tasks = [task for job in jobs for task in job["tasks"]]
    assert {job["status"] for job in jobs} == {
        "queued",
        "processing",
        "succeeded",
        "partial",
        "failed",
        "canceled",
    }
    assert {task["state"] for task in tasks} == {
        "queued",
        "running",
        "waiting",
        "succeeded",
        "failed",
        "canceled",
    }
    assert {task["failure"] for task in tasks if "failure" in task} == {
        "content_blocked",
        "input_rejected",
        "generation_failed",
        "generation_timed_out",
    }
    assert {job["dialect"] for job in jobs} == {"memes", "moondraft", "agent", "gencraft", "pixeldrive"}
    assert {job["kind"] for job in jobs} >= {
        *("image", "meme", "edit", "reframe", "video", "upscale", "music"),
        *("refine", "plan", "profile", "render", "preview", "render_batch"),
    }


def test_no_state_of_a_delivery_is_missing() -> None:
    deliveries = [entry["yields"] for _, entry in ENTRIES if entry["row"] == "delivery"]
    assert {one["status"] for one in deliveries} == {"pending", "succeeded", "failed"}
    assert {one["failure"] for one in deliveries if "failure" in one} == {
        "retries_exhausted",
        "gone",
        "endpoint_disabled",
        "endpoint_deleted",
    }


@pytest.mark.parametrize(("table", "entry"), **named(ENTRIES))
def test_a_row_reads_as_it_did(dynamodb: Any, table: str, entry: Json) -> None:
    row = ROWS[entry["row"]]
    read = row.read(holding(dynamodb, table, entry), entry["find"])
    assert as_json(row.described(read)) == entry["yields"]


@pytest.mark.parametrize(("table", "entry"), **named(WRITTEN_WHOLE))
def test_a_row_that_is_written_back_is_the_row_that_was_stored(
    dynamodb: Any, table: str, entry: Json
) -> None:
    """The version before may still run beside this one, so it must find every row as it would write it."""
    row, item = ROWS[entry["row"]], entry["item"]
    assert row.write is not None
    read = row.read(holding(dynamodb, table, entry), entry["find"])
    target = Stack(dynamodb, ANY_TIME)
    if entry["row"] in ("template", "endpoint", "delivery") and item["version"]["N"] != "1":
        target.put(table, older(item))
    target.store.commit(row.write(read, entry["find"]))
    again = target.row(table, {"pk": item["pk"], "sk": item["sk"]})
    assert again is not None
    assert again == plain(item)


# -------------------------------------------------------------------------- messages


MESSAGES: Mapping[str, tuple[Callable[[str], Json], Callable[[str], Json]]] = {
    "task": (reading.described_task_message, reading.rewritten_task_message),
    "delivery": (reading.described_delivery_message, reading.rewritten_delivery_message),
}


def test_every_step_has_a_message() -> None:
    steps = {json.loads(entry["body"]).get("step") for entry in stored("messages")}
    assert steps >= {"start", "poll", "hasten", "cancel", "render", "expand"}


@pytest.mark.parametrize("entry", **named(stored("messages")))
def test_a_message_reads_as_it_did(entry: Json) -> None:
    described, rewritten = MESSAGES[entry["message"]]
    assert as_json(described(entry["body"])) == entry["yields"]
    if not entry.get("older"):
        assert rewritten(entry["body"]) == json.loads(entry["body"])


@pytest.mark.parametrize("entry", **named(stored("streams")))
def test_a_change_in_a_stream_is_announced_as_it_was(dynamodb: Any, entry: Json) -> None:
    stack = Stack(dynamodb, ANY_TIME)
    put = [{**event, "Detail": json.loads(event["Detail"])} for event in stack.relay([entry["record"]])]
    assert put == entry["puts"]


@pytest.mark.parametrize("entry", **named(stored("events")))
def test_an_event_on_its_way_is_fanned_out_as_it_was(dynamodb: Any, entry: Json) -> None:
    stack = Stack(dynamodb, ANY_TIME)
    for item in entry["endpoints"]:
        stack.put("webhooks", item)
    detail = json.loads(entry["record"]["body"])["detail"]
    assert reading.described_event(detail) == entry["yields"]
    assert reading.rewritten_event(detail) == detail
    assert [json.loads(body) for body in stack.fan_out(entry["record"])] == entry["messages"]


# ------------------------------------------------------------------- out in the world


SIGNED = stored("signed")


@pytest.mark.parametrize("name", SIGNED["tokens"])
def test_a_secret_key_opens_what_it_did(dynamodb: Any, name: str) -> None:
    kept = SIGNED["tokens"][name]
    assert reading.described_token(kept["token"]) == kept["yields"]
    stack = Stack(dynamodb, datetime.fromisoformat(kept["at"]))
    for item in kept["rows"]:
        stack.put("accounts", item)
    assert reading.admitted(stack, kept["token"]) == kept["admits"]


@pytest.mark.parametrize("kept", SIGNED["callbacks"], ids=lambda kept: kept["vendor"])
def test_a_vendor_can_call_back_at_the_address_it_was_given(kept: Json) -> None:
    task = {name: kept[name] for name in ("owner", "job_id", "index")}
    assert reading.opened_callback_token(kept["vendor"], kept["token"]) == task
    assert reading.callback_token(kept["vendor"], **task) == kept["token"]
    assert reading.opened_callback_token("another", kept["token"]) is None


def test_addresses_of_files_stay() -> None:
    links, images = reading.file_links(), reading.image_links()
    for kept in SIGNED["files"]:
        assert links.file(kept["storage_key"]) == kept["url"]
        assert links.own(kept["url"]) == kept["storage_key"]
    public = SIGNED["images"]["public"]
    assert images.public(public["storage_key"]) == public["url"]
    name = images.public_name(public["url"])
    assert name is not None
    assert images.public_key(name) == public["storage_key"]
    for kept in SIGNED["images"]["signed"]:
        assert images.signed(kept["storage_key"], kept["expires_at"]) == kept["url"]
        path = kept["url"].partition("/s/")[2]
        assert images.opened(path) == (kept["storage_key"], kept["expires_at"])


@pytest.mark.parametrize("kept", SIGNED["webhooks"], ids=lambda kept: kept["message_id"])
def test_a_subscriber_verifies_messages_with_the_secret_it_has(kept: Json) -> None:
    secrets = [reading.webhook_secret(kept["endpoint_id"], version) for version in kept["versions"]]
    assert secrets == kept["secrets"]
    headers = reading.webhook_headers(kept["message_id"], kept["at"], kept["body"], secrets)
    assert headers == kept["headers"]


def test_a_code_in_a_mailbox_is_good() -> None:
    kept = SIGNED["one_time_code"]
    assert reading.code_digest(kept["address"], kept["id"], kept["code"]) == kept["digest"]


def test_a_manifest_has_the_lines_its_chunks_say() -> None:
    kept = SIGNED["manifest"]
    made = reading.batch_manifest(kept["payloads"], kept["ratio"])
    assert made == {name: kept[name] for name in ("body", "rows", "chunks")}
    body = kept["body"].encode()
    distinct = [
        payload
        for _, offset, length in kept["chunks"]
        for payload in reading.payloads_in(body[offset : offset + length].decode())
    ]
    assert [distinct[place] for place in kept["rows"]] == kept["payloads"]


# ------------------------------------------------------------------------ whole stacks


@pytest.fixture(scope="module")
def untouched(dynamodb: Any) -> Stack:
    """A stack as it was, for tests that only look."""
    return restored(dynamodb, stored("in_flight"))


VIEWS = stored("views")
# In the order of their random ids then; by this member now.
# Members that answers have had since, without which they are as they were.
SINCE = {
    "/platform/v1/keys": {"made_by", "has_more", "next_cursor", "daily_credits", "monthly_credits"},
    **{
        path: {"owed", "expired", "reversed", "expiring"}
        for path in VIEWS
        if path.endswith("/credits") or "/admin/workspaces/" in path
    },
    "/platform/v1/ledger": {"expired", "reversed", "expires_at"},
    **{path: {"fonts"} for path in VIEWS if path.startswith("/pixeldrive/v1/templates/")},
    "/moondraft/v1/credits/auto-reload": {"monthly_limit_cents"},
}
BY_TIME = {"/memes/v1/images": "created_at", "/platform/v1/ledger": "at"}


@pytest.mark.parametrize("path", [path for path in VIEWS if path not in BY_TIME])
def test_an_api_shows_what_it_did(untouched: Stack, path: str) -> None:
    kept = VIEWS[path]
    untouched.clock.set(datetime.fromisoformat(stored("in_flight")["at"]))
    status, body = untouched.request("GET", path, kept["token"])
    assert (status, _without(body, SINCE.get(path, set()))) == (kept["status"], kept["body"])


def _without(answer: Any, names: set[str]) -> Any:
    """An answer without members that are newer than it."""
    if isinstance(answer, list):
        return [_without(one, names) for one in answer]
    if isinstance(answer, dict):
        return {name: _without(value, names) for name, value in answer.items() if name not in names}
    return answer


@pytest.mark.parametrize("path", BY_TIME)
def test_a_list_shows_what_it_did_by_time(untouched: Stack, path: str) -> None:
    kept = VIEWS[path]
    untouched.clock.set(datetime.fromisoformat(stored("in_flight")["at"]))
    newest, oldest = (
        _without(whole_list(untouched, path, kept["token"], order), SINCE.get(path, set()))
        for order in ("newest", "oldest")
    )
    assert newest == oldest[::-1]
    assert [one for one in newest if one in kept["body"]["data"]] != kept["body"]["data"]
    assert all(one in newest for one in kept["body"]["data"])
    assert len({one["id"] for one in newest}) == len(newest)
    times = [one[BY_TIME[path]] for one in newest]
    assert times == sorted(times, reverse=True)


def whole_list(stack: Stack, path: str, token: str, order: str) -> list[Any]:
    """All of a list, in pages of seven."""
    whole: list[Any] = []
    more, after = True, ""
    while more:
        status, body = stack.request("GET", f"{path}?limit=7&order={order}{after}", token)
        assert status == 200
        whole += body["data"]
        more, after = body["has_more"], f"&starting_after={body['data'][-1]['id']}"
    return whole


def test_all_that_was_under_way_is_finished_and_paid_once(dynamodb: Any) -> None:
    kept = stored("in_flight")
    stack = restored(dynamodb, kept)
    check_books(stack)
    before = stack.settlements()
    assert {before[job_id][0] for job_id in kept["open"].values()} >= {"queued", "processing"}
    check_all_ends(stack, kept, kept["messages"])


def test_messages_that_come_twice_change_nothing(dynamodb: Any) -> None:
    kept = stored("in_flight")
    stack = restored(dynamodb, kept)
    check_all_ends(stack, kept, kept["messages"] * 2)
    books = stack.books()
    stack.work(kept["messages"])
    assert stack.books() == books


def test_messages_that_were_lost_are_sent_again(dynamodb: Any) -> None:
    kept = stored("in_flight")
    # Nobody waits for words longer than it takes to notice that their message was lost.
    check_all_ends(restored(dynamodb, kept), kept, [], refine=("failed", 0))


def check_all_ends(stack: Stack, kept: Json, messages: list[Json], **otherwise: tuple[str, int]) -> None:
    """Work off what was under way, with housekeeping now and then as on a stack, and check what came of it."""
    before = stack.settlements()
    stack.work(messages)
    for _ in range(8):
        stack.clock.advance(timedelta(minutes=1))
        stack.sweep()
        stack.work([])
    after = stack.settlements()
    check_books(stack)
    assert not stack.taken_slots()
    assert not any(wallet["wallet"]["held"] for wallet in stack.books().values())
    ended = {name: after[job_id][:2] for name, job_id in kept["open"].items()}
    expected = {
        "queued": ("succeeded", 2),
        "running": ("succeeded", 1),
        "waiting": ("succeeded", 2),
        "half": ("partial", 1),
        "lost": ("succeeded", 1),
        "edit": ("succeeded", 1),
        "batch of prompts": ("succeeded", 3),
        "avatar": ("succeeded", 10),
        "refine": ("succeeded", 0),
        "agent image": ("succeeded", 16),
        "agent music": ("succeeded", 35),
        "agent video, test": ("succeeded", 20),
        "gencraft": ("succeeded", 80),
        "test": ("succeeded", 2),
        "canceled": ("canceled", 0),
        "batch, not expanded": ("succeeded", 0),
        "batch, expanded": ("succeeded", 0),
        "chunk": ("succeeded", 25),
        "chunk under lease": ("succeeded", 2),
    }
    assert ended == expected | otherwise
    assert {job_id: it for job_id, it in before.items() if it[2]}.items() <= after.items()


def check_books(stack: Stack) -> None:
    for owner, books in stack.books().items():
        wallet = books["wallet"]
        went = sum(amount for column, amount in wallet.items() if column != "granted")
        assert wallet["granted"] == went, owner
        assert wallet == books["ledger"], owner
        assert wallet["held"] == books["open"], owner
