"""Moltbook's identity service as far as an app sees it: agents request identity tokens, apps verify them.

Also runs by itself for a local stack: ``python -m local.doubles.moltbook [port]``.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

APP_KEY = "moltdev_0123456789abcdef"
TOKEN_LIFE = timedelta(hours=1)

type Reply = tuple[int, Mapping[str, str], bytes]


@dataclass
class Agent:
    """One account, with what its owner wrote about it."""

    id: str
    key: str
    name: str = "kite"
    description: str = "flies"
    deactivated: bool = False


@dataclass(frozen=True)
class Token:
    """An identity token: its agent, its expiry, and its audience if it has one."""

    agent_id: str
    expires_at: datetime
    audience: str | None = None


@dataclass
class State:
    """The service's state. ``break_with`` responds in its place; ``received`` has each call's headers and body."""

    app_keys: set[str] = field(default_factory=lambda: {APP_KEY})
    agents: dict[str, Agent] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    limit: int = 100
    verified: int = 0
    break_with: Callable[[BaseHTTPRequestHandler, Mapping[str, Any]], Reply] | None = None
    received: list[tuple[Mapping[str, str], Mapping[str, Any]]] = field(default_factory=list)

    def join(self, agent_id: str, **profile: Any) -> Agent:
        """Sign an agent up."""
        agent = Agent(agent_id, f"moltbook_{agent_id}", **profile)
        self.agents[agent_id] = agent
        return agent

    def issue(self, agent_key: str, audience: str | None = None) -> str | None:
        """An identity token for the agent with that key."""
        agent = next((agent for agent in self.agents.values() if agent.key == agent_key), None)
        if agent is None:
            return None
        token = f"eyJ.{agent.id}.{len(self.tokens)}"
        self.tokens[token] = Token(agent.id, self.now() + TOKEN_LIFE, audience)
        return token

    def verify(self, app_key: str | None, body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        """The response of ``verify-identity``: status and body."""
        token = self.tokens.get(str(body.get("token")))
        refused = self._refuse_app(app_key) or self._refuse_token(token, body.get("audience"))
        if refused or token is None:
            return _refused(*(refused or (401, "invalid_token")))
        agent = self.agents.get(token.agent_id)
        if agent is None:
            return _refused(404, "agent_not_found")
        if agent.deactivated:
            return _refused(403, "agent_deactivated")
        return 200, {"success": True, "valid": True, "agent": _profile(agent)}

    def _refuse_app(self, app_key: str | None) -> tuple[int, str] | None:
        if app_key is None:
            return 401, "missing_app_key"
        if app_key not in self.app_keys:
            return 401, "invalid_app_key"
        self.verified += 1
        return (429, "rate_limit_exceeded") if self.verified > self.limit else None

    def _refuse_token(self, token: Token | None, audience: object) -> tuple[int, str] | None:
        if token is None:
            return 401, "invalid_token"
        if token.expires_at <= self.now():
            return 401, "identity_token_expired"
        if token.audience is None or token.audience == audience:
            return None
        return 401, "audience_required" if audience is None else "audience_mismatch"


class MoltbookDouble:
    """The service on a loopback port of its own, for the length of a ``with``."""

    def __init__(self, port: int = 0) -> None:
        self.state = State()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", port), type("Handler", (_Handler,), {"state": self.state})
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening: the machine refuses connections from now on."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    state: ClassVar[State]

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        except ValueError:
            self._answer(*_json(*_refused(400, "invalid_json")))
        else:
            self.state.received.append((dict(self.headers.items()), body))
            self._answer(*(self.state.break_with or _Handler._reply)(self, body))

    def _reply(self, body: Mapping[str, Any]) -> Reply:
        if self.path == "/api/v1/agents/verify-identity":
            return _json(*self.state.verify(self.headers.get("X-Moltbook-App-Key"), body))
        if self.path == "/api/v1/agents/me/identity-token":
            agent_key = self.headers.get("Authorization", "").removeprefix("Bearer ")
            token = self.state.issue(agent_key, body.get("audience"))
            answer = {"success": True, "identity_token": token, "expires_in": TOKEN_LIFE.seconds}
            return _json(200, answer) if token else _json(*_refused(401, "invalid_api_key"))
        return _json(*_refused(404, "not_found"))

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


def _json(status: int, answer: Mapping[str, Any]) -> Reply:
    headers = {"Content-Type": "application/json"} | ({"Retry-After": "42"} if status == 429 else {})
    return status, headers, json.dumps(answer).encode()


def _refused(status: int, code: str) -> tuple[int, Mapping[str, Any]]:
    return status, {"success": False, "valid": False, "error": code, "hint": "See the documentation."}


def _profile(agent: Agent) -> Mapping[str, Any]:
    return {
        "id": agent.id,
        "name": agent.name,
        "description": agent.description,
        "karma": 7,
        "avatar_url": None,
        "is_claimed": True,
        "created_at": "2026-02-01T00:00:00Z",
        "follower_count": 3,
        "following_count": 5,
        "stats": {"posts": 2, "comments": 9},
        "owner": {
            "x_handle": "owner",
            "x_name": "Owner",
            "x_avatar": None,
            "x_verified": False,
            "x_follower_count": 1,
        },
        "human": {"username": "owner", "email_verified": True},
    }


def main() -> None:
    """Serve one agent until stopped."""
    double = MoltbookDouble(int(sys.argv[1]) if len(sys.argv) > 1 else 4571)
    agent = double.state.join("00000000-0000-4000-8000-000000000001")
    summary = (
        f"{double.url} app key {APP_KEY}, agent key {agent.key}, token {double.state.issue(agent.key)}\n"
    )
    sys.stdout.write(summary)
    sys.stdout.flush()
    with double:
        threading.Event().wait()


if __name__ == "__main__":
    main()
