"""The platform dialect through its handler, on fakes."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api_platform import resources
from api_platform.app import handler
from api_platform.operations import DOCUMENT
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.expiring import MAX_EXPIRING
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.jobs.engine_failures import RouteFailed
from darkroom.domain.times import utc_text
from darkroom.services.accounts.api_keys import KeyRequest
from tests.harness import api_client as fakes
from tests.harness.api_client import Response
from tests.harness.openapi import adapter, hold_to_document
from tests.harness.vendors import VendorHarness

PREFIX = "/platform/v1"
PICTURE = b"\x89PNG picture"
KEY = "media/w/live/j/a.png"


class Client(fakes.ApiClient[Response]):
    """A workspace's key, an operator's, and the handler in front of them."""

    prefix, reply_type = PREFIX, Response

    def __init__(self) -> None:
        super().__init__(100, "pro", stage="local")
        self.admin = self.issue("operator", dialect="admin", scopes=frozenset(Scope))

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, None)

    def hold_to_contract(self, method: str, path: str, reply: Response) -> None:
        if path.startswith("/files/"):
            return
        hold_to_document(DOCUMENT, method, path, reply)
        if reply.status >= 400:
            assert reply.json["error"]["request_id"] == reply.headers["X-Request-Id"]

    def json(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        route, _, query = path.partition("?")
        asked = dict(pair.split("=") for pair in query.split("&")) if query else None
        reply = self.ask(method, route, body, query=asked, **options)
        return reply.status, reply.json


@pytest.fixture
def api() -> Client:
    return Client()


def code(answer: tuple[int, Any]) -> tuple[int, str, str | None]:
    status, body = answer
    return status, body["error"]["code"], body["error"]["param"]


def test_health_needs_no_key(api: Client) -> None:
    assert api.json("GET", "/health", key=None) == (200, {"status": "ok", "stage": "local"})


class TestKeys:
    def test_a_minted_key_works_and_is_shown_once(self, api: Client) -> None:
        status, answer = api.json("POST", "/keys", {"name": "ci"})
        adapter(resources.KeyAnswer).validate_json(json.dumps(answer))
        secret = answer["key"]["secret"]
        assert status == 201
        assert api.json("GET", "/credits", key=secret)[0] == 200
        listed = api.json("GET", "/keys")[1]
        adapter(resources.KeyList).validate_json(json.dumps(listed))
        assert secret not in json.dumps(listed)
        assert secret not in json.dumps([repr(key) for key in api.memory.keys.values()])

    def test_revoking_is_immediate_and_can_be_repeated(self, api: Client) -> None:
        made = api.json("POST", "/keys", {"name": "ci"})[1]["key"]
        for _ in range(2):
            assert api.json("DELETE", f"/keys/{made['id']}")[0] == 200
        assert code(api.json("GET", "/credits", key=made["secret"])) == (401, "revoked_api_key", None)

    def test_a_key_expires(self, api: Client) -> None:
        soon = (api.clock.now() + timedelta(minutes=1)).isoformat()
        made = api.json("POST", "/keys", {"name": "ci", "expires_at": soon})[1]["key"]
        api.clock.advance(61)
        assert code(api.json("GET", "/credits", key=made["secret"])) == (401, "expired_api_key", None)

    @pytest.mark.parametrize(
        ("dialect", "prefix"),
        [("memes", "sk_live_"), ("moondraft", "md_"), ("pixeldrive", "pdrv_"), ("gencraft", "gc_")],
    )
    def test_each_dialect_spells_its_own(self, api: Client, dialect: str, prefix: str) -> None:
        made = api.json("POST", "/keys", {"name": "k", "dialect": dialect})[1]["key"]
        assert made["secret"].startswith(prefix)

    def test_a_key_gives_no_more_than_it_has(self, api: Client) -> None:
        small = api.issue(scopes=frozenset({Scope.KEYS}))
        body = {"name": "x", "scopes": ["generations:write"]}
        assert code(api.json("POST", "/keys", body, key=small))[:2] == (403, "insufficient_scope")
        assert code(api.json("POST", "/keys", {"name": "x"}, key=small)) == (400, "invalid_param", "scopes")
        body = {"name": "x", "scopes": ["keys:manage"]}
        assert api.json("POST", "/keys", body, key=small)[1]["key"]["scopes"] == ["keys:manage"]
        assert code(api.json("POST", "/keys", {"name": "x", "scopes": ["admin"]}))[:2] == (
            403,
            "insufficient_scope",
        )

    def test_a_test_key_makes_no_live_ones(self, api: Client) -> None:
        test = api.issue(livemode=False)
        assert code(api.json("POST", "/keys", {"name": "x"}, key=test)) == (
            403,
            "insufficient_scope",
            "livemode",
        )
        assert api.json("POST", "/keys", {"name": "x", "livemode": False}, key=test)[0] == 201

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
    def test_bad_wishes_name_the_field(self, api: Client, body: Any, param: str) -> None:
        before = dict(api.memory.keys)
        status, _, named = code(api.json("POST", "/keys", body))
        assert (status, named) == (400, param)
        assert api.memory.keys == before

    def test_somebody_elses_key_is_not_there(self, api: Client) -> None:
        stranger = api.core.open_workspace("other")
        key, _ = api.core.issue_key(stranger.id, KeyRequest("k"))
        assert code(api.json("DELETE", f"/keys/{key.id}"))[0] == 404
        assert api.memory.keys[stranger.id, key.id].revoked_at is None


class TestCredits:
    def test_the_wallet_and_the_movements_agree(self, api: Client) -> None:
        _, answer = api.json("GET", "/credits")
        adapter(resources.CreditsAnswer).validate_json(json.dumps(answer))
        _, page = api.json("GET", "/ledger")
        adapter(resources.EntryList).validate_json(json.dumps(page))
        for column in ("granted", "available", "held", "spent", "expired", "reversed"):
            assert sum(entry[column] for entry in page["data"]) == answer["credits"][column]

    def test_a_test_key_sees_the_test_wallet(self, api: Client) -> None:
        test = api.issue(livemode=False)
        assert api.json("GET", "/credits", key=test)[1]["credits"] == {
            "livemode": False, "granted": 10_000, "available": 10_000, "held": 0, "spent": 0,
            "owed": 0, "expired": 0, "reversed": 0, "expiring": [],
        }  # fmt: skip

    def test_pages_go_on_where_the_last_one_ended(self, api: Client) -> None:
        for number in range(4):
            path = f"/admin/workspaces/{api.workspace.id}/credits"
            api.json("POST", path, {"credits": 1, "reference": f"r{number}"}, key=api.admin)
        seen, after = [], ""
        while True:
            page = api.json("GET", f"/ledger?limit=2{after}")[1]
            seen += [entry["id"] for entry in page["data"]]
            if not page["has_more"]:
                break
            after = f"&starting_after={page['next_cursor']}"
        assert len(seen) == len(set(seen)) == 5

    @pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "order=up", "starting_after="])
    def test_bad_pages_are_refused(self, api: Client, query: str) -> None:
        assert api.json("GET", f"/ledger?{query}")[0] == 400


class TestOperator:
    def test_a_workspace_opens_with_credits_and_a_key(self, api: Client) -> None:
        body = {
            "name": "Acme",
            "plan": "starter",
            "credits": 500,
            "allowances": {"images": 9},
            "email": "a@b.c",
        }
        status, answer = api.json("POST", "/admin/workspaces", body, key=api.admin)
        adapter(resources.WorkspaceAnswer).validate_json(json.dumps(answer))
        assert status == 201
        wallet = api.json("GET", "/credits", key=answer["key"]["secret"])[1]["credits"]
        assert wallet["available"] == 500
        state = api.json("GET", f"/admin/workspaces/{answer['workspace']['id']}", key=api.admin)[1]
        adapter(resources.WorkspaceState).validate_json(json.dumps(state))
        assert state["workspace"]["allowances"] == {"images": 9}

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/admin/workspaces"),
            ("GET", "/admin/workspaces/x"),
            ("POST", "/admin/workspaces/x/credits"),
            ("POST", "/admin/workspaces/x/shards"),
            ("GET", "/admin/workspaces/x/jobs/y"),
        ],
    )
    def test_nobody_else_may(self, api: Client, method: str, path: str) -> None:
        assert code(api.json(method, path, {"name": "x", "credits": 1}))[:2] == (403, "insufficient_scope")

    def test_the_same_reference_grants_once(self, api: Client) -> None:
        path = f"/admin/workspaces/{api.workspace.id}/credits"
        body = {"credits": 50, "reference": "invoice 7"}
        first, second = (api.json("POST", path, body, key=api.admin) for _ in range(2))
        assert (first[0], second[0]) == (201, 200)
        assert second[1] == {"granted": False, "credits": first[1]["credits"]}
        assert api.memory.wallets[Owner(api.workspace.id, True)].granted == 150

    def test_a_reference_that_granted_another_amount_is_a_conflict(self, api: Client) -> None:
        path = f"/admin/workspaces/{api.workspace.id}/credits"
        for credits, status in ((50, 201), (500, 409), (50, 200)):
            body = {"credits": credits, "reference": "invoice 7"}
            assert api.json("POST", path, body, key=api.admin)[0] == status
        assert api.memory.wallets[Owner(api.workspace.id, True)].granted == 150

    def test_a_grant_that_ends_is_shown_with_its_end(self, api: Client) -> None:
        path = f"/admin/workspaces/{api.workspace.id}/credits"
        ends = api.clock.now() + timedelta(days=30)
        body = {"credits": 50, "reference": "trial", "expires_at": ends.isoformat()}
        status, answer = api.json("POST", path, body, key=api.admin)
        assert status == 201
        expiring = [{"credits": 50, "expires_at": utc_text(ends)}]
        assert answer["credits"]["expiring"] == expiring
        assert api.json("POST", path, body, key=api.admin)[1] == {**answer, "granted": False}
        assert api.json("GET", "/credits")[1]["credits"]["expiring"] == expiring
        state = api.json("GET", f"/admin/workspaces/{api.workspace.id}", key=api.admin)[1]
        assert [wallet["expiring"] for wallet in state["credits"]] == [expiring, []]
        newest = api.json("GET", "/ledger")[1]["data"][0]
        assert (newest["kind"], newest["expires_at"]) == ("grant", utc_text(ends))
        endless = {"credits": 50, "reference": "trial"}
        assert code(api.json("POST", path, endless, key=api.admin))[:2] == (409, "idempotency_conflict")

    def test_a_busy_workspace_s_wallet_is_spread_and_shown_as_one(self, api: Client) -> None:
        path = f"/admin/workspaces/{api.workspace.id}/shards"
        before = api.json("GET", "/credits")[1]["credits"]
        for shards in (4, 16, 1):
            status, answer = api.json("POST", path, {"shards": shards}, key=api.admin)
            assert (status, answer) == (200, {"shards": shards, "credits": before})
            assert api.json("GET", "/credits")[1]["credits"] == before
        assert api.memory.spread == {Owner(api.workspace.id, True): 1}
        for wrong in (0, 17, "4", None):
            assert code(api.json("POST", path, {"shards": wrong}, key=api.admin))[0] == 400
        nobody = "/admin/workspaces/nobody/shards"
        assert code(api.json("POST", nobody, {"shards": 2}, key=api.admin))[0] == 404
        assert Owner("nobody", True) not in api.memory.spread

    def test_the_end_can_be_said_in_days(self, api: Client) -> None:
        path = f"/admin/workspaces/{api.workspace.id}/credits"
        answer = api.json("POST", path, {"credits": 5, "expires_in_days": 7}, key=api.admin)[1]
        ends = utc_text(api.clock.now() + timedelta(days=7))
        assert answer["credits"]["expiring"] == [{"credits": 5, "expires_at": ends}]

    @pytest.mark.parametrize(
        ("end", "param"),
        [
            ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
            ({"expires_at": "2500-01-01T00:00:00Z"}, "expires_at"),
            ({"expires_at": "2500-01-01T00:00:00"}, "expires_at"),
            ({"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
            ({"expires_in_days": 0}, "expires_in_days"),
            ({"expires_in_days": 3651}, "expires_in_days"),
            ({"expires_in_days": 5, "expires_at": "2027-01-01T00:00:00Z"}, "expires_in_days"),
        ],
    )
    def test_an_end_that_cannot_be_changes_nothing(
        self, api: Client, end: dict[str, Any], param: str
    ) -> None:
        path, before = f"/admin/workspaces/{api.workspace.id}/credits", dict(api.memory.wallets)
        status, _, named = code(api.json("POST", path, {"credits": 5, **end}, key=api.admin))
        assert (status, named) == (400, param)
        assert (api.memory.wallets, api.memory.expiring) == (before, {})

    def test_a_wallet_has_so_many_grants_that_end(self, api: Client) -> None:
        path = f"/admin/workspaces/{api.workspace.id}/credits"
        made = [
            api.json("POST", path, {"credits": 1, "expires_in_days": 1 + n}, key=api.admin)[0]
            for n in range(MAX_EXPIRING + 1)
        ]
        assert made == [201] * MAX_EXPIRING + [400]

    @pytest.mark.parametrize("credits", [0, -5, 10**10, "5", 1.5, None, True])
    def test_absurd_grants_change_nothing(self, api: Client, credits: Any) -> None:
        path = f"/admin/workspaces/{api.workspace.id}/credits"
        before = dict(api.memory.wallets)
        assert code(api.json("POST", path, {"credits": credits}, key=api.admin))[0] == 400
        assert api.memory.wallets == before

    def test_an_unknown_workspace_is_not_there(self, api: Client) -> None:
        assert code(api.json("GET", "/admin/workspaces/nope", key=api.admin))[0] == 404
        body = {"credits": 1}
        assert code(api.json("POST", "/admin/workspaces/nope/credits", body, key=api.admin))[0] == 404


class TestJobsOfVendors:
    """What the operator sees of a job that vendors made."""

    @pytest.fixture
    def harness(self, api: Client) -> VendorHarness:
        harness = VendorHarness("a", "b")
        vars(api.core)["jobs"] = harness.jobs
        return harness

    def shown(self, api: Client, harness: VendorHarness, job_id: str) -> Any:
        path = f"/admin/workspaces/{harness.owner.workspace_id}/jobs/{job_id}"
        status, answer = api.json("GET", path, key=api.admin)
        assert status == 200
        adapter(resources.JobAnswer).validate_json(json.dumps(answer))
        return answer["job"]

    def test_who_made_it_and_what_the_vendor_told(self, api: Client, harness: VendorHarness) -> None:
        harness.vendors["a"].then(RouteFailed("no", code="oops"))
        job = harness.made()
        harness.work()
        shown = self.shown(api, harness, job.id)
        (task,) = shown["tasks"]
        assert shown["routes"] == [{"vendor": "a", "model": "a-1"}, {"vendor": "b", "model": "b-1"}]
        assert (shown["status"], shown["held"], shown["charged"]) == ("succeeded", 0, 1)
        assert (task["vendor"], task["route"], task["starts"], task["failure"]) == ("b", 1, 2, None)
        facts = {name: task["facts"][name] for name in ("vendor", "request_id", "units", "error_code")}
        assert facts == {"vendor": "b", "request_id": "r-1", "units": 3, "error_code": "oops"}
        assert task["facts"]["latency_ms"] >= 0
        assert "a kite" not in json.dumps(shown)

    def test_what_it_waits_for(self, api: Client, harness: VendorHarness) -> None:
        harness.vendors["a"].then(100)
        job = harness.made()
        harness.step()
        shown = self.shown(api, harness, job.id)
        (task,) = shown["tasks"]
        assert (shown["status"], shown["held"], task["state"]) == ("processing", 1, "waiting")
        assert task["next_at"] is not None

    def test_one_that_is_not_there_or_not_that_workspaces(self, api: Client, harness: VendorHarness) -> None:
        job = harness.made()
        for path in (f"{harness.owner.workspace_id}/jobs/nope", f"{api.workspace.id}x/jobs/{job.id}"):
            assert code(api.json("GET", f"/admin/workspaces/{path}", key=api.admin))[0] == 404


class TestFiles:
    def serve(self, api: Client, path: str, method: str = "GET", **headers: str) -> Response:
        return api.ask(method, path, key=None, headers=headers, prefix="")

    def address(self, api: Client, key: str = KEY) -> str:
        return api.core.links.file(key).removeprefix("https://api.test")

    def test_bytes_come_as_they_are_and_may_be_kept(self, api: Client) -> None:
        api.blobs.put(KEY, PICTURE, "image/png")
        answer = self.serve(api, self.address(api))
        assert base64.b64decode(answer.body) == PICTURE
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        again = self.serve(api, self.address(api), **{"if-none-match": answer.headers["ETag"]})
        assert (again.status, again.body) == (304, "")
        head = self.serve(api, self.address(api), "HEAD")
        assert (head.status, head.body) == (200, "")

    @pytest.mark.parametrize("size", [4 * 1024 * 1024 + 1])
    def test_what_does_not_fit_is_redirected_to(self, api: Client, size: int) -> None:
        api.blobs.put(KEY, b"x" * size, "image/png")
        answer = self.serve(api, self.address(api))
        assert answer.status == 302
        assert answer.headers["Location"].startswith("https://blobs.test/media/")
        assert self.serve(api, self.address(api, "media/w/live/j/a.mp4")).status == 302

    def test_nothing_else_can_be_reached(self, api: Client) -> None:
        api.blobs.put(KEY, PICTURE, "image/png")
        good = self.address(api)
        for path in (
            good[:-1],
            good.replace("/live/", "/test/"),
            "/files/",
            "/files/x",
            "/files/é/ü",
            f"{good}/..",
        ):
            assert self.serve(api, path).status == 404
        assert self.serve(api, self.address(api, "media/gone.png")).status == 404
        assert self.serve(api, good, "POST").status == 405

    @pytest.mark.parametrize(
        ("error", "status"),
        [(NotFound("no"), 404), (Unavailable("busy", retry_after=9), 503), (RuntimeError("secret"), 500)],
    )
    def test_whatever_the_bucket_says_is_answered(
        self, api: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
    ) -> None:
        def fail(*_: Any) -> None:
            raise error

        monkeypatch.setattr(api.blobs, "get_within", fail)
        answer = self.serve(api, self.address(api))
        assert (answer.status, answer.body) == (status, "")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers.get("Retry-After") == ("9" if status == 503 else None)


@pytest.mark.parametrize("raw", ["", "[]", '"x"', "{", "null", "NaN"])
def test_bodies_that_are_no_objects(api: Client, raw: str) -> None:
    asked = fakes.gateway_event("POST", f"{PREFIX}/keys", {"authorization": f"Bearer {api.key}"})
    reply = api.send(asked | {"body": raw})
    assert (reply.status, reply.json["error"]["code"]) == (400, "invalid_body")


def test_unknown_paths_and_broken_insides_keep_the_envelope(api: Client) -> None:
    assert code(api.json("GET", "/nothing/here"))[:2] == (404, "not_found")

    class RouteFailed:
        def entries(self, *_: Any) -> Any:
            raise RuntimeError("secret detail")

    api.core.authenticate = replace(api.core.authenticate)
    api.core.accounts = RouteFailed()  # type: ignore[assignment]
    status, body = api.json("GET", "/ledger")
    assert (status, body["error"]["code"]) == (500, "internal_error")
    assert "secret" not in json.dumps(body)
