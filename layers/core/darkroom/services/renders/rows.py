"""The rows of a render job, and the results of rendering them."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.jobs.facts import Facts, RefusedPayload, RenderFacts
from darkroom.domain.jobs.job import FailureCode, Job
from darkroom.domain.jobs.spec import PNG, ChunkSpec, Encoding
from darkroom.domain.renders.names import PREVIEW, image_key, preview_key
from darkroom.domain.renders.rendered import Rendered, RenderRefused
from darkroom.domain.templates.payload import Payload, Source
from darkroom.domain.templates.template import Template


@dataclass(frozen=True, slots=True)
class Row:
    """One payload to render. ``key`` is the payload's, ``hash`` names the render."""

    index: int
    payload: Payload
    key: str
    hash: str
    pictures: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class JobRows:
    """A job's open rows, with what they have in common."""

    job: Job
    template: Template
    ratio: float
    rows: tuple[Row, ...]
    encoding: Encoding = PNG

    @property
    def preview(self) -> bool:
        """Whether the renders are previews, which are neither looked up nor saved."""
        return self.job.kind == PREVIEW

    @property
    def scope(self) -> str:
        """What a picture is fetched once for: the batch, or the job alone."""
        spec = self.job.spec
        return spec.batch if isinstance(spec, ChunkSpec) else self.job.id

    def storage_key(self, row: Row) -> str:
        """The key of the row's bytes in the bucket."""
        if self.preview:
            return preview_key(self.job.owner, self.job.id, self.encoding)
        return image_key(self.template.id, row.hash, self.encoding)


@dataclass(frozen=True, slots=True)
class RowResult:
    """The result of one row: a new render, an earlier one (``free``), or the reason why there is none."""

    index: int
    facts: Facts | None = None
    rendered: Rendered | None = None
    free: bool = False
    failure: FailureCode | None = None
    reason: str | None = None

    @classmethod
    def made(cls, index: int, rendered: Rendered) -> RowResult:
        """The result with a new render."""
        return cls(index, _facts(rendered), rendered)

    @classmethod
    def cached(cls, index: int, rendered: Rendered) -> RowResult:
        """The result with a render that an earlier job made."""
        return cls(index, _facts(rendered), rendered, free=True)

    @classmethod
    def failed(cls, index: int) -> RowResult:
        """The result of a row that is given up."""
        return cls(index, failure=FailureCode.FAILED)

    @classmethod
    def rejected(cls, index: int, param: str, reason: str) -> RowResult:
        """The result of a row whose payload cannot be rendered."""
        return cls(index, RefusedPayload(param=param), failure=FailureCode.INPUT_REJECTED, reason=reason)

    @classmethod
    def refused(cls, row: Row, refused: RenderRefused) -> RowResult:
        """The same; ``param`` names the payload's member, or the template's element if the payload leaves it out."""
        place = ".".join(filter(None, (refused.element_id, refused.field)))
        param = f"payload.{place}" if refused.element_id in row.payload else place
        return cls.rejected(row.index, param, f"{param}: {refused.message.rstrip('.')}.")


def _facts(rendered: Rendered) -> RenderFacts:
    return RenderFacts(
        fields_hash=rendered.fields_hash,
        render_ms=rendered.render_ms,
        upload_bytes=rendered.size,
        warnings=rendered.warnings,
    )
