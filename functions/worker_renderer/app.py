"""Lambda entry: messages from the render queue, each one output of the offline engine, or a job of renders."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from darkroom.adapters.queue_messages import task_from_json
from darkroom.domain.catalog.routes import SANDBOX
from darkroom.services.renders.render_rows import RenderRows
from darkroom.wiring import Container, container
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.stills import STILLS

LEASE: Final = timedelta(seconds=150)  # the function may run for 120 s

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Work off a batch; messages whose work did not end go back to the queue, the others do not."""
    logger.info("tasks", count=len(event["Records"]))
    return process_partial_response(event, _execute, processor, context)


def _execute(record: SQSRecord) -> None:
    core, message = container(), task_from_json(record.body)
    match message.step:
        case "render":
            _render_rows(core)(message)
        case "expand":
            core.expand_batch(message)
        case _:
            core.execute_task({SANDBOX: SandboxEngine(core.clock, STILLS)}, LEASE)(message)


@cache
def _render_rows(core: Container) -> RenderRows:
    """One for the process, because it keeps what the next render needs again."""
    # Loaded by the first render: neither a sandbox image nor a batch's expansion needs it.
    from darkroom_renderer.renderer import PngRenderer  # noqa: PLC0415

    return core.render_rows(PngRenderer(), LEASE)
