"""Task requests as a worker hands them to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.engine import InputFile, TaskRequest
from darkroom.domain.jobs.job import Job, new_tasks
from darkroom.domain.jobs.spec import SPECS, Spec

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def task_request(
    kind: str,
    prompt: str = "",
    *,
    ratio: str = "16:9",
    index: int = 0,
    livemode: bool = True,
    input_files: Mapping[str, bytes] | None = None,
    **settings: Any,
) -> TaskRequest:
    """The task request for one output of a job."""
    job = Job(
        id="01950000-0000-7000-8000-000000000001",
        owner=Owner("w", livemode),
        key_id="k",
        dialect="any",
        kind=kind,
        offer_id=f"any.{kind}",
        model="model",
        collection=kind,
        feature=Feature.IMAGES,
        engine="sandbox",
        engine_model="",
        queue=Queue.SANDBOX,
        spec=SPECS.get(kind, Spec)(prompt, ratio, **settings),
        unit_price=1,
        tasks=new_tasks("01950000-0000-7000-8000-000000000001", index + 1),
        created_at=NOW,
        deadline_at=NOW,
        check_at=NOW,
    )
    files = tuple(InputFile(role, data) for role, data in (input_files or {}).items())
    return TaskRequest(job, job.tasks[index], files)
