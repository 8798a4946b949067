"""Webhook subscribers in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from darkroom.adapters.fetch import SafeHttp
from darkroom.adapters.subscribers import HttpSubscribers
from darkroom.domain.webhooks.responses import WebhookResponse
from tests.fakes.system import FakeClock

OK = WebhookResponse(200, 12, "thanks")

type Reply = WebhookResponse | Exception


@dataclass(frozen=True)
class Post:
    """What a subscriber received."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    at: datetime


@dataclass
class FakeSubscribers:
    """Gives ``replies`` in order, and then ``usual``. URLs are judged by the real adapter.

    ``takes`` is how long a post lasts, and ``meanwhile`` is called while it does.
    """

    clock: FakeClock
    usual: Reply = OK
    replies: list[Reply] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    takes: timedelta = timedelta()
    meanwhile: Callable[[], None] = lambda: None
    timeouts: list[float] = field(default_factory=list)

    def check(self, url: str) -> None:
        HttpSubscribers(SafeHttp()).check(url)

    def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], timeout_seconds: float
    ) -> WebhookResponse:
        self.posts.append(Post(url, body, headers, self.clock.now()))
        self.timeouts.append(timeout_seconds)
        self.clock.advance(self.takes)
        self.meanwhile()
        reply = self.replies.pop(0) if self.replies else self.usual
        if isinstance(reply, Exception):
            raise reply
        return reply
