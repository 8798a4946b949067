"""The gencraft API on fakes: requests go in as API Gateway events, answers are held against the envelope."""

from __future__ import annotations

import base64
import json
from typing import Any

from api_gencraft.app import handler
from darkroom.adapters.fetch import SafeHttp
from darkroom.domain.jobs import Job
from darkroom.services.execute_task import ExecuteTask
from darkroom.wiring import Container, override
from tests.fakes import FakeBlobs, FakeFetcher
from tests.fakes.engine import FakeEngine
from tests.unit.api_memes import desk as memes
from tests.unit.api_memes.desk import RATE_HEADERS, Reply, gateway_event

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


class Desk(memes.Desk):
    """One workspace with a live and a test key, the web it can fetch from, and a worker."""

    def __init__(self, credits: int = 480, plan: str = "standard") -> None:
        self.web, self.bucket = FakeFetcher(), FakeBlobs()
        self.dns: list[str] = []
        super().__init__(credits, plan)
        self.change_workspace(email=EMAIL)
        self.key = self.issue("agent", dialect="gencraft")
        self.engine = FakeEngine(self.clock)

    def _container(self) -> Container:
        core = super()._container()
        core.blobs = self.calls.watch(self.bucket, "blobs")
        core.fetcher = core.prompt_fetcher = self.web
        core.http = SafeHttp(resolver=self._resolve)
        return core

    def _resolve(self, host: str, port: int) -> list[str]:
        self.dns.append(host)
        return []

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "live",
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        raw: str | bytes | None = None,
        prefix: str = PREFIX,
    ) -> Reply:
        token = {"live": self.key, "test": self.test_key}.get(key or "", key)
        sent = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        event = gateway_event(method, prefix + path, {**sent, **(headers or {})}, query)
        if raw is None and body is not None:
            raw = json.dumps(body)
        if isinstance(raw, bytes):
            event |= {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}
        elif raw is not None:
            event["body"] = raw
        with override(self.core):
            answer = handler(event, None)
        reply = Reply(answer["statusCode"], answer["headers"], answer["body"])
        hold_to_contract(reply)
        return reply

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

    @property
    def last_job(self) -> Job:
        return max(self.memory.jobs.values(), key=lambda job: job.id)

    @property
    def worker(self) -> ExecuteTask:
        return self.core.execute_task({self.engine.name: self.engine})

    def work(self) -> None:
        """Work off the queue until nothing is left, letting time pass where a message is delayed."""
        while sent := self.queues.tasks[:]:
            self.queues.tasks.clear()
            for item in sent:
                self.clock.advance(item.delay_seconds)
                self.worker(item.message)

    def untouched(self) -> tuple[int, ...]:
        return (*super().untouched(), len(self.memory.assets), len(self.bucket.objects))


def hold_to_contract(reply: Reply) -> None:
    """What every answer must be, whatever was asked."""
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["X-Request-Id"].startswith("req_")
    assert [name for name in RATE_HEADERS if name not in reply.headers] == []
    if reply.status == 200:
        return
    assert set(reply.json) == {"error"}
    assert set(reply.error) == {"type", "message"}
    assert all(isinstance(text, str) and text for text in reply.error.values())


def refusal(reply: Reply) -> tuple[int, str]:
    """A refusal as the contract's tables write it."""
    return reply.status, reply.error["type"]


__all__ = ["EMAIL", "GARDEN", "PREFIX", "Desk", "Reply", "hold_to_contract", "refusal"]
