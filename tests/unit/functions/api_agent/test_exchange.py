"""Trading a Moltbook identity for an access token, against the vendor's double on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api_agent.app import EXCHANGES
from darkroom.adapters.moltbook import Moltbook
from darkroom.domain.accounts.api_keys import Scope
from darkroom.wiring.ports import _audience
from local.doubles.moltbook import APP_KEY, MoltbookDouble, State
from tests.unit.functions.api_agent.client import MINIMAL, Client, ClientResponse

EXCHANGE = "/auth/moltbook/exchange"
HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e'; DROP TABLE agents; --"


@pytest.fixture
def moltbook() -> Iterator[MoltbookDouble]:
    with MoltbookDouble() as double:
        yield double


@pytest.fixture
def api(moltbook: MoltbookDouble) -> Client:
    api = Client()
    moltbook.state.now = api.clock.now
    moltbook.state.join("a1")
    api.core.moltbook = Moltbook(moltbook.url, APP_KEY.encode)
    return api


def token_of(state: State, agent_id: str = "a1", audience: str | None = None) -> str:
    token = state.issue(state.agents[agent_id].key, audience)
    assert token is not None
    return token


def exchange(api: Client, token: str, **options: Any) -> ClientResponse:
    return api.post(EXCHANGE, {"token": token}, key=None, **options)


def saying(status: int, body: bytes, **headers: str) -> Callable[..., tuple[int, Mapping[str, str], bytes]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda *_: (status, named, body)


def with_audience(api: Client, double: MoltbookDouble, audience: str) -> None:
    api.core.moltbook = Moltbook(double.url, APP_KEY.encode, audience=audience)


def test_an_identity_becomes_a_token_for_fifteen_minutes(api: Client, moltbook: MoltbookDouble) -> None:
    reply = exchange(api, token_of(moltbook.state))
    token = reply.data.pop("access_token")
    assert (reply.status, reply.json["code"], reply.json["message"]) == (200, 0, "ok")
    assert reply.data == {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": 900,
        "expires_at": "2026-11-20T12:15:22Z",
    }
    assert token.startswith("ag_live_")
    assert reply.headers["Cache-Control"] == "no-store"
    assert api.get("/v1/credits/balance", key=token).data["balance"] == 0
    api.clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    assert api.get("/v1/credits/balance", key=token).status == 200
    api.clock.advance(1)
    assert api.get("/v1/credits/balance", key=token).refusal == (401, "expired_token")


def test_the_vendor_is_asked_as_it_documents(api: Client, moltbook: MoltbookDouble) -> None:
    with_audience(api, moltbook, "api.example.com")
    token = token_of(moltbook.state, audience="api.example.com")
    assert exchange(api, token).status == 200
    ((headers, body),) = moltbook.state.received
    assert headers["X-Moltbook-App-Key"] == APP_KEY
    assert body == {"token": token, "audience": "api.example.com"}


def test_the_token_may_come_in_the_header(api: Client, moltbook: MoltbookDouble) -> None:
    headers = {"x-moltbook-identity": token_of(moltbook.state)}
    assert api.post(EXCHANGE, headers=headers, key=None).status == 200
    assert api.post(EXCHANGE, {}, headers=headers, key=None).status == 200


def test_the_same_agent_comes_to_the_same_workspace(api: Client, moltbook: MoltbookDouble) -> None:
    state = moltbook.state
    before = len(api.memory.workspaces)
    first = exchange(api, token_of(state)).data["access_token"]
    state.agents["a1"].name = "renamed"
    second = exchange(api, token_of(state)).data["access_token"]
    assert first != second
    assert len(api.memory.workspaces) == before + 1
    workspace_id = api.memory.identities["moltbook", "a1"]
    api.core.grant_credits_by_hand(workspace_id, 20)
    assert {api.get("/v1/credits/balance", key=key).data["balance"] for key in (first, second)} == {20}
    assert api.post("/v1/generate", MINIMAL, key=first).status == 200
    assert api.get(f"/v1/tasks/{api.job.id}", key=second).status == 200
    assert api.get(f"/v1/tasks/{api.job.id}").status == 404


def test_agents_of_one_name_are_different_agents(api: Client, moltbook: MoltbookDouble) -> None:
    moltbook.state.join("a2", name=moltbook.state.agents["a1"].name)
    for agent_id in ("a1", "a2"):
        exchange(api, token_of(moltbook.state, agent_id))
    assert len({api.memory.identities["moltbook", agent_id] for agent_id in ("a1", "a2")}) == 2


def test_nothing_of_a_profile_is_kept(api: Client, moltbook: MoltbookDouble) -> None:
    moltbook.state.join("evil", name=HOSTILE, description=HOSTILE * 100)
    reply = exchange(api, token_of(moltbook.state, "evil"))
    assert reply.status == 200
    assert "script" not in repr(vars(api.memory))
    assert "script" not in reply.body
    names = [workspace.name for workspace in api.memory.workspaces.values()]
    assert "moltbook evil" in names


def test_a_token_can_neither_make_keys_nor_anything_of_the_operators(
    api: Client, moltbook: MoltbookDouble
) -> None:
    exchange(api, token_of(moltbook.state))
    key = next(key for key in api.memory.keys.values() if key.expires_at is not None)
    assert key.scopes == {Scope.GENERATE, Scope.READ, Scope.WEBHOOKS, Scope.ACCOUNT}
    assert key.owner.livemode


def expire(state: State, token: str) -> str:
    now = state.now()
    state.now = lambda: now + timedelta(hours=1)
    return token


def deactivate(state: State, token: str) -> str:
    state.agents["a1"].deactivated = True
    return token


def remove(state: State, token: str) -> str:
    del state.agents["a1"]
    return token


REFUSED: dict[str, tuple[Callable[[State, str], str], str]] = {
    "an expired token": (expire, "expired_token"),
    "no such token": (lambda *_: "eyJ.x.y", "invalid_token"),
    "a token for an audience": (lambda state, _: token_of(state, audience="other"), "invalid_token"),
    "a deactivated agent": (deactivate, "revoked_token"),
    "an agent that is gone": (remove, "invalid_token"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_proves_nothing_is_a_401(api: Client, moltbook: MoltbookDouble, case: str) -> None:
    spoil, code = REFUSED[case]
    token = spoil(moltbook.state, token_of(moltbook.state))
    before = api.untouched()
    assert exchange(api, token).refusal == (401, code)
    assert api.untouched() == before


def test_a_token_for_another_audience_is_a_401(api: Client, moltbook: MoltbookDouble) -> None:
    with_audience(api, moltbook, "api.example.com")
    assert exchange(api, token_of(moltbook.state, audience="other")).refusal == (401, "invalid_token")
    assert exchange(api, token_of(moltbook.state)).status == 200


@pytest.mark.parametrize("key", [b"moltdev_wrong", b"", b" \n", b"bad\nkey: x", "é".encode()])
def test_our_own_key_being_wrong_is_a_503(api: Client, moltbook: MoltbookDouble, key: bytes) -> None:
    api.core.moltbook = Moltbook(moltbook.url, lambda: key)
    reply = exchange(api, token_of(moltbook.state))
    assert reply.refusal == (503, "temporarily_unavailable")
    assert "key" not in reply.data["message"]


def test_a_stack_without_an_app_key_is_a_503_and_asks_nobody(api: Client) -> None:
    del api.core.moltbook
    assert api.core.settings.moltbook_url == "https://www.moltbook.com"
    assert api.core.settings.secret_moltbook_arn == ""
    assert exchange(api, "eyJ.a1.0").refusal == (503, "temporarily_unavailable")


def test_the_vendor_being_gone_is_a_503(api: Client, moltbook: MoltbookDouble) -> None:
    token = token_of(moltbook.state)
    moltbook.stop()
    assert exchange(api, token).refusal == (503, "temporarily_unavailable")


def test_the_vendors_rate_limit_is_a_503_until_it_says(api: Client, moltbook: MoltbookDouble) -> None:
    moltbook.state.limit = 0
    reply = exchange(api, token_of(moltbook.state))
    assert reply.refusal == (503, "temporarily_unavailable")
    assert reply.headers["Retry-After"] == "42"


AGENT = {"success": True, "valid": True, "agent": {"id": "a1"}}
TROUBLE: dict[str, Callable[..., tuple[int, Mapping[str, str], bytes]]] = {
    "a server error": saying(500, b"oops"),
    "a server error that looks fine": saying(502, json.dumps(AGENT).encode()),
    "a server error about the token": saying(500, b'{"valid":false,"error":"invalid_token"}'),
    "a redirect": saying(308, b"", Location="http://127.0.0.1:1/"),
    "a redirect with an agent in it": saying(302, json.dumps(AGENT).encode(), Location="/elsewhere"),
    "no JSON": saying(200, b"<html>"),
    "no text": saying(200, b"\xff\xfe\x00"),
    "deep nesting": saying(200, b"[" * 30_000),
    "an array": saying(200, b"[]"),
    "nothing": saying(200, b""),
    "more than is read": saying(200, json.dumps({**AGENT, "pad": "x" * 65536}).encode()),
    "an endless announcement": saying(200, b"x" * 70_000, Content_Type="application/json"),
    "success in words": saying(200, json.dumps({**AGENT, "success": "true"}).encode()),
    "validity as a number": saying(200, json.dumps({**AGENT, "valid": 1}).encode()),
    "no success": saying(200, json.dumps({"valid": True, "agent": {"id": "a1"}}).encode()),
    "no agent": saying(200, json.dumps({"success": True, "valid": True}).encode()),
    "an agent in words": saying(200, json.dumps({**AGENT, "agent": "a1"}).encode()),
    "an id of nothing": saying(200, json.dumps({**AGENT, "agent": {"id": ""}}).encode()),
    "an id of a number": saying(200, json.dumps({**AGENT, "agent": {"id": 7}}).encode()),
    "an id too long": saying(200, json.dumps({**AGENT, "agent": {"id": "x" * 129}}).encode()),
    "an id of other letters": saying(200, json.dumps({**AGENT, "agent": {"id": "a1\u202e"}}).encode()),
    "an id with a newline": saying(200, json.dumps({**AGENT, "agent": {"id": "a1\n"}}).encode()),
    "a refusal in other words": saying(418, b'{"success":false,"valid":false,"error":"teapot"}'),
    "a 401 of somebody else": saying(401, b"who are you"),
    "a wrong length": saying(200, b"{}", Content_Length="900"),
}


@pytest.mark.parametrize("case", TROUBLE)
def test_an_answer_nobody_can_trust_is_a_503(api: Client, moltbook: MoltbookDouble, case: str) -> None:
    token = token_of(moltbook.state)
    before = api.untouched()
    moltbook.state.break_with = TROUBLE[case]
    assert exchange(api, token).refusal == (503, "temporarily_unavailable")
    assert api.untouched() == before
    assert len(moltbook.state.received) == 1


def test_an_answer_that_comes_in_drops_is_given_up(api: Client, moltbook: MoltbookDouble) -> None:
    moments = iter([0.0, 5.1])
    api.core.moltbook = Moltbook(moltbook.url, APP_KEY.encode, monotonic=lambda: next(moments))
    assert exchange(api, token_of(moltbook.state)).refusal[0] == 503


def test_a_refusal_whose_reason_is_new_is_still_a_401(api: Client, moltbook: MoltbookDouble) -> None:
    moltbook.state.break_with = saying(401, b'{"success":false,"valid":false,"error":"token_paused"}')
    assert exchange(api, token_of(moltbook.state)).refusal == (401, "invalid_token")


BODIES: dict[str, tuple[Mapping[str, Any], str]] = {
    "nothing": ({}, "missing_param"),
    "null": ({"token": None}, "missing_param"),
    "empty": ({"token": ""}, "invalid_param"),
    "a number": ({"token": 7}, "invalid_param"),
    "a list": ({"token": ["x"]}, "invalid_param"),
    "too long": ({"token": "x" * 8193}, "invalid_param"),
    "other letters": ({"token": "é"}, "invalid_param"),
    "a newline": ({"token": "a\nb"}, "invalid_param"),
}


@pytest.mark.parametrize("case", BODIES)
def test_what_is_no_token_is_not_sent_on(api: Client, moltbook: MoltbookDouble, case: str) -> None:
    body, code = BODIES[case]
    reply = api.post(EXCHANGE, body, key=None)
    assert (*reply.refusal, reply.data["param"]) == (400, code, "token")
    assert moltbook.state.received == []


@pytest.mark.parametrize("raw", ["{", "[]", '"x"', "NaN", b"\xff"])
def test_a_body_nobody_could_mean_is_refused(api: Client, moltbook: MoltbookDouble, raw: str | bytes) -> None:
    assert api.post(EXCHANGE, raw=raw, key=None).refusal == (400, "invalid_body")
    assert moltbook.state.received == []


def test_the_whole_way_of_an_agent(api: Client, moltbook: MoltbookDouble) -> None:
    """As an agent goes it: its own key for an identity token, that for ours, then work."""

    def ask(agent_key: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {agent_key}"}
        return httpx.post(
            f"{moltbook.url}/api/v1/agents/me/identity-token", headers=headers, json={}, trust_env=False
        )

    assert ask("moltbook_nobody").status_code == 401
    identity = ask(moltbook.state.agents["a1"].key).json()["identity_token"]
    access = exchange(api, identity).data["access_token"]
    assert api.post("/v1/generate", MINIMAL, key=access).refusal == (402, "insufficient_credits")
    api.core.grant_credits_by_hand(api.memory.identities["moltbook", "a1"], 20)
    task_id = api.post("/v1/generate", MINIMAL, key=access).data["task_id"]
    api.work()
    assert api.get(f"/v1/tasks/{task_id}", key=access).data["status"] == "completed"


def test_exchanges_are_limited_by_network_and_documents_are_not(
    api: Client, moltbook: MoltbookDouble
) -> None:
    for _ in range(EXCHANGES.limit):
        assert exchange(api, "nobody's").status == 401
    assert exchange(api, token_of(moltbook.state)).status == 429
    assert api.get("/openapi.json", key=None).status == 200


@pytest.mark.parametrize(
    ("chosen", "audience"), [("", "api.example.com"), ("any", ""), ("other.example", "other.example")]
)
def test_tokens_are_for_this_stack_unless_the_operator_says_otherwise(chosen: str, audience: str) -> None:
    assert _audience(chosen, "https://api.example.com/base") == audience
