"""The client: an address, a key, and the APIs they open."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from darkroom_client.memes import AsyncMemes, Memes
from darkroom_client.pixeldrive import AsyncPixeldrive, Pixeldrive
from darkroom_client.platform import AsyncPlatform, Platform
from darkroom_client.transport import AsyncTransport, Transport

VERSION = "0.1.0"
TIMEOUT = httpx.Timeout(35.0, connect=10.0)  # Darkroom's gateway gives up after 30 seconds
TRIES = 4


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "User-Agent": f"darkroom-client/{VERSION}"}


class Darkroom:
    """A stack of Darkroom, with one key. Use it as a context manager, or ``close`` it.

    ``tries`` is how often a call is sent at most; an ``http_client`` of your own brings its own timeouts and proxies.
    """

    def __init__(
        self, base_url: str, key: str, *, tries: int = TRIES, http_client: httpx.Client | None = None
    ) -> None:
        self._http = http_client or httpx.Client(timeout=TIMEOUT)
        self._http.headers.update(_headers(key))
        base = base_url.rstrip("/")
        self.memes = Memes(Transport(self._http, f"{base}/memes/v1", tries))
        self.pixeldrive = Pixeldrive(Transport(self._http, f"{base}/pixeldrive/v1", tries))
        self.platform = Platform(Transport(self._http, f"{base}/platform/v1", tries))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncDarkroom:
    """A stack of Darkroom, with one key, for asyncio. Use it as a context manager, or ``aclose`` it.

    ``tries`` is how often a call is sent at most; an ``http_client`` of your own brings its own timeouts and proxies.
    """

    def __init__(
        self, base_url: str, key: str, *, tries: int = TRIES, http_client: httpx.AsyncClient | None = None
    ) -> None:
        self._http = http_client or httpx.AsyncClient(timeout=TIMEOUT)
        self._http.headers.update(_headers(key))
        base = base_url.rstrip("/")
        self.memes = AsyncMemes(AsyncTransport(self._http, f"{base}/memes/v1", tries))
        self.pixeldrive = AsyncPixeldrive(AsyncTransport(self._http, f"{base}/pixeldrive/v1", tries))
        self.platform = AsyncPlatform(AsyncTransport(self._http, f"{base}/platform/v1", tries))

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
