"""The moondraft API on fakes, with a worker that works while a request waits."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api_moondraft.app import handler
from api_moondraft.dialect import PREFIX
from api_moondraft.operations import DOCUMENT
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, Rejected, RouteFailed
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom_sandbox.markers import parse
from tests.fakes import FakeClock
from tests.harness import api_client
from tests.harness.openapi import hold_to_document

CLIP = b"\0\0\0\x18ftypmp42 a clip"
SOUND = b"ID3\x03\0\0\0\0\0\0 a voice"


def png(width: int = 2, height: int = 2, *, extra: int = 0) -> bytes:
    """A picture; ``extra`` bytes that do not compress make it larger."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    ballast = chunk(b"teSt", bytes(extra)) if extra else b""
    pixels = zlib.compress(b"\0" * (width + 1) * height) if width * height < 10_000 else b"\0"
    body = chunk(b"IHDR", head) + ballast + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def data_url(data: bytes, mime: str = "image/png") -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


@dataclass(frozen=True)
class ClientResponse(api_client.Response):
    @property
    def error(self) -> str:
        assert set(self.json) == {"error"}
        sentence: str = self.json["error"]
        return sentence


class Studio:
    """An engine that makes ``picture`` or a clip, does what markers say, and keeps its orders."""

    name, resubmit_safe = "sandbox", True

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.requests, self.canceled = clock, list[TaskRequest](), list[str]()
        self.picture, self.taken = png(), list[bytes]()

    def start(self, order: TaskRequest) -> Finished | Pending:
        self.requests.append(order)
        self.taken = [input_file.data for input_file in order.input_files]
        markers, prompt = parse(order.job.spec.prompt_of(order.task.index))
        if markers.block:
            raise Blocked("no")
        if markers.fail_all:
            raise RouteFailed("no")
        if "unusable" in prompt:
            raise Rejected("no")
        if markers.slow_seconds:
            ready_at = self.clock.now() + timedelta(seconds=markers.slow_seconds)
            return Pending(ready_at.isoformat(), ready_at)
        return self._made(order)

    def poll(self, order: TaskRequest, handle: str) -> Finished | Pending:
        ready_at = datetime.fromisoformat(handle)
        return self._made(order) if self.clock.now() >= ready_at else Pending(handle, ready_at)

    def cancel(self, handle: str) -> None:
        self.canceled.append(handle)

    def _made(self, order: TaskRequest) -> Finished:
        if order.job.kind == "video":
            return Finished(Output(CLIP, "video/mp4", order.job.spec.aspect_ratio))
        return Finished(Output(self.picture, "image/png", order.job.spec.aspect_ratio))


class Client(api_client.ApiClient[ClientResponse]):
    """A client of the moondraft API: workers make pictures whenever a request waits, while ``working``."""

    prefix, reply_type, dialect = PREFIX, ClientResponse, "moondraft"

    def __init__(self, credits: int = 100, stage: str = "local") -> None:
        super().__init__(credits, "metered", stage=stage)
        self.studio = Studio(self.clock)
        self.working = True
        self.later: list[tuple[datetime, Any]] = []
        vars(self.core)["url_check"] = _only_https

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, None)

    def hold_to_contract(self, method: str, path: str, reply: ClientResponse) -> None:
        hold_to_document(DOCUMENT, method, path, reply)
        assert reply.headers["Content-Type"] == "application/json"
        assert reply.headers["X-Request-Id"].startswith("req_")
        assert len(reply.body) < 6_000_000
        if reply.status >= 400:
            assert isinstance(reply.json["error"], str)

    def code_for(self, email: str = "ada@example.com", **options: Any) -> str:
        """Have a code sent and read it from the mail."""
        assert self.post("/auth/send-code", {"email": email}, key=None, **options).status == 200
        code = re.search(r"\b\d{6}\b", self.mailer.sent[-1].text)
        assert code is not None
        return code[0]

    @property
    def worker(self) -> ExecuteTask:
        engines: Any = {self.studio.name: self.studio}
        return self.core.execute_task(engines)

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        if self.working:
            self.work()

    def work(self) -> None:
        """Work off what is due by now."""
        while True:
            now = self.clock.now()
            sent, self.queues.tasks[:] = list(self.queues.tasks), []
            self.later += [(now + timedelta(seconds=s.delay_seconds), s.message) for s in sent]
            due = [message for at, message in self.later if at <= now]
            self.later = [(at, message) for at, message in self.later if at > now]
            if not due:
                return
            for message in due:
                self.worker(message)

    def input_file(self, role: str) -> bytes:
        """What the engine was given in a role for the newest job."""
        return next(m.data for m in self.studio.requests[-1].input_files if m.role == role)

    def see_codes_as_of_now(self, address: str = "ada@example.com") -> None:
        """Let requests see the address's code as it is now, as if they all came at this moment."""
        seen = self.core.accounts.one_time_code(address)

        def stale(address: str) -> OneTimePassword | None:
            return seen

        self.core.accounts.one_time_code = stale  # type: ignore[method-assign]

    def price(self, offer_id: str, price: int | None) -> None:
        """Change an offer's price."""
        submit = self.core.submit_job
        offers = {**submit.catalog.offers, offer_id: replace(submit.catalog.offers[offer_id], price=price)}
        self.core.submit_job = replace(submit, catalog=replace(submit.catalog, offers=offers))


def _only_https(url: str, param: str) -> None:
    if not url.startswith("https://"):
        raise InvalidParam("The URL is not allowed; use a public https URL.")
