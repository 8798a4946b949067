"""The memes API on fakes, its answers held against their models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api_memes.app import handler
from api_memes.operations import DOCUMENT
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.media.imported import ImportedPicture
from darkroom.ports.jobs import Engine
from darkroom.services.jobs.execute_task import ExecuteTask
from tests.fakes.queues import SentTask
from tests.harness import api_client
from tests.harness.api_client import RATE_HEADERS, UNKNOWN_ID
from tests.harness.openapi import hold_to_document

NOW = datetime(2026, 6, 18, 17, 4, 22, 515_000, UTC)
PREFIX = "/memes/v1"


def _import_picture(data: bytes, role: str) -> ImportedPicture:
    from darkroom_renderer.imported_pictures import import_picture  # noqa: PLC0415  (few tests need it)

    return import_picture(data, role)


@dataclass(frozen=True)
class ClientResponse(api_client.Response):
    @property
    def error(self) -> dict[str, Any]:
        members: dict[str, Any] = self.json["error"]
        return members

    @property
    def refusal(self) -> tuple[int, str, str]:
        return self.status, self.error["type"], self.error["code"]


class Client(api_client.TwoKeyApiClient[ClientResponse]):
    """A client of the memes API; ``meanwhile`` is done once, while a request waits."""

    prefix, reply_type = PREFIX, ClientResponse

    def __init__(self, credits: int = 480, plan: str = "standard") -> None:
        self.meanwhile: list[Callable[[], object]] = []
        self.house_works = True
        super().__init__(credits, plan, now=NOW)

    @property
    def engines(self) -> dict[str, Engine]:
        house = self.core.house_engine(_import_picture)
        return {self.engine.name: self.engine, house.name: house}

    @property
    def worker(self) -> ExecuteTask:
        return self.core.execute_task(self.engines)

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, None)

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        while self.house_works and (sent := self._for_the_house()):
            self.worker(sent.message)
        while self.meanwhile:
            self.meanwhile.pop(0)()

    def _for_the_house(self) -> SentTask | None:
        """The next message about work that the stack does itself, taken off its queue."""
        tasks = self.queues.tasks
        at = next((number for number, sent in enumerate(tasks) if sent.queue is Queue.RENDERS), None)
        return None if at is None else tasks.pop(at)

    def create(self, path: str = "/memes", **body: Any) -> str:
        reply = self.post(path, {"prompt": "a red kite", **body})
        assert reply.status == 202, reply.body
        job_id: str = reply.json["generation"]["id"]
        return job_id

    def hold_to_contract(self, method: str, path: str, reply: ClientResponse) -> None:
        assert reply.headers["Content-Type"] == "application/json"
        assert reply.headers["Memes-Version"] == "2026-06-18"
        assert reply.headers["X-Request-Id"].startswith("req_")
        hold_to_document(DOCUMENT, method, path, reply)
        if path == "/openapi.json":
            return
        assert [name for name in RATE_HEADERS if name not in reply.headers] == []
        if "Idempotent-Replayed" in reply.headers:
            return  # with the id of the request that it repeats
        if reply.status >= 400:
            assert reply.error["request_id"] == reply.headers["X-Request-Id"]
        else:
            assert reply.json["meta"]["request_id"] == reply.headers["X-Request-Id"]


__all__ = ["NOW", "PREFIX", "UNKNOWN_ID", "Client", "ClientResponse"]
