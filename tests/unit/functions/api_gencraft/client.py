"""The gencraft API on fakes, its answers held against the envelope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api_gencraft.app import handler
from api_gencraft.operations import DOCUMENT
from darkroom.adapters.fetch import SafeHttp
from tests.harness import api_client
from tests.harness.api_client import RATE_HEADERS, UNKNOWN_ID
from tests.harness.openapi import hold_to_document

NOW = datetime(2026, 6, 18, 17, 4, 22, 515_000, UTC)
PREFIX = "/gencraft/api/v1"
EMAIL = "you@example.com"
GARDEN = {
    "prompt": "A serene Japanese garden in autumn",
    "model": "flash",
    "mode": "text",
    "aspect": "16:9",
    "imageSize": "2K",
    "count": 1,
}


@dataclass(frozen=True)
class ClientResponse(api_client.Response):
    @property
    def error(self) -> dict[str, Any]:
        members: dict[str, Any] = self.json["error"]
        return members


class Client(api_client.TwoKeyApiClient[ClientResponse]):
    """A client whose workspace has an email. No host name can be resolved; ``dns`` keeps those that were tried."""

    prefix, reply_type = PREFIX, ClientResponse

    def __init__(self, credits: int = 480, plan: str = "standard") -> None:
        super().__init__(credits, plan, now=NOW)
        self.dns: list[str] = []
        self.core.http = SafeHttp(resolver=self._resolve)
        self.change_workspace(email=EMAIL)
        self.key = self.issue("agent", dialect="gencraft")

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, None)

    def _resolve(self, host: str, port: int) -> list[str]:
        self.dns.append(host)
        return []

    def generate(self, **body: Any) -> list[str]:
        """Ask for images; answers the ids of their tasks."""
        reply = self.post("/generate", {**GARDEN, **body})
        assert reply.status == 200, reply.body
        ids: list[str] = reply.json["task_ids"]
        return ids

    def poll(self, task_id: str) -> Any:
        reply = self.get(f"/tasks/{task_id}")
        assert reply.status == 200, reply.body
        return reply.json

    def history(self, **query: Any) -> Any:
        reply = self.get("/history", query={name: str(value) for name, value in query.items()})
        assert reply.status == 200, reply.body
        return reply.json

    def hold_to_contract(self, method: str, path: str, reply: ClientResponse) -> None:
        hold_to_document(DOCUMENT, method, path, reply)
        assert reply.headers["Content-Type"] == "application/json"
        assert reply.headers["X-Request-Id"].startswith("req_")
        if path == "/openapi.json":
            return
        assert [name for name in RATE_HEADERS if name not in reply.headers] == []
        if reply.status == 200:
            return
        assert set(reply.json) == {"error"}
        assert set(reply.error) == {"type", "message"}
        assert all(isinstance(text, str) and text for text in reply.error.values())


def refusal(reply: ClientResponse) -> tuple[int, str]:
    """A refusal as the contract's tables write it."""
    return reply.status, reply.error["type"]


__all__ = ["EMAIL", "GARDEN", "NOW", "PREFIX", "UNKNOWN_ID", "Client", "ClientResponse", "refusal"]
