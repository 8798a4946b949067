"""The pixeldrive API."""

from __future__ import annotations

from darkroom_client.pixeldrive import answers
from darkroom_client.pixeldrive.operations import AsyncPixeldriveOperations, PixeldriveOperations
from darkroom_client.waiting import async_wait_for, wait_for


def _ended(answer: answers.BatchAnswer) -> bool:
    return answer.queued + answer.running == 0


class Pixeldrive(PixeldriveOperations):
    """Templates, renders of them, and batches of renders."""

    def wait(self, batch: str | answers.BatchAccepted, seconds: float = 600.0) -> answers.BatchAnswer:
        """The batch once all of its rows have ended.

        Raises
        ------
        ApiError, ConnectionFailed, WaitedTooLong
        """
        batch_id = batch if isinstance(batch, str) else batch.batchId
        return wait_for(lambda: self.get_batch(batch_id), _ended, seconds)


class AsyncPixeldrive(AsyncPixeldriveOperations):
    """Templates, renders of them, and batches of renders."""

    async def wait(self, batch: str | answers.BatchAccepted, seconds: float = 600.0) -> answers.BatchAnswer:
        """The batch once all of its rows have ended.

        Raises
        ------
        ApiError, ConnectionFailed, WaitedTooLong
        """
        batch_id = batch if isinstance(batch, str) else batch.batchId
        return await async_wait_for(lambda: self.get_batch(batch_id), _ended, seconds)
