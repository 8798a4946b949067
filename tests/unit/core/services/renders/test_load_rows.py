"""Loading rows whose template is gone."""

from __future__ import annotations

import pytest

from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.renders.names import RENDER
from tests.harness.renders import RenderHarness


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness()


def test_a_template_that_is_gone_fails_what_is_open(harness: RenderHarness) -> None:
    message = harness.chunk(["Ada", "Bob"])
    harness.memory.templates.clear()
    harness.handle(message)
    (job,) = harness.job_of_kind(RENDER)
    assert job.status is JobStatus.FAILED
    assert harness.wallet.available == 100
    harness.check_books()
