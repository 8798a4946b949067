"""Loading what a render job needs: the template's version and the payloads of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.caching import WeighedCache
from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import ChunkSpec, RenderSpec, TemplateSpec
from darkroom.domain.renders.batches import manifest_lines
from darkroom.domain.renders.names import fields_hash, payload_key
from darkroom.domain.templates.payload import sources, stored_payload
from darkroom.domain.templates.template import Template
from darkroom.ports.renders import Templates
from darkroom.ports.storage import Blobs
from darkroom.services.renders.rows import JobRows, Row

TEMPLATES_KEPT = 32


def _template_cache() -> WeighedCache[tuple[Owner, str, int], Template]:
    return WeighedCache(TEMPLATES_KEPT, lambda _: 1)


class NothingToRender(Exception):
    """The template or the payloads of the job are gone."""


@dataclass(frozen=True, slots=True)
class LoadRows:
    """Loads rows. It caches templates, so a worker keeps one instance."""

    templates: Templates
    blobs: Blobs
    _cached: WeighedCache[tuple[Owner, str, int], Template] = field(default_factory=_template_cache)

    def __call__(self, job: Job, indexes: Iterable[int]) -> JobRows:
        """The rows of those indexes.

        Raises
        ------
        NothingToRender
        """
        spec = job.spec_as(TemplateSpec)
        template = self._template(job.owner, spec.template, spec.version)
        payloads = self._payloads(job)
        rows = tuple(_row(job, template, spec, index, payloads[index]) for index in indexes)
        return JobRows(job, template, spec.ratio, rows, spec.encoding)

    def _template(self, owner: Owner, template_id: str, version: int) -> Template:
        """The version of the template, which never changes, so that each worker reads it once."""

        def read() -> Template:
            template = self.templates.version(owner, template_id, version)
            if template is None:
                raise NothingToRender(f"version {version} of template {template_id}")
            return template

        return self._cached.get((owner, template_id, version), read)

    def _payloads(self, job: Job) -> Sequence[Mapping[str, Any]]:
        if not isinstance(job.spec, ChunkSpec):
            return job.spec_as(RenderSpec).payloads
        spec = job.spec
        try:
            part = self.blobs.get_range(spec.manifest, spec.offset, spec.length)
        except NotFound as error:
            raise NothingToRender(spec.manifest) from error
        return list(manifest_lines(part))


def _row(job: Job, template: Template, spec: TemplateSpec, index: int, filled: Mapping[str, Any]) -> Row:
    payload = stored_payload(filled)
    key = payload_key(filled, spec.ratio, spec.encoding)
    name = fields_hash(template.id, template.version, key, job.owner.livemode, template.salt)
    return Row(index, payload, key, name, sources(template.document, payload))
