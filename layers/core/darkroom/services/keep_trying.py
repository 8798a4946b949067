"""Repeating what our own storage was too busy for, as long as the function may still run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from darkroom.domain.errors import Unavailable
from darkroom.ports.system import Clock

logger = logging.getLogger(__name__)

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0


@dataclass(frozen=True, slots=True)
class KeepTrying:
    """Repeats a deed that must not be lost. The adapters have tried for about a second before each time."""

    clock: Clock

    def __call__[T](self, deed: Callable[[], T], until: datetime) -> T:
        """What ``deed`` returns, as soon as it does not raise ``Unavailable``. Pauses double, and end by ``until``.

        Raises
        ------
        Unavailable
            It still does, and there is no time left.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                return deed()
            except Unavailable as busy:
                if (until - self.clock.now()).total_seconds() <= pause:
                    raise
                logger.info("trying again in %.1f s: %s", pause, busy)
            self.clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
