"""Lambda entry: one round of housekeeping per tick of the schedule."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from darkroom.wiring import container

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001
    """Sweep once, however many ticks the event carries: they all mean "now"."""
    swept = container().sweep()
    logger.info(
        "swept",
        requeued=swept.requeued,
        timed_out=swept.timed_out,
        deliveries=swept.deliveries,
        manifests=swept.manifests,
        expired=swept.expired,
        evened=swept.evened,
        set_aside=swept.set_aside,
    )
