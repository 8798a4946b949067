"""The memes API."""

from __future__ import annotations

from collections.abc import Callable

from darkroom_client.memes import answers
from darkroom_client.memes.operations import AsyncMemesOperations, MemesOperations
from darkroom_client.waiting import async_wait_for, wait_for

ENDED = frozenset({"succeeded", "partial", "failed", "canceled"})


type Told = Callable[[answers.Generation], object] | None


def _ended(generation: answers.Generation) -> bool:
    return generation.status in ENDED


class Memes(MemesOperations):
    """Images, memes, videos, carousels, brand kits, files and webhooks."""

    def wait(
        self, generation: str | answers.GenerationAnswer, seconds: float = 300.0, each: Told = None
    ) -> answers.Generation:
        """The generation once it has ended, whichever way: look at its ``status``. ``each`` hears of it meanwhile.

        Raises
        ------
        ApiError, ConnectionFailed, WaitedTooLong
        """
        generation_id = generation if isinstance(generation, str) else generation.generation.id
        return wait_for(lambda: self.get_generation(generation_id).generation, _ended, seconds, each)


class AsyncMemes(AsyncMemesOperations):
    """Images, memes, videos, carousels, brand kits, files and webhooks."""

    async def wait(
        self, generation: str | answers.GenerationAnswer, seconds: float = 300.0, each: Told = None
    ) -> answers.Generation:
        """The generation once it has ended, whichever way: look at its ``status``. ``each`` hears of it meanwhile.

        Raises
        ------
        ApiError, ConnectionFailed, WaitedTooLong
        """
        generation_id = generation if isinstance(generation, str) else generation.generation.id

        async def ask() -> answers.Generation:
            return (await self.get_generation(generation_id)).generation

        return await async_wait_for(ask, _ended, seconds, each)
