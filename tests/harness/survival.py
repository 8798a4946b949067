"""A deed in bad weather: now and then the process dies at one of its calls, before or after the call took effect."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

from darkroom.domain.errors import AlreadyFinished
from darkroom.domain.jobs.messages import TaskBusy
from tests.fakes.calls import Calls, Crash
from tests.fakes.queues import FakeQueues


class Exposed(Protocol):
    """A harness whose calls can be made to fail."""

    calls: Calls
    queues: FakeQueues


def survives(
    harness: Exposed, chance: random.Random, deed: Callable[[], object], *, odds: float, reach: int
) -> bool:
    """Do ``deed``, dying with ``odds`` at one of its first ``reach`` calls; whether it came to its end.

    Whatever else goes wrong must be the queues' doing, else it is raised.
    """
    calls = harness.calls
    if chance.random() < odds:
        calls.die_at = len(calls.made) + chance.randint(1, reach)
        calls.die_after_effect = chance.random() < 0.5
    try:
        deed()
    except (Crash, TaskBusy):
        return False
    except AlreadyFinished:
        return True
    except Exception:
        if harness.queues.busy:
            return False
        raise
    finally:
        calls.die_at = None
    return True
