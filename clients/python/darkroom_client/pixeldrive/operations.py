"""The calls of pixeldrive, one method each. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Literal, Unpack

from darkroom_client.pixeldrive import answers, requests
from darkroom_client.transport import AsyncTransport, Call, Transport


class PixeldriveOperations:
    """Every call of the pixeldrive API."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def render(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.RenderBody]
    ) -> answers.RenderAnswer:
        """Render an image."""
        return self._transport.send(
            Call("POST", "/render", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.RenderAnswer,
        )

    def render_batch(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.BatchBody]
    ) -> answers.BatchAccepted:
        """Render up to a thousand images in the background."""
        return self._transport.send(
            Call("POST", "/render/batch", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.BatchAccepted,
        )

    def get_batch(self, batch_id: str) -> answers.BatchAnswer:
        """How a batch stands."""
        return self._transport.send(Call("GET", f"/batches/{batch_id}"), answers.BatchAnswer)

    def get_job(self, job_id: str) -> answers.JobAnswer:
        """How one row of a batch stands."""
        return self._transport.send(Call("GET", f"/jobs/{job_id}"), answers.JobAnswer)

    def sign(self, **body: Unpack[requests.SignBody]) -> answers.SignAnswer:
        """Sign an image's address."""
        return self._transport.send(Call("POST", "/sign", body=body), answers.SignAnswer)

    def list_templates(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.TemplateList:
        """List templates."""
        return self._transport.send(
            Call(
                "GET", "/templates", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.TemplateList,
        )

    def iterate_templates(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.TemplateSummary]:
        """List templates: each, page after page."""
        call = Call(
            "GET", "/templates", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.TemplateList, answers.TemplateSummary)

    def create_template(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.TemplateBody]
    ) -> answers.TemplateAnswer:
        """Create a template."""
        return self._transport.send(
            Call("POST", "/templates", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.TemplateAnswer,
        )

    def get_template(self, template_id: str) -> answers.TemplateAnswer:
        """Fetch a template."""
        return self._transport.send(Call("GET", f"/templates/{template_id}"), answers.TemplateAnswer)

    def replace_template(
        self, template_id: str, **body: Unpack[requests.TemplateBody]
    ) -> answers.TemplateAnswer:
        """Replace a template."""
        return self._transport.send(
            Call("PUT", f"/templates/{template_id}", body=body), answers.TemplateAnswer
        )

    def change_template(
        self, template_id: str, **body: Unpack[requests.TemplatePatch]
    ) -> answers.TemplateAnswer:
        """Change a template."""
        return self._transport.send(
            Call("PATCH", f"/templates/{template_id}", body=body), answers.TemplateAnswer
        )

    def delete_template(self, template_id: str) -> answers.Deleted:
        """Delete a template."""
        return self._transport.send(Call("DELETE", f"/templates/{template_id}"), answers.Deleted)

    def get_template_version(self, template_id: str, version: str) -> answers.TemplateAnswer:
        """Fetch a version of a template."""
        return self._transport.send(
            Call("GET", f"/templates/{template_id}/versions/{version}"), answers.TemplateAnswer
        )

    def list_fonts(self) -> answers.FontList:
        """List fonts."""
        return self._transport.send(Call("GET", "/fonts"), answers.FontList)

    def create_font(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.FontBody]
    ) -> answers.NewFontAnswer:
        """Announce a font, and learn how to upload it."""
        return self._transport.send(
            Call("POST", "/fonts", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.NewFontAnswer,
        )

    def get_font(self, font_id: str) -> answers.Font:
        """Fetch a font."""
        return self._transport.send(Call("GET", f"/fonts/{font_id}"), answers.Font)

    def delete_font(self, font_id: str) -> answers.Deleted:
        """Delete a font."""
        return self._transport.send(Call("DELETE", f"/fonts/{font_id}"), answers.Deleted)


class AsyncPixeldriveOperations:
    """Every call of the pixeldrive API."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def render(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.RenderBody]
    ) -> answers.RenderAnswer:
        """Render an image."""
        return await self._transport.send(
            Call("POST", "/render", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.RenderAnswer,
        )

    async def render_batch(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.BatchBody]
    ) -> answers.BatchAccepted:
        """Render up to a thousand images in the background."""
        return await self._transport.send(
            Call("POST", "/render/batch", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.BatchAccepted,
        )

    async def get_batch(self, batch_id: str) -> answers.BatchAnswer:
        """How a batch stands."""
        return await self._transport.send(Call("GET", f"/batches/{batch_id}"), answers.BatchAnswer)

    async def get_job(self, job_id: str) -> answers.JobAnswer:
        """How one row of a batch stands."""
        return await self._transport.send(Call("GET", f"/jobs/{job_id}"), answers.JobAnswer)

    async def sign(self, **body: Unpack[requests.SignBody]) -> answers.SignAnswer:
        """Sign an image's address."""
        return await self._transport.send(Call("POST", "/sign", body=body), answers.SignAnswer)

    async def list_templates(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.TemplateList:
        """List templates."""
        return await self._transport.send(
            Call(
                "GET", "/templates", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.TemplateList,
        )

    def iterate_templates(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.TemplateSummary]:
        """List templates: each, page after page."""
        call = Call(
            "GET", "/templates", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.TemplateList, answers.TemplateSummary)

    async def create_template(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.TemplateBody]
    ) -> answers.TemplateAnswer:
        """Create a template."""
        return await self._transport.send(
            Call("POST", "/templates", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.TemplateAnswer,
        )

    async def get_template(self, template_id: str) -> answers.TemplateAnswer:
        """Fetch a template."""
        return await self._transport.send(Call("GET", f"/templates/{template_id}"), answers.TemplateAnswer)

    async def replace_template(
        self, template_id: str, **body: Unpack[requests.TemplateBody]
    ) -> answers.TemplateAnswer:
        """Replace a template."""
        return await self._transport.send(
            Call("PUT", f"/templates/{template_id}", body=body), answers.TemplateAnswer
        )

    async def change_template(
        self, template_id: str, **body: Unpack[requests.TemplatePatch]
    ) -> answers.TemplateAnswer:
        """Change a template."""
        return await self._transport.send(
            Call("PATCH", f"/templates/{template_id}", body=body), answers.TemplateAnswer
        )

    async def delete_template(self, template_id: str) -> answers.Deleted:
        """Delete a template."""
        return await self._transport.send(Call("DELETE", f"/templates/{template_id}"), answers.Deleted)

    async def get_template_version(self, template_id: str, version: str) -> answers.TemplateAnswer:
        """Fetch a version of a template."""
        return await self._transport.send(
            Call("GET", f"/templates/{template_id}/versions/{version}"), answers.TemplateAnswer
        )

    async def list_fonts(self) -> answers.FontList:
        """List fonts."""
        return await self._transport.send(Call("GET", "/fonts"), answers.FontList)

    async def create_font(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.FontBody]
    ) -> answers.NewFontAnswer:
        """Announce a font, and learn how to upload it."""
        return await self._transport.send(
            Call("POST", "/fonts", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.NewFontAnswer,
        )

    async def get_font(self, font_id: str) -> answers.Font:
        """Fetch a font."""
        return await self._transport.send(Call("GET", f"/fonts/{font_id}"), answers.Font)

    async def delete_font(self, font_id: str) -> answers.Deleted:
        """Delete a font."""
        return await self._transport.send(Call("DELETE", f"/fonts/{font_id}"), answers.Deleted)
