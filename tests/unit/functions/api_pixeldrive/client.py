"""The pixeldrive API on fakes, with a worker that renders while a request waits."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api_pixeldrive import mcp
from api_pixeldrive.app import api, handler
from api_pixeldrive.operations import DOCUMENT
from darkroom.domain.ids import derived
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.http.links import IMAGES_PATH
from tests.fakes.renders import FakeRenderer
from tests.harness import api_client
from tests.harness.api_client import RATE_HEADERS, gateway_event
from tests.harness.container import BASE_URL
from tests.harness.openapi import hold_to_document

PREFIX = "/pixeldrive/v1"
PICTURE = "https://pictures.test/ada.png"
IMAGES = BASE_URL + IMAGES_PATH

CARD: dict[str, Any] = {
    "canvas": {"width": 1200, "height": 630, "background": "#101418"},
    "elements": [
        {
            "type": "text", "id": "headline", "x": 0, "y": 0, "width": 600, "height": 200,
            "text": "Hello", "fontSize": 64,
        },
        {"type": "image", "id": "avatar", "x": 0, "y": 300, "width": 200, "height": 200},
        {"type": "rating", "id": "stars", "x": 0, "y": 500, "width": 300, "height": 60, "value": 5},
    ],
}  # fmt: skip
FILLED: dict[str, Any] = {
    "headline": {"text": "500K followers"},
    "avatar": {"src": PICTURE},
    "stars": {"value": 4.5},
}


@dataclass(frozen=True)
class ClientResponse(api_client.Response):
    @property
    def refusal(self) -> tuple[int, str]:
        return self.status, self.json["code"]

    @property
    def details(self) -> list[tuple[str, str]]:
        return [(one["path"], one["message"]) for one in self.json["details"]]

    @property
    def events(self) -> list[tuple[str, str, Any]]:
        """A stream's events: name, id, data."""
        parsed = []
        for part in self.body.split("\n\n"):
            fields = dict(line.split(": ", 1) for line in part.splitlines() if not line.startswith(":"))
            if "data" in fields:
                parsed.append((fields["event"], fields["id"], json.loads(fields["data"])))
        return parsed


class Client(api_client.ApiClient[ClientResponse]):
    """A client of the pixeldrive API: while ``working``, workers render what is queued whenever a request waits."""

    prefix, reply_type, dialect = PREFIX, ClientResponse, "pixeldrive"

    def __init__(self, credits: int = 100) -> None:
        super().__init__(credits, "metered")
        self.working = True
        self.renderer = FakeRenderer()
        self.rows = self.core.render_rows(self.renderer)
        self.fetcher.pages[PICTURE] = b"a picture"
        self.meanwhile: list[Callable[[], object]] = []
        # This dialect has no test keys of its own, but takes any other's.
        self.test_key = self.issue("test", livemode=False, dialect="memes")

    def token(self, key: str | None) -> str | None:
        return self.test_key if key == "test" else super().token(key)

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, None)

    def hold_to_contract(self, method: str, path: str, reply: ClientResponse) -> None:
        assert reply.headers["X-Request-Id"].startswith("req_")
        assert len(reply.body) < 6_000_000
        hold_to_document(DOCUMENT, method, path, reply)
        if PREFIX + path not in api.public_paths:
            assert [name for name in RATE_HEADERS if name not in reply.headers] == []
        if reply.status >= 400:
            assert reply.json["requestId"] == reply.headers["X-Request-Id"]

    # -------------------------------------------------------------------- work

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        while self.meanwhile:
            self.meanwhile.pop(0)()
        if self.working:
            self.work()

    def work(self, most: int = 1_000) -> None:
        """Work off at most so many messages."""
        while self.queues.tasks and most:
            self._work_off(self.queues.tasks.pop(0).message)
            most -= 1

    def _work_off(self, message: TaskMessage) -> None:
        (self.core.expand_batch if message.step is TaskStep.EXPAND else self.rows)(message)

    # ------------------------------------------------------------------ asking

    def template(self, document: dict[str, Any] = CARD, **options: Any) -> str:
        reply = self.post("/templates", {"name": "Card", "document": document}, **options)
        assert reply.status == 201, reply.body
        template_id: str = reply.json["id"]
        return template_id

    def render(self, template_id: str, payload: Any = None, **body: Any) -> ClientResponse:
        key = body.pop("key", "live")
        headers = body.pop("headers", None)
        sent = {"templateId": template_id, "payload": FILLED if payload is None else payload, **body}
        return self.post("/render", sent, key=key, headers=headers)

    def batch(self, template_id: str, *payloads: Any, **body: Any) -> ClientResponse:
        return self.post("/render/batch", {"templateId": template_id, "payloads": list(payloads), **body})

    def open(self, url: str, method: str = "GET", **headers: str) -> dict[str, Any]:
        """Ask for an address as a browser would."""
        assert url.startswith(BASE_URL)
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.send(gateway_event(method, url.removeprefix(BASE_URL), spelled))
        data = base64.b64decode(answer.body) if answer.status in (200, 206) else answer.body.encode()
        return {"status": answer.status, "headers": answer.headers, "data": data}

    def mcp(
        self, message: Any, *, key: str | None = "live", method: str = "POST", **headers: str
    ) -> ClientResponse:
        token = self.token(key)
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            spelled["authorization"] = f"Bearer {token}"
        event = gateway_event(method, mcp.PATH, spelled)
        event["body"] = message if isinstance(message, str) else json.dumps(message)
        return self.send(event)

    def another_workspace(self, credits: int = 100) -> str:
        """A key of somebody else's."""
        other = self.core.open_workspace("Other", plan="metered", credits=credits)
        return self.issue("other", workspace_id=other.id)


def unknown_id() -> str:
    return derived("nobody's")
