"""Moving a task for the offline engine from the renders' queue to the engine's own.

Until both had queues of their own, the engine's stills were queued with the renders. A message that was under way
when the stack was updated, or that a function of the older code sent meanwhile, comes to a worker without the engine.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.ports.storage import Queues

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ForwardToSandbox:
    """Sends a task message on. Without a ``sandbox`` it is dropped: the job's deadline ends and refunds it."""

    queues: Queues
    sandbox: bool

    def __call__(self, message: TaskMessage) -> None:
        """Queue the message where the engine is.

        Raises
        ------
        Unavailable
            The message must not be taken off the queue yet.
        """
        if self.sandbox:
            self.queues.send_tasks(Queue.SANDBOX, [message])
        else:
            logger.warning("job %s needs the sandbox, which this stack no longer has", message.job_id)
