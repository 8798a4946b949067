"""Finding a carousel's slide by its own id."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.carousels.slide_view import slide_views
from darkroom.domain.jobs.job import Job
from darkroom.ports.carousels import Slides
from darkroom.ports.jobs import Jobs


@dataclass(frozen=True, slots=True)
class FindSlide:
    """Answers slides as jobs of one task."""

    slides: Slides
    jobs: Jobs

    def __call__(self, owner: Owner, slide_id: str) -> Job | None:
        """The slide; ``None`` if there is no such slide, or its set was deleted."""
        job_id = self.slides.job_of(owner, slide_id)
        job = self.jobs.get(owner, job_id) if job_id is not None else None
        if job is None or job.deleted_at is not None:
            return None
        return next((slide for slide in slide_views(job) if slide.id == slide_id), None)
