"""The agent API on fakes, its answers held against their models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api_agent.app import POLICY, api, handler
from api_agent.operations import DOCUMENT
from darkroom.domain.jobs.job import Job
from darkroom.services.accounts.authenticate import Caller
from tests.harness import api_client
from tests.harness.api_client import RATE_HEADERS, UNKNOWN_ID
from tests.harness.openapi import hold_to_document

NOW = datetime(2026, 11, 20, 12, 0, 22, 515_000, UTC)
PREFIX = "/agent"
PHOTO = "https://cdn.example.com/photo.png"
MINIMAL = {"model": "nano-banana-pro", "prompt": "a red kite", "request_id": "6f1c"}


@dataclass(frozen=True)
class ClientResponse(api_client.Response):
    @property
    def data(self) -> dict[str, Any]:
        members: dict[str, Any] = self.json["data"]
        return members

    @property
    def refusal(self) -> tuple[int, str]:
        return self.status, self.data["error"]


class Client(api_client.TwoKeyApiClient[ClientResponse]):
    """A client of the agent API; there is a photo on the web."""

    prefix, reply_type, dialect = PREFIX, ClientResponse, "agent"

    def __init__(self, credits: int = 480, plan: str = "pro", now: datetime = NOW) -> None:
        super().__init__(credits, plan, now=now)
        self.fetcher.pages[PHOTO] = b"\x89PNG photo"

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, None)

    def generate(self, request_id: str | None = None, **body: Any) -> ClientResponse:
        return self.post("/v1/generate", {**MINIMAL, "request_id": request_id or self.ids.new(), **body})

    def estimate(self, **body: Any) -> ClientResponse:
        return self.post("/v1/credits/estimate", {"model": "nano-banana-pro", **body})

    def task(self, task_id: str) -> dict[str, Any]:
        return self.get(f"/v1/tasks/{task_id}").data

    @property
    def job(self) -> Job:
        """The only job."""
        (job,) = self.memory.jobs.values()
        return job

    def caller(self) -> Caller:
        return self.core.authenticate(self.key, POLICY)

    def hold_to_contract(self, method: str, path: str, reply: ClientResponse) -> None:
        if path != "/llms.txt":
            hold_to_document(DOCUMENT, method, path, reply)
        assert reply.headers["X-Request-Id"].startswith("req_")
        if PREFIX + path not in api.public_paths:
            assert [name for name in RATE_HEADERS if name not in reply.headers] == []
        if reply.status >= 400:
            _hold_refusal(reply)


def _hold_refusal(reply: ClientResponse) -> None:
    assert reply.headers["Content-Type"] == "application/json"
    data = reply.data
    if data["error"] == "insufficient_credits":
        assert set(data) == {"error", "required", "available", "suggestion"}
        return
    assert {"error", "message", "param", "suggestion", "request_id"} <= set(data)
    assert data["message"]
    assert data["request_id"] == reply.headers["X-Request-Id"]
    assert ("Retry-After" in reply.headers) == ("retry_after" in data)


__all__ = ["MINIMAL", "NOW", "PHOTO", "PREFIX", "UNKNOWN_ID", "Client", "ClientResponse"]
