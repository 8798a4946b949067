"""The platform API."""

from __future__ import annotations

from collections.abc import Callable

from darkroom_client.platform import answers
from darkroom_client.platform.operations import AsyncPlatformOperations, PlatformOperations
from darkroom_client.waiting import async_wait_for, wait_for

ENDED = frozenset({"completed", "canceled", "expired", "failed"})


type Told = Callable[[answers.Manifest], object] | None


def _ended(manifest: answers.Manifest) -> bool:
    return manifest.status in ENDED


class Platform(PlatformOperations):
    """Keys, credits, the ledger, files, manifests and the operator's calls."""

    def wait(self, manifest_id: str, seconds: float = 3600.0, each: Told = None) -> answers.Manifest:
        """The manifest once all of its rows have ended; ``each`` hears of it meanwhile.

        Raises
        ------
        ApiError, ConnectionFailed, WaitedTooLong
        """
        return wait_for(lambda: self.get_manifest(manifest_id).manifest, _ended, seconds, each)


class AsyncPlatform(AsyncPlatformOperations):
    """Keys, credits, the ledger, files, manifests and the operator's calls."""

    async def wait(self, manifest_id: str, seconds: float = 3600.0, each: Told = None) -> answers.Manifest:
        """The manifest once all of its rows have ended; ``each`` hears of it meanwhile.

        Raises
        ------
        ApiError, ConnectionFailed, WaitedTooLong
        """

        async def ask() -> answers.Manifest:
            return (await self.get_manifest(manifest_id)).manifest

        return await async_wait_for(ask, _ended, seconds, each)
