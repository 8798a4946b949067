"""Manifests over the platform's API: announced, read, streamed, canceled, and where their results are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from darkroom.domain.jobs.spec import Encoding
from darkroom.domain.manifests.manifest import Manifest, ManifestStatus
from darkroom.domain.manifests.messages import ManifestMessage, SourceArrived
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import SaveTemplate
from tests.harness.container import BASE_URL
from tests.harness.renders import DOCUMENT, TEMPLATE_ID
from tests.unit.functions.api_platform.test_platform import Client, code

BODY: dict[str, Any] = {"format": "csv", "size": 12, "model": "forge-image", "name": "Frühjahr"}
DATA = b"prompt\nkite\n"


@pytest.fixture
def api() -> Client:
    return Client()


def made(api: Client, **changes: Any) -> dict[str, Any]:
    status, answer = api.json("POST", "/manifests", {**BODY, **changes})
    assert status == 201, answer
    return answer  # type: ignore[no-any-return]


def stored(api: Client, manifest_id: str) -> Manifest:
    return api.memory.manifests[api.owner, manifest_id]


def started(api: Client, data: bytes = DATA) -> str:
    manifest = made(api)["manifest"]
    source = stored(api, manifest["id"]).source
    file = api.manifest_files.put(source, data)
    api.core.start_manifest.arrived(SourceArrived(source, file.etag, file.size))
    return str(manifest["id"])


def turn(api: Client, manifest_id: str) -> None:
    at = stored(api, manifest_id).turn
    api.core.advance_manifest(ManifestMessage(api.owner, manifest_id, at), lambda: True)


def ended(api: Client) -> str:
    manifest_id = started(api)
    turn(api, manifest_id)
    api.work()
    turn(api, manifest_id)
    assert stored(api, manifest_id).status is ManifestStatus.COMPLETED
    return manifest_id


def test_a_manifest_is_announced_and_says_how_to_upload_its_file(api: Client) -> None:
    reply = api.ask("POST", "/manifests", BODY)
    manifest, upload = reply.json["manifest"], reply.json["upload"]
    assert reply.headers["Location"] == f"{BASE_URL}/platform/v1/manifests/{manifest['id']}"
    assert upload["url"].endswith(f"/manifests/{api.owner.workspace_id}/live/{manifest['id']}.csv")
    assert upload["headers"] == {"Content-Type": "text/csv", "Content-Length": "12", "If-None-Match": "*"}
    assert (manifest["status"], manifest["make"], manifest["model"]) == (
        "pending",
        "generations",
        "forge-image",
    )
    assert (manifest["template_id"], manifest["pixel_ratio"], manifest["results_url"]) == (None, None, None)
    assert set(manifest["counts"].values()) == {0}
    assert api.json("GET", f"/manifests/{manifest['id']}") == (200, {"manifest": manifest})
    page = {"data": [manifest], "has_more": False, "next_cursor": None}
    assert api.json("GET", "/manifests") == (200, page)


def test_a_manifest_of_renders_keeps_its_templates_version(api: Client) -> None:
    now = api.core.clock.now()
    template = Template(TEMPLATE_ID, api.owner, "t", 1, parse_definition(DOCUMENT), now, now)
    api.store.commit(SaveTemplate(template))
    manifest = made(api, model=None, template_id=TEMPLATE_ID, pixel_ratio=2)["manifest"]
    assert (manifest["make"], manifest["template_version"], manifest["pixel_ratio"]) == ("renders", 1, 2.0)
    fields = {"template_id": TEMPLATE_ID, "output_format": "jpeg", "quality": 50}
    written = made(api, model=None, **fields)["manifest"]["id"]
    stored = next(it for it in api.memory.manifests.values() if it.id == written)
    assert stored.order.encoding == Encoding("jpeg", 50)
    refused = api.json(
        "POST", "/manifests", {**BODY, "template_id": TEMPLATE_ID, "model": None, "pixel_ratio": 5}
    )
    assert code(refused) == (400, "invalid_param", "pixel_ratio")


@pytest.mark.parametrize(
    ("changes", "status", "param"),
    [
        ({"model": None}, 400, "template_id"),
        ({"template_id": "x"}, 400, "model"),
        ({"pixel_ratio": 2}, 400, "model"),
        ({"output_format": "pdf"}, 400, "model"),
        ({"quality": 50}, 400, "model"),
        ({"model": None, "template_id": TEMPLATE_ID, "output_format": "gif"}, 400, "output_format"),
        ({"model": None, "template_id": TEMPLATE_ID, "quality": 50}, 400, "quality"),
        ({"model": None, "template_id": TEMPLATE_ID}, 404, "template_id"),
        ({"model": "dall-e"}, 400, "model"),
        ({"format": "xlsx"}, 400, "format"),
        ({"size": 0}, 400, "size"),
        ({"size": 256 * 1024**2 + 1}, 400, "size"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    api: Client, changes: dict[str, Any], status: int, param: str
) -> None:
    answered, _, named = code(api.json("POST", "/manifests", {**BODY, **changes}))
    assert (answered, named) == (status, param)
    assert not api.memory.manifests


def test_so_many_may_be_announced_within_an_hour(api: Client) -> None:
    api.clock.advance(60)
    for _ in range(50):
        made(api)
    assert code(api.json("POST", "/manifests", BODY))[:2] == (429, "feature_quota_exceeded")
    assert len(api.memory.manifests) == 50
    api.clock.advance(3_600)
    made(api)


def test_a_repeated_announcement_is_the_same_manifest(api: Client) -> None:
    headers = {"idempotency-key": "m-1"}
    first, again = (api.json("POST", "/manifests", BODY, headers=headers) for _ in range(2))
    assert first == again
    other = api.json("POST", "/manifests", {**BODY, "size": 13}, headers=headers)
    assert code(other)[:2] == (409, "idempotency_conflict")


def test_an_ended_manifest_says_where_its_results_are(api: Client) -> None:
    manifest_id = started(api)
    nothing = {"results": None, "errors": None}
    assert api.json("GET", f"/manifests/{manifest_id}/results") == (200, nothing)
    turn(api, manifest_id)
    api.work()
    turn(api, manifest_id)
    manifest = api.json("GET", f"/manifests/{manifest_id}")[1]["manifest"]
    assert manifest["results_url"] == f"{BASE_URL}/platform/v1/manifests/{manifest_id}/results"
    assert (manifest["status"], manifest["expanded"], manifest["credits_charged"]) == ("completed", True, 1)
    results = api.json("GET", f"/manifests/{manifest_id}/results")[1]
    assert f"/live/{manifest_id}.results.csv" in results["results"]["url"]
    assert f"/live/{manifest_id}.errors.csv" in results["errors"]["url"]


def test_canceling_is_answered_at_once_and_refused_too_late(api: Client) -> None:
    manifest_id = started(api)
    status, answer = api.json("POST", f"/manifests/{manifest_id}/cancel")
    assert (status, answer["manifest"]["reason"]["code"]) == (200, "canceled")
    over = ended(api)
    assert code(api.json("POST", f"/manifests/{over}/cancel"))[:2] == (409, "already_finished")


def test_progress_is_streamed_until_it_is_done(api: Client) -> None:
    manifest_id = started(api)
    path = f"/manifests/{manifest_id}/stream"
    first = api.ask("GET", path)
    assert first.headers["Content-Type"] == "text/event-stream"
    assert events(first.body) == [("progress", "processing-0-0-0-0-0-0")]
    turn(api, manifest_id)
    second = api.ask("GET", path, headers={"last-event-id": "processing-0-0-0-0-0-0"})
    assert events(second.body) == [("progress", "processing-1-1-0-0-0-0")]
    api.work()
    turn(api, manifest_id)
    last = api.ask("GET", path, headers={"last-event-id": "processing-1-1-0-0-0-0"})
    assert events(last.body) == [("progress", "completed-1-0-1-0-0-0"), ("done", "done")]
    assert api.ask("GET", path, headers={"last-event-id": "done"}).status == 204


def test_nothing_new_is_a_comment(api: Client) -> None:
    manifest_id = started(api)
    looked: list[float] = []
    object.__setattr__(api.core.wait_for_job, "sleep", looked.append)
    ticks = iter(range(99))
    object.__setattr__(api.core.wait_for_job, "monotonic", lambda: next(ticks) * 5.0)
    reply = api.ask(
        "GET", f"/manifests/{manifest_id}/stream", headers={"last-event-id": "processing-0-0-0-0-0-0"}
    )
    assert (events(reply.body), bool(looked)) == ([], True)
    assert ": nothing new" in reply.body


def test_a_stream_beyond_what_a_workspace_may_hold_tells_what_there_is_and_comes_back(api: Client) -> None:
    manifest_id = started(api)
    api.have_others_wait()
    path, now = f"/manifests/{manifest_id}/stream", api.clock.now()
    assert events(api.ask("GET", path).body) == [("progress", "processing-0-0-0-0-0-0")]
    reply = api.ask("GET", path, headers={"last-event-id": "processing-0-0-0-0-0-0"})
    assert (events(reply.body), api.clock.now()) == ([], now)
    assert reply.body.startswith("retry: 3000\n")


def test_lists_go_on_after_the_last_one_seen(api: Client) -> None:
    ids = [made(api)["manifest"]["id"] for _ in range(3)]
    page = api.json("GET", "/manifests?limit=2")[1]
    assert ([one["id"] for one in page["data"]], page["next_cursor"]) == ([ids[2], ids[1]], ids[1])
    rest = api.json("GET", f"/manifests?limit=2&starting_after={ids[1]}")[1]
    assert ([one["id"] for one in rest["data"]], rest["has_more"]) == ([ids[0]], False)


def events(body: str) -> list[tuple[str, str]]:
    """The names and ids of a stream's events; their data must be JSON."""
    found = []
    for block in body.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            json.loads(fields["data"])
            found.append((fields["event"], fields["id"]))
    return found
