"""The platform dialect through its handler, on fakes."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from openapi_spec_validator import validate

from api_platform import objects
from api_platform.app import PREFIX, api, handler
from api_platform.operations import DOCUMENT
from darkroom.domain.accounts import Owner, Scope
from darkroom.domain.engine import Broken
from darkroom.services.manage_accounts import IssueKey, KeyRequest, OpenWorkspace
from local.paths import ROOT
from tests.fakes import desk as fakes
from tests.fakes.desk import Reply
from tests.fakes.vendor_world import VendorWorld

PICTURE = b"\x89PNG picture"
KEY = "media/w/live/j/a.png"


class Desk(fakes.Desk[Reply]):
    """A workspace's key, an operator's, and the handler in front of them."""

    prefix, reply_type = PREFIX, Reply

    def __init__(self) -> None:
        super().__init__(100, "pro", stage="local")
        self.admin = self.issue("operator", dialect="admin", scopes=frozenset(Scope))

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, None)

    def hold_to_contract(self, method: str, path: str, reply: Reply) -> None:
        if reply.status >= 400 and not path.startswith("/files/"):
            objects.ErrorAnswer.model_validate_json(reply.body)
            assert reply.json["error"]["request_id"] == reply.headers["X-Request-Id"]

    def json(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        route, _, query = path.partition("?")
        asked = dict(pair.split("=") for pair in query.split("&")) if query else None
        reply = self.ask(method, route, body, query=asked, **options)
        return reply.status, reply.json


@pytest.fixture
def desk() -> Desk:
    return Desk()


def code(answer: tuple[int, Any]) -> tuple[int, str, str | None]:
    status, body = answer
    return status, body["error"]["code"], body["error"]["param"]


def test_health_needs_no_key(desk: Desk) -> None:
    assert desk.json("GET", "/health", key=None) == (200, {"status": "ok", "stage": "local"})


class TestKeys:
    def test_a_minted_key_works_and_is_shown_once(self, desk: Desk) -> None:
        status, answer = desk.json("POST", "/keys", {"name": "ci"})
        objects.KeyAnswer.model_validate_json(json.dumps(answer))
        secret = answer["key"]["secret"]
        assert status == 201
        assert desk.json("GET", "/credits", key=secret)[0] == 200
        listed = desk.json("GET", "/keys")[1]
        objects.KeyList.model_validate_json(json.dumps(listed))
        assert secret not in json.dumps(listed)
        assert secret not in json.dumps([repr(key) for key in desk.memory.keys.values()])

    def test_revoking_is_immediate_and_can_be_repeated(self, desk: Desk) -> None:
        made = desk.json("POST", "/keys", {"name": "ci"})[1]["key"]
        for _ in range(2):
            assert desk.json("DELETE", f"/keys/{made['id']}")[0] == 200
        assert code(desk.json("GET", "/credits", key=made["secret"])) == (401, "revoked_api_key", None)

    def test_a_key_expires(self, desk: Desk) -> None:
        soon = (desk.clock.now() + timedelta(minutes=1)).isoformat()
        made = desk.json("POST", "/keys", {"name": "ci", "expires_at": soon})[1]["key"]
        desk.clock.advance(61)
        assert code(desk.json("GET", "/credits", key=made["secret"])) == (401, "expired_api_key", None)

    @pytest.mark.parametrize(
        ("dialect", "prefix"),
        [("memes", "sk_live_"), ("moondraft", "md_"), ("pixeldrive", "pdrv_"), ("gencraft", "gc_")],
    )
    def test_each_dialect_spells_its_own(self, desk: Desk, dialect: str, prefix: str) -> None:
        made = desk.json("POST", "/keys", {"name": "k", "dialect": dialect})[1]["key"]
        assert made["secret"].startswith(prefix)

    def test_a_key_gives_no_more_than_it_has(self, desk: Desk) -> None:
        small = desk.issue(scopes=frozenset({Scope.KEYS}))
        wanted = {"name": "x", "scopes": ["generations:write"]}
        assert code(desk.json("POST", "/keys", wanted, key=small))[:2] == (403, "insufficient_scope")
        made = desk.json("POST", "/keys", {"name": "x"}, key=small)[1]["key"]
        assert made["scopes"] == ["keys:manage"]
        assert code(desk.json("POST", "/keys", {"name": "x", "scopes": ["admin"]}))[:2] == (
            403,
            "insufficient_scope",
        )

    def test_a_test_key_makes_no_live_ones(self, desk: Desk) -> None:
        test = desk.issue(livemode=False)
        assert code(desk.json("POST", "/keys", {"name": "x"}, key=test)) == (
            403,
            "insufficient_scope",
            "livemode",
        )
        assert desk.json("POST", "/keys", {"name": "x", "livemode": False}, key=test)[0] == 201

    @pytest.mark.parametrize(
        ("body", "param"),
        [
            ({}, "name"),
            ({"name": ""}, "name"),
            ({"name": 5}, "name"),
            ({"name": "x" * 101}, "name"),
            ({"name": "x", "dialect": "nope"}, "dialect"),
            ({"name": "x", "livemode": "yes"}, "livemode"),
            ({"name": "x", "scopes": []}, "scopes"),
            ({"name": "x", "scopes": ["nope"]}, "scopes.0"),
            ({"name": "x", "expires_at": "yesterday"}, "expires_at"),
            ({"name": "x", "expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
            ({"name": "x", "expires_at": "2099-01-01T00:00:00"}, "expires_at"),
            ({"name": "x", "requests_per_minute": 0}, "requests_per_minute"),
            ({"name": "x", "dialect": "gencraft", "livemode": False}, "livemode"),
        ],
    )
    def test_bad_wishes_name_the_field(self, desk: Desk, body: Any, param: str) -> None:
        before = dict(desk.memory.keys)
        status, _, named = code(desk.json("POST", "/keys", body))
        assert (status, named) == (400, param)
        assert desk.memory.keys == before

    def test_somebody_elses_key_is_not_there(self, desk: Desk) -> None:
        stranger = OpenWorkspace(desk.store, desk.ids, desk.clock)("other")
        key, _ = IssueKey(desk.store, desk.ids, desk.clock)(stranger.id, KeyRequest("k"))
        assert code(desk.json("DELETE", f"/keys/{key.id}"))[0] == 404
        assert desk.memory.keys[stranger.id, key.id].revoked_at is None


class TestCredits:
    def test_the_wallet_and_the_movements_agree(self, desk: Desk) -> None:
        _, answer = desk.json("GET", "/credits")
        objects.CreditsAnswer.model_validate_json(json.dumps(answer))
        _, page = desk.json("GET", "/ledger")
        objects.EntryList.model_validate_json(json.dumps(page))
        for column in ("granted", "available", "held", "spent"):
            assert sum(entry[column] for entry in page["data"]) == answer["credits"][column]

    def test_a_test_key_sees_the_test_wallet(self, desk: Desk) -> None:
        test = desk.issue(livemode=False)
        assert desk.json("GET", "/credits", key=test)[1]["credits"] == {
            "livemode": False, "granted": 10_000, "available": 10_000, "held": 0, "spent": 0
        }  # fmt: skip

    def test_pages_go_on_where_the_last_one_ended(self, desk: Desk) -> None:
        for number in range(4):
            path = f"/admin/workspaces/{desk.workspace.id}/credits"
            desk.json("POST", path, {"credits": 1, "reference": f"r{number}"}, key=desk.admin)
        seen, after = [], ""
        while True:
            page = desk.json("GET", f"/ledger?limit=2{after}")[1]
            seen += [entry["id"] for entry in page["data"]]
            if not page["has_more"]:
                break
            after = f"&starting_after={page['next_cursor']}"
        assert len(seen) == len(set(seen)) == 5

    @pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "order=up", "starting_after="])
    def test_bad_pages_are_refused(self, desk: Desk, query: str) -> None:
        assert desk.json("GET", f"/ledger?{query}")[0] == 400


class TestOperator:
    def test_a_workspace_opens_with_credits_and_a_key(self, desk: Desk) -> None:
        body = {
            "name": "Acme",
            "plan": "starter",
            "credits": 500,
            "allowances": {"images": 9},
            "email": "a@b.c",
        }
        status, answer = desk.json("POST", "/admin/workspaces", body, key=desk.admin)
        objects.WorkspaceAnswer.model_validate_json(json.dumps(answer))
        assert status == 201
        wallet = desk.json("GET", "/credits", key=answer["key"]["secret"])[1]["credits"]
        assert wallet["available"] == 500
        state = desk.json("GET", f"/admin/workspaces/{answer['workspace']['id']}", key=desk.admin)[1]
        objects.WorkspaceState.model_validate_json(json.dumps(state))
        assert state["workspace"]["allowances"] == {"images": 9}

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/admin/workspaces"),
            ("GET", "/admin/workspaces/x"),
            ("POST", "/admin/workspaces/x/credits"),
            ("GET", "/admin/workspaces/x/jobs/y"),
        ],
    )
    def test_nobody_else_may(self, desk: Desk, method: str, path: str) -> None:
        assert code(desk.json(method, path, {"name": "x", "credits": 1}))[:2] == (403, "insufficient_scope")

    def test_the_same_reference_grants_once(self, desk: Desk) -> None:
        path = f"/admin/workspaces/{desk.workspace.id}/credits"
        body = {"credits": 50, "reference": "invoice 7"}
        first, second = (desk.json("POST", path, body, key=desk.admin) for _ in range(2))
        assert (first[0], second[0]) == (201, 200)
        assert second[1] == {"granted": False, "credits": first[1]["credits"]}
        assert desk.memory.wallets[Owner(desk.workspace.id, True)].granted == 150

    @pytest.mark.parametrize("credits", [0, -5, 10**10, "5", 1.5, None, True])
    def test_absurd_grants_change_nothing(self, desk: Desk, credits: Any) -> None:
        path = f"/admin/workspaces/{desk.workspace.id}/credits"
        before = dict(desk.memory.wallets)
        assert code(desk.json("POST", path, {"credits": credits}, key=desk.admin))[0] == 400
        assert desk.memory.wallets == before

    def test_an_unknown_workspace_is_not_there(self, desk: Desk) -> None:
        assert code(desk.json("GET", "/admin/workspaces/nope", key=desk.admin))[0] == 404
        body = {"credits": 1}
        assert code(desk.json("POST", "/admin/workspaces/nope/credits", body, key=desk.admin))[0] == 404


class TestJobsOfVendors:
    """What the operator sees of a job that vendors made."""

    @pytest.fixture
    def world(self, desk: Desk) -> VendorWorld:
        world = VendorWorld("a", "b")
        vars(desk.core)["jobs"] = world.jobs
        return world

    def shown(self, desk: Desk, world: VendorWorld, job_id: str) -> Any:
        path = f"/admin/workspaces/{world.owner.workspace_id}/jobs/{job_id}"
        status, answer = desk.json("GET", path, key=desk.admin)
        assert status == 200
        objects.JobAnswer.model_validate_json(json.dumps(answer))
        return answer["job"]

    def test_who_made_it_and_what_the_vendor_told(self, desk: Desk, world: VendorWorld) -> None:
        world.vendors["a"].then(Broken("no", code="oops"))
        job = world.made()
        world.work()
        shown = self.shown(desk, world, job.id)
        (task,) = shown["tasks"]
        assert shown["routes"] == [{"vendor": "a", "model": "a-1"}, {"vendor": "b", "model": "b-1"}]
        assert (shown["status"], shown["held"], shown["charged"]) == ("succeeded", 0, 1)
        assert (task["vendor"], task["route"], task["starts"], task["failure"]) == ("b", 1, 2, None)
        told = {name: task["facts"][name] for name in ("vendor", "request_id", "units", "error_code")}
        assert told == {"vendor": "b", "request_id": "r-1", "units": 3, "error_code": "oops"}
        assert task["facts"]["latency_ms"] >= 0
        assert "a kite" not in json.dumps(shown)

    def test_what_it_waits_for(self, desk: Desk, world: VendorWorld) -> None:
        world.vendors["a"].then(100)
        job = world.made()
        world.step()
        shown = self.shown(desk, world, job.id)
        (task,) = shown["tasks"]
        assert (shown["status"], shown["held"], task["state"]) == ("processing", 1, "waiting")
        assert task["next_at"] is not None

    def test_one_that_is_not_there_or_not_that_workspaces(self, desk: Desk, world: VendorWorld) -> None:
        job = world.made()
        for path in (f"{world.owner.workspace_id}/jobs/nope", f"{desk.workspace.id}x/jobs/{job.id}"):
            assert code(desk.json("GET", f"/admin/workspaces/{path}", key=desk.admin))[0] == 404


class TestFiles:
    def serve(self, desk: Desk, path: str, method: str = "GET", **headers: str) -> Reply:
        return desk.ask(method, path, key=None, headers=headers, prefix="")

    def address(self, desk: Desk, key: str = KEY) -> str:
        return desk.core.links.file(key).removeprefix("https://api.test")

    def test_bytes_come_as_they_are_and_may_be_kept(self, desk: Desk) -> None:
        desk.blobs.put(KEY, PICTURE, "image/png")
        answer = self.serve(desk, self.address(desk))
        assert base64.b64decode(answer.body) == PICTURE
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        again = self.serve(desk, self.address(desk), **{"if-none-match": answer.headers["ETag"]})
        assert (again.status, again.body) == (304, "")
        head = self.serve(desk, self.address(desk), "HEAD")
        assert (head.status, head.body) == (200, "")

    @pytest.mark.parametrize("size", [4 * 1024 * 1024 + 1])
    def test_what_does_not_fit_is_redirected_to(self, desk: Desk, size: int) -> None:
        desk.blobs.put(KEY, b"x" * size, "image/png")
        answer = self.serve(desk, self.address(desk))
        assert answer.status == 302
        assert answer.headers["Location"].startswith("https://blobs.test/media/")
        assert self.serve(desk, self.address(desk, "media/w/live/j/a.mp4")).status == 302

    def test_nothing_else_can_be_reached(self, desk: Desk) -> None:
        desk.blobs.put(KEY, PICTURE, "image/png")
        good = self.address(desk)
        for path in (
            good[:-1],
            good.replace("/live/", "/test/"),
            "/files/",
            "/files/x",
            "/files/é/ü",
            f"{good}/..",
        ):
            assert self.serve(desk, path).status == 404
        assert self.serve(desk, self.address(desk, "media/gone.png")).status == 404
        assert self.serve(desk, good, "POST").status == 405


@pytest.mark.parametrize("raw", ["", "[]", '"x"', "{", "null", "NaN"])
def test_bodies_that_are_no_objects(desk: Desk, raw: str) -> None:
    asked = fakes.gateway_event("POST", f"{PREFIX}/keys", {"authorization": f"Bearer {desk.key}"})
    reply = desk.send(asked | {"body": raw})
    assert (reply.status, reply.json["error"]["code"]) == (400, "invalid_body")


def test_unknown_paths_and_broken_insides_keep_the_envelope(desk: Desk) -> None:
    assert code(desk.json("GET", "/nothing/here"))[:2] == (404, "not_found")

    class Broken:
        def entries(self, *_: Any) -> Any:
            raise RuntimeError("secret detail")

    desk.core.authenticate = replace(desk.core.authenticate)
    desk.core.accounts = Broken()  # type: ignore[assignment]
    status, body = desk.json("GET", "/ledger")
    assert (status, body["error"]["code"]) == (500, "internal_error")
    assert "secret" not in json.dumps(body)


def test_the_served_document_is_valid_and_tells_every_route(desk: Desk) -> None:
    status, document = desk.json("GET", "/openapi.json", key=None)
    assert status == 200
    validate(document)
    assert document == json.loads((ROOT / "functions/api_platform/openapi.json").read_text())
    routes = {(route.method, route.path) for route in (*api.app._static_routes, *api.app._dynamic_routes)}
    assert routes == {(told.method, PREFIX + told.path) for told in DOCUMENT.operations}
