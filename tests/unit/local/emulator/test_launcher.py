"""Where a browser is sent that opens the emulator's bare address."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from local.emulator.launcher import with_home

HTML = (b"accept", b"text/html,application/xhtml+xml")


def answer(scope: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "the emulator's own"})

    async def receive() -> None:
        return None

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(with_home(app, "/home/")(scope, receive, send))
    return sent


def http(path: str = "/", method: str = "GET", *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http", "path": path, "method": method, "headers": list(headers)}


def test_a_browser_is_sent_home() -> None:
    start, _ = answer(http("/", "GET", HTML))
    assert (start["status"], dict(start["headers"])[b"location"]) == (302, b"/home/")


def test_so_is_whoever_leaves_out_the_slash_of_home() -> None:
    start, _ = answer(http("/home", "GET", (b"accept", b"*/*")))
    assert (start["status"], dict(start["headers"])[b"location"]) == (302, b"/home/")


@pytest.mark.parametrize(
    "scope",
    [
        http("/", "GET", HTML, (b"authorization", b"AWS4-HMAC-SHA256")),
        http("/", "GET", (b"accept", b"*/*")),
        http("/", "POST", HTML),
        http("/bucket", "GET", HTML),
        {"type": "lifespan"},
    ],
)
def test_everybody_else_is_the_emulator_s(scope: dict[str, Any]) -> None:
    assert answer(scope) == [{"type": "the emulator's own"}]
