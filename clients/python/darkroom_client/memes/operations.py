"""The calls of memes, one method each. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Literal, Unpack

from darkroom_client.memes import answers, requests
from darkroom_client.transport import AsyncTransport, Call, Transport


class MemesOperations:
    """Every call of the memes API."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_images(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        q: str | None = None,
    ) -> answers.AssetList:
        """List images."""
        return self._transport.send(
            Call(
                "GET",
                "/images",
                query={"limit": limit, "starting_after": starting_after, "order": order, "q": q},
            ),
            answers.AssetList,
        )

    def iterate_images(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        q: str | None = None,
    ) -> Iterator[answers.Asset]:
        """List images: each, page after page."""
        call = Call(
            "GET", "/images", query={"limit": limit, "starting_after": starting_after, "order": order, "q": q}
        )
        return self._transport.pages(call, answers.AssetList, answers.Asset)

    def create_image(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.ImageBody],
    ) -> answers.GenerationAnswer:
        """Create images."""
        return self._transport.send(
            Call(
                "POST",
                "/images",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    def edit_image(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.EditBody],
    ) -> answers.GenerationAnswer:
        """Edit an image."""
        return self._transport.send(
            Call(
                "POST",
                "/images/edits",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    def reframe_image(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.ReframeBody],
    ) -> answers.GenerationAnswer:
        """Give an image another aspect ratio."""
        return self._transport.send(
            Call(
                "POST",
                "/images/reframe",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    def get_image(self, image_id: str) -> answers.ImageAnswer:
        """Fetch an image."""
        return self._transport.send(Call("GET", f"/images/{image_id}"), answers.ImageAnswer)

    def list_memes(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        q: str | None = None,
        exclude_carousel: bool | None = None,
    ) -> answers.AssetList:
        """List memes."""
        return self._transport.send(
            Call(
                "GET",
                "/memes",
                query={
                    "limit": limit,
                    "starting_after": starting_after,
                    "order": order,
                    "q": q,
                    "exclude_carousel": exclude_carousel,
                },
            ),
            answers.AssetList,
        )

    def iterate_memes(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        q: str | None = None,
        exclude_carousel: bool | None = None,
    ) -> Iterator[answers.Asset]:
        """List memes: each, page after page."""
        call = Call(
            "GET",
            "/memes",
            query={
                "limit": limit,
                "starting_after": starting_after,
                "order": order,
                "q": q,
                "exclude_carousel": exclude_carousel,
            },
        )
        return self._transport.pages(call, answers.AssetList, answers.Asset)

    def create_meme(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.MemeBody],
    ) -> answers.GenerationAnswer:
        """Create memes."""
        return self._transport.send(
            Call(
                "POST",
                "/memes",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    def get_meme(self, meme_id: str) -> answers.MemeAnswer:
        """Fetch a meme."""
        return self._transport.send(Call("GET", f"/memes/{meme_id}"), answers.MemeAnswer)

    def delete_meme(self, meme_id: str) -> answers.DeletedAnswer:
        """Delete a meme."""
        return self._transport.send(Call("DELETE", f"/memes/{meme_id}"), answers.DeletedAnswer)

    def get_lineage(self, meme_id: str) -> answers.LineageAnswer:
        """Trace a meme's family."""
        return self._transport.send(Call("GET", f"/memes/{meme_id}/lineage"), answers.LineageAnswer)

    def list_videos(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.GenerationList:
        """List videos."""
        return self._transport.send(
            Call("GET", "/videos", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.GenerationList,
        )

    def iterate_videos(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.Generation]:
        """List videos: each, page after page."""
        call = Call(
            "GET", "/videos", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.GenerationList, answers.Generation)

    def create_video(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.VideoBody],
    ) -> answers.GenerationAnswer:
        """Create a video."""
        return self._transport.send(
            Call(
                "POST",
                "/videos",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    def animate_image(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.AnimateBody],
    ) -> answers.GenerationAnswer:
        """Animate an image."""
        return self._transport.send(
            Call(
                "POST",
                "/videos/animate",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    def get_video(self, video_id: str) -> answers.GenerationAnswer:
        """Fetch a video."""
        return self._transport.send(Call("GET", f"/videos/{video_id}"), answers.GenerationAnswer)

    def delete_video(self, video_id: str) -> answers.DeletedVideoAnswer:
        """Delete a video."""
        return self._transport.send(Call("DELETE", f"/videos/{video_id}"), answers.DeletedVideoAnswer)

    def plan_carousel(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.PlanBody]
    ) -> answers.PlanAnswer:
        """Plan a carousel."""
        return self._transport.send(
            Call("POST", "/carousels/plan", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.PlanAnswer,
        )

    def list_carousels(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.CarouselList:
        """List carousels."""
        return self._transport.send(
            Call(
                "GET", "/carousels", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.CarouselList,
        )

    def iterate_carousels(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.CarouselSet]:
        """List carousels: each, page after page."""
        call = Call(
            "GET", "/carousels", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.CarouselList, answers.CarouselSet)

    def create_carousel(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.CarouselBody]
    ) -> answers.CarouselAnswer:
        """Render a carousel."""
        return self._transport.send(
            Call("POST", "/carousels", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.CarouselAnswer,
        )

    def get_carousel(self, carousel_id: str) -> answers.CarouselAnswer:
        """Fetch a carousel."""
        return self._transport.send(Call("GET", f"/carousels/{carousel_id}"), answers.CarouselAnswer)

    def delete_carousel(self, carousel_id: str) -> answers.DeletedAnswer:
        """Delete a carousel."""
        return self._transport.send(Call("DELETE", f"/carousels/{carousel_id}"), answers.DeletedAnswer)

    def create_storyboard(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.StoryboardBody],
    ) -> answers.GenerationAnswer:
        """Create a storyboard."""
        return self._transport.send(
            Call(
                "POST",
                "/storyboards",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    def get_storyboard(self, storyboard_id: str) -> answers.GenerationAnswer:
        """Fetch a storyboard."""
        return self._transport.send(Call("GET", f"/storyboards/{storyboard_id}"), answers.GenerationAnswer)

    def list_brand_kits(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.BrandKitList:
        """List brand kits."""
        return self._transport.send(
            Call(
                "GET", "/brand-kits", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.BrandKitList,
        )

    def iterate_brand_kits(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.BrandKit]:
        """List brand kits: each, page after page."""
        call = Call(
            "GET", "/brand-kits", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.BrandKitList, answers.BrandKit)

    def create_brand_kit(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.BrandKitBody]
    ) -> answers.BrandKitAnswer:
        """Create a brand kit."""
        return self._transport.send(
            Call("POST", "/brand-kits", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.BrandKitAnswer,
        )

    def analyze_url(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.AnalyzeBody]
    ) -> answers.WebsiteAnswer:
        """Read a brand's profile from its website."""
        return self._transport.send(
            Call(
                "POST", "/brand-kits/analyze-url", body=body, idempotency_key=idempotency_key, repeatable=True
            ),
            answers.WebsiteAnswer,
        )

    def get_brand_kit(self, kit_id: str) -> answers.BrandKitAnswer:
        """Fetch a brand kit."""
        return self._transport.send(Call("GET", f"/brand-kits/{kit_id}"), answers.BrandKitAnswer)

    def update_brand_kit(self, kit_id: str, **body: Unpack[requests.BrandKitPatch]) -> answers.BrandKitAnswer:
        """Change a brand kit."""
        return self._transport.send(Call("PATCH", f"/brand-kits/{kit_id}", body=body), answers.BrandKitAnswer)

    def delete_brand_kit(self, kit_id: str) -> answers.DeletedAnswer:
        """Delete a brand kit."""
        return self._transport.send(Call("DELETE", f"/brand-kits/{kit_id}"), answers.DeletedAnswer)

    def set_default_brand_kit(
        self, kit_id: str, *, idempotency_key: str | None = None
    ) -> answers.BrandKitAnswer:
        """Make a brand kit the default one."""
        return self._transport.send(
            Call(
                "POST", f"/brand-kits/{kit_id}/set-default", idempotency_key=idempotency_key, repeatable=True
            ),
            answers.BrandKitAnswer,
        )

    def set_brand_kit_logo(
        self, kit_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.PictureBody]
    ) -> answers.BrandKitAnswer:
        """Upload or replace a logo."""
        return self._transport.send(
            Call(
                "POST",
                f"/brand-kits/{kit_id}/logo",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.BrandKitAnswer,
        )

    def delete_brand_kit_logo(self, kit_id: str) -> answers.BrandKitAnswer:
        """Remove a logo."""
        return self._transport.send(Call("DELETE", f"/brand-kits/{kit_id}/logo"), answers.BrandKitAnswer)

    def add_product_reference(
        self, kit_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.PictureBody]
    ) -> answers.ProductReferenceAnswer:
        """Add a product reference."""
        return self._transport.send(
            Call(
                "POST",
                f"/brand-kits/{kit_id}/product-references",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.ProductReferenceAnswer,
        )

    def delete_product_reference(self, kit_id: str, reference_id: str) -> answers.BrandKitAnswer:
        """Remove a product reference."""
        return self._transport.send(
            Call("DELETE", f"/brand-kits/{kit_id}/product-references/{reference_id}"), answers.BrandKitAnswer
        )

    def enhance_prompt(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.EnhanceBody]
    ) -> answers.EnhancedAnswer:
        """Enhance a prompt."""
        return self._transport.send(
            Call("POST", "/prompts/enhance", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.EnhancedAnswer,
        )

    def list_generations(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        type: list[Literal["meme", "image", "edit", "reframe", "video", "carousel", "storyboard"]]
        | None = None,
        status: list[Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"]]
        | None = None,
    ) -> answers.GenerationList:
        """List jobs."""
        return self._transport.send(
            Call(
                "GET",
                "/generations",
                query={
                    "limit": limit,
                    "starting_after": starting_after,
                    "order": order,
                    "type": type,
                    "status": status,
                },
            ),
            answers.GenerationList,
        )

    def iterate_generations(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        type: list[Literal["meme", "image", "edit", "reframe", "video", "carousel", "storyboard"]]
        | None = None,
        status: list[Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"]]
        | None = None,
    ) -> Iterator[answers.Generation]:
        """List jobs: each, page after page."""
        call = Call(
            "GET",
            "/generations",
            query={
                "limit": limit,
                "starting_after": starting_after,
                "order": order,
                "type": type,
                "status": status,
            },
        )
        return self._transport.pages(call, answers.GenerationList, answers.Generation)

    def get_generation(self, generation_id: str) -> answers.GenerationAnswer:
        """Poll a job."""
        return self._transport.send(Call("GET", f"/generations/{generation_id}"), answers.GenerationAnswer)

    def cancel_generation(
        self, generation_id: str, *, idempotency_key: str | None = None
    ) -> answers.GenerationAnswer:
        """Cancel a job."""
        return self._transport.send(
            Call(
                "POST",
                f"/generations/{generation_id}/cancel",
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    def list_files(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.FileList:
        """List files."""
        return self._transport.send(
            Call("GET", "/files", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.FileList,
        )

    def iterate_files(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.File]:
        """List files: each, page after page."""
        call = Call("GET", "/files", query={"limit": limit, "starting_after": starting_after, "order": order})
        return self._transport.pages(call, answers.FileList, answers.File)

    def create_file(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.UploadBody]
    ) -> answers.UploadAnswer:
        """Announce a file, and learn how to upload it."""
        return self._transport.send(
            Call("POST", "/files", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.UploadAnswer,
        )

    def get_file(self, file_id: str) -> answers.FileAnswer:
        """Fetch a file."""
        return self._transport.send(Call("GET", f"/files/{file_id}"), answers.FileAnswer)

    def delete_file(self, file_id: str) -> answers.DeletedAnswer:
        """Delete a file and its bytes."""
        return self._transport.send(Call("DELETE", f"/files/{file_id}"), answers.DeletedAnswer)

    def list_webhooks(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.WebhookList:
        """List endpoints."""
        return self._transport.send(
            Call(
                "GET", "/webhooks", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.WebhookList,
        )

    def iterate_webhooks(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.Webhook]:
        """List endpoints: each, page after page."""
        call = Call(
            "GET", "/webhooks", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.WebhookList, answers.Webhook)

    def create_webhook(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.WebhookBody]
    ) -> answers.WebhookSecretAnswer:
        """Register an endpoint."""
        return self._transport.send(
            Call("POST", "/webhooks", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.WebhookSecretAnswer,
        )

    def get_webhook(self, webhook_id: str) -> answers.WebhookAnswer:
        """Fetch an endpoint."""
        return self._transport.send(Call("GET", f"/webhooks/{webhook_id}"), answers.WebhookAnswer)

    def update_webhook(self, webhook_id: str, **body: Unpack[requests.WebhookPatch]) -> answers.WebhookAnswer:
        """Change an endpoint."""
        return self._transport.send(
            Call("PATCH", f"/webhooks/{webhook_id}", body=body), answers.WebhookAnswer
        )

    def delete_webhook(self, webhook_id: str) -> answers.DeletedAnswer:
        """Remove an endpoint."""
        return self._transport.send(Call("DELETE", f"/webhooks/{webhook_id}"), answers.DeletedAnswer)

    def test_webhook(self, webhook_id: str, *, idempotency_key: str | None = None) -> answers.DeliveryAnswer:
        """Send a test event."""
        return self._transport.send(
            Call("POST", f"/webhooks/{webhook_id}/test", idempotency_key=idempotency_key, repeatable=True),
            answers.DeliveryAnswer,
        )

    def rotate_webhook_secret(
        self, webhook_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.RotateBody]
    ) -> answers.WebhookSecretAnswer:
        """Give an endpoint a new secret."""
        return self._transport.send(
            Call(
                "POST",
                f"/webhooks/{webhook_id}/rotate-secret",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.WebhookSecretAnswer,
        )

    def recover_webhook(
        self, webhook_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.RecoverBody]
    ) -> answers.RecoverAnswer:
        """Send an endpoint's failed deliveries again."""
        return self._transport.send(
            Call(
                "POST",
                f"/webhooks/{webhook_id}/recover",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.RecoverAnswer,
        )

    def list_deliveries(
        self,
        webhook_id: str,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        status: Literal["pending", "succeeded", "failed"] | None = None,
    ) -> answers.DeliveryList:
        """List deliveries."""
        return self._transport.send(
            Call(
                "GET",
                f"/webhooks/{webhook_id}/deliveries",
                query={"limit": limit, "starting_after": starting_after, "order": order, "status": status},
            ),
            answers.DeliveryList,
        )

    def iterate_deliveries(
        self,
        webhook_id: str,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        status: Literal["pending", "succeeded", "failed"] | None = None,
    ) -> Iterator[answers.Delivery]:
        """List deliveries: each, page after page."""
        call = Call(
            "GET",
            f"/webhooks/{webhook_id}/deliveries",
            query={"limit": limit, "starting_after": starting_after, "order": order, "status": status},
        )
        return self._transport.pages(call, answers.DeliveryList, answers.Delivery)

    def get_delivery(self, webhook_id: str, delivery_id: str) -> answers.DeliveryPayloadAnswer:
        """Fetch a delivery with the exact body that is signed."""
        return self._transport.send(
            Call("GET", f"/webhooks/{webhook_id}/deliveries/{delivery_id}"), answers.DeliveryPayloadAnswer
        )

    def replay_delivery(
        self, webhook_id: str, delivery_id: str, *, idempotency_key: str | None = None
    ) -> answers.DeliveryAnswer:
        """Send a delivery again."""
        return self._transport.send(
            Call(
                "POST",
                f"/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.DeliveryAnswer,
        )

    def get_account(self) -> answers.AccountAnswer:
        """Workspace, plan and key."""
        return self._transport.send(Call("GET", "/account"), answers.AccountAnswer)

    def get_usage(self) -> answers.UsageAnswer:
        """Credits and allowances."""
        return self._transport.send(Call("GET", "/account/usage"), answers.UsageAnswer)


class AsyncMemesOperations:
    """Every call of the memes API."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list_images(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        q: str | None = None,
    ) -> answers.AssetList:
        """List images."""
        return await self._transport.send(
            Call(
                "GET",
                "/images",
                query={"limit": limit, "starting_after": starting_after, "order": order, "q": q},
            ),
            answers.AssetList,
        )

    def iterate_images(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        q: str | None = None,
    ) -> AsyncIterator[answers.Asset]:
        """List images: each, page after page."""
        call = Call(
            "GET", "/images", query={"limit": limit, "starting_after": starting_after, "order": order, "q": q}
        )
        return self._transport.pages(call, answers.AssetList, answers.Asset)

    async def create_image(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.ImageBody],
    ) -> answers.GenerationAnswer:
        """Create images."""
        return await self._transport.send(
            Call(
                "POST",
                "/images",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    async def edit_image(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.EditBody],
    ) -> answers.GenerationAnswer:
        """Edit an image."""
        return await self._transport.send(
            Call(
                "POST",
                "/images/edits",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    async def reframe_image(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.ReframeBody],
    ) -> answers.GenerationAnswer:
        """Give an image another aspect ratio."""
        return await self._transport.send(
            Call(
                "POST",
                "/images/reframe",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    async def get_image(self, image_id: str) -> answers.ImageAnswer:
        """Fetch an image."""
        return await self._transport.send(Call("GET", f"/images/{image_id}"), answers.ImageAnswer)

    async def list_memes(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        q: str | None = None,
        exclude_carousel: bool | None = None,
    ) -> answers.AssetList:
        """List memes."""
        return await self._transport.send(
            Call(
                "GET",
                "/memes",
                query={
                    "limit": limit,
                    "starting_after": starting_after,
                    "order": order,
                    "q": q,
                    "exclude_carousel": exclude_carousel,
                },
            ),
            answers.AssetList,
        )

    def iterate_memes(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        q: str | None = None,
        exclude_carousel: bool | None = None,
    ) -> AsyncIterator[answers.Asset]:
        """List memes: each, page after page."""
        call = Call(
            "GET",
            "/memes",
            query={
                "limit": limit,
                "starting_after": starting_after,
                "order": order,
                "q": q,
                "exclude_carousel": exclude_carousel,
            },
        )
        return self._transport.pages(call, answers.AssetList, answers.Asset)

    async def create_meme(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.MemeBody],
    ) -> answers.GenerationAnswer:
        """Create memes."""
        return await self._transport.send(
            Call(
                "POST",
                "/memes",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    async def get_meme(self, meme_id: str) -> answers.MemeAnswer:
        """Fetch a meme."""
        return await self._transport.send(Call("GET", f"/memes/{meme_id}"), answers.MemeAnswer)

    async def delete_meme(self, meme_id: str) -> answers.DeletedAnswer:
        """Delete a meme."""
        return await self._transport.send(Call("DELETE", f"/memes/{meme_id}"), answers.DeletedAnswer)

    async def get_lineage(self, meme_id: str) -> answers.LineageAnswer:
        """Trace a meme's family."""
        return await self._transport.send(Call("GET", f"/memes/{meme_id}/lineage"), answers.LineageAnswer)

    async def list_videos(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.GenerationList:
        """List videos."""
        return await self._transport.send(
            Call("GET", "/videos", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.GenerationList,
        )

    def iterate_videos(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.Generation]:
        """List videos: each, page after page."""
        call = Call(
            "GET", "/videos", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.GenerationList, answers.Generation)

    async def create_video(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.VideoBody],
    ) -> answers.GenerationAnswer:
        """Create a video."""
        return await self._transport.send(
            Call(
                "POST",
                "/videos",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    async def animate_image(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.AnimateBody],
    ) -> answers.GenerationAnswer:
        """Animate an image."""
        return await self._transport.send(
            Call(
                "POST",
                "/videos/animate",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    async def get_video(self, video_id: str) -> answers.GenerationAnswer:
        """Fetch a video."""
        return await self._transport.send(Call("GET", f"/videos/{video_id}"), answers.GenerationAnswer)

    async def delete_video(self, video_id: str) -> answers.DeletedVideoAnswer:
        """Delete a video."""
        return await self._transport.send(Call("DELETE", f"/videos/{video_id}"), answers.DeletedVideoAnswer)

    async def plan_carousel(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.PlanBody]
    ) -> answers.PlanAnswer:
        """Plan a carousel."""
        return await self._transport.send(
            Call("POST", "/carousels/plan", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.PlanAnswer,
        )

    async def list_carousels(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.CarouselList:
        """List carousels."""
        return await self._transport.send(
            Call(
                "GET", "/carousels", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.CarouselList,
        )

    def iterate_carousels(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.CarouselSet]:
        """List carousels: each, page after page."""
        call = Call(
            "GET", "/carousels", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.CarouselList, answers.CarouselSet)

    async def create_carousel(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.CarouselBody]
    ) -> answers.CarouselAnswer:
        """Render a carousel."""
        return await self._transport.send(
            Call("POST", "/carousels", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.CarouselAnswer,
        )

    async def get_carousel(self, carousel_id: str) -> answers.CarouselAnswer:
        """Fetch a carousel."""
        return await self._transport.send(Call("GET", f"/carousels/{carousel_id}"), answers.CarouselAnswer)

    async def delete_carousel(self, carousel_id: str) -> answers.DeletedAnswer:
        """Delete a carousel."""
        return await self._transport.send(Call("DELETE", f"/carousels/{carousel_id}"), answers.DeletedAnswer)

    async def create_storyboard(
        self,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
        **body: Unpack[requests.StoryboardBody],
    ) -> answers.GenerationAnswer:
        """Create a storyboard."""
        return await self._transport.send(
            Call(
                "POST",
                "/storyboards",
                body=body,
                wait_seconds=wait_seconds,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    async def get_storyboard(self, storyboard_id: str) -> answers.GenerationAnswer:
        """Fetch a storyboard."""
        return await self._transport.send(
            Call("GET", f"/storyboards/{storyboard_id}"), answers.GenerationAnswer
        )

    async def list_brand_kits(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.BrandKitList:
        """List brand kits."""
        return await self._transport.send(
            Call(
                "GET", "/brand-kits", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.BrandKitList,
        )

    def iterate_brand_kits(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.BrandKit]:
        """List brand kits: each, page after page."""
        call = Call(
            "GET", "/brand-kits", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.BrandKitList, answers.BrandKit)

    async def create_brand_kit(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.BrandKitBody]
    ) -> answers.BrandKitAnswer:
        """Create a brand kit."""
        return await self._transport.send(
            Call("POST", "/brand-kits", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.BrandKitAnswer,
        )

    async def analyze_url(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.AnalyzeBody]
    ) -> answers.WebsiteAnswer:
        """Read a brand's profile from its website."""
        return await self._transport.send(
            Call(
                "POST", "/brand-kits/analyze-url", body=body, idempotency_key=idempotency_key, repeatable=True
            ),
            answers.WebsiteAnswer,
        )

    async def get_brand_kit(self, kit_id: str) -> answers.BrandKitAnswer:
        """Fetch a brand kit."""
        return await self._transport.send(Call("GET", f"/brand-kits/{kit_id}"), answers.BrandKitAnswer)

    async def update_brand_kit(
        self, kit_id: str, **body: Unpack[requests.BrandKitPatch]
    ) -> answers.BrandKitAnswer:
        """Change a brand kit."""
        return await self._transport.send(
            Call("PATCH", f"/brand-kits/{kit_id}", body=body), answers.BrandKitAnswer
        )

    async def delete_brand_kit(self, kit_id: str) -> answers.DeletedAnswer:
        """Delete a brand kit."""
        return await self._transport.send(Call("DELETE", f"/brand-kits/{kit_id}"), answers.DeletedAnswer)

    async def set_default_brand_kit(
        self, kit_id: str, *, idempotency_key: str | None = None
    ) -> answers.BrandKitAnswer:
        """Make a brand kit the default one."""
        return await self._transport.send(
            Call(
                "POST", f"/brand-kits/{kit_id}/set-default", idempotency_key=idempotency_key, repeatable=True
            ),
            answers.BrandKitAnswer,
        )

    async def set_brand_kit_logo(
        self, kit_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.PictureBody]
    ) -> answers.BrandKitAnswer:
        """Upload or replace a logo."""
        return await self._transport.send(
            Call(
                "POST",
                f"/brand-kits/{kit_id}/logo",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.BrandKitAnswer,
        )

    async def delete_brand_kit_logo(self, kit_id: str) -> answers.BrandKitAnswer:
        """Remove a logo."""
        return await self._transport.send(
            Call("DELETE", f"/brand-kits/{kit_id}/logo"), answers.BrandKitAnswer
        )

    async def add_product_reference(
        self, kit_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.PictureBody]
    ) -> answers.ProductReferenceAnswer:
        """Add a product reference."""
        return await self._transport.send(
            Call(
                "POST",
                f"/brand-kits/{kit_id}/product-references",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.ProductReferenceAnswer,
        )

    async def delete_product_reference(self, kit_id: str, reference_id: str) -> answers.BrandKitAnswer:
        """Remove a product reference."""
        return await self._transport.send(
            Call("DELETE", f"/brand-kits/{kit_id}/product-references/{reference_id}"), answers.BrandKitAnswer
        )

    async def enhance_prompt(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.EnhanceBody]
    ) -> answers.EnhancedAnswer:
        """Enhance a prompt."""
        return await self._transport.send(
            Call("POST", "/prompts/enhance", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.EnhancedAnswer,
        )

    async def list_generations(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        type: list[Literal["meme", "image", "edit", "reframe", "video", "carousel", "storyboard"]]
        | None = None,
        status: list[Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"]]
        | None = None,
    ) -> answers.GenerationList:
        """List jobs."""
        return await self._transport.send(
            Call(
                "GET",
                "/generations",
                query={
                    "limit": limit,
                    "starting_after": starting_after,
                    "order": order,
                    "type": type,
                    "status": status,
                },
            ),
            answers.GenerationList,
        )

    def iterate_generations(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        type: list[Literal["meme", "image", "edit", "reframe", "video", "carousel", "storyboard"]]
        | None = None,
        status: list[Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"]]
        | None = None,
    ) -> AsyncIterator[answers.Generation]:
        """List jobs: each, page after page."""
        call = Call(
            "GET",
            "/generations",
            query={
                "limit": limit,
                "starting_after": starting_after,
                "order": order,
                "type": type,
                "status": status,
            },
        )
        return self._transport.pages(call, answers.GenerationList, answers.Generation)

    async def get_generation(self, generation_id: str) -> answers.GenerationAnswer:
        """Poll a job."""
        return await self._transport.send(
            Call("GET", f"/generations/{generation_id}"), answers.GenerationAnswer
        )

    async def cancel_generation(
        self, generation_id: str, *, idempotency_key: str | None = None
    ) -> answers.GenerationAnswer:
        """Cancel a job."""
        return await self._transport.send(
            Call(
                "POST",
                f"/generations/{generation_id}/cancel",
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.GenerationAnswer,
        )

    async def list_files(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.FileList:
        """List files."""
        return await self._transport.send(
            Call("GET", "/files", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.FileList,
        )

    def iterate_files(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.File]:
        """List files: each, page after page."""
        call = Call("GET", "/files", query={"limit": limit, "starting_after": starting_after, "order": order})
        return self._transport.pages(call, answers.FileList, answers.File)

    async def create_file(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.UploadBody]
    ) -> answers.UploadAnswer:
        """Announce a file, and learn how to upload it."""
        return await self._transport.send(
            Call("POST", "/files", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.UploadAnswer,
        )

    async def get_file(self, file_id: str) -> answers.FileAnswer:
        """Fetch a file."""
        return await self._transport.send(Call("GET", f"/files/{file_id}"), answers.FileAnswer)

    async def delete_file(self, file_id: str) -> answers.DeletedAnswer:
        """Delete a file and its bytes."""
        return await self._transport.send(Call("DELETE", f"/files/{file_id}"), answers.DeletedAnswer)

    async def list_webhooks(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.WebhookList:
        """List endpoints."""
        return await self._transport.send(
            Call(
                "GET", "/webhooks", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.WebhookList,
        )

    def iterate_webhooks(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.Webhook]:
        """List endpoints: each, page after page."""
        call = Call(
            "GET", "/webhooks", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.WebhookList, answers.Webhook)

    async def create_webhook(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.WebhookBody]
    ) -> answers.WebhookSecretAnswer:
        """Register an endpoint."""
        return await self._transport.send(
            Call("POST", "/webhooks", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.WebhookSecretAnswer,
        )

    async def get_webhook(self, webhook_id: str) -> answers.WebhookAnswer:
        """Fetch an endpoint."""
        return await self._transport.send(Call("GET", f"/webhooks/{webhook_id}"), answers.WebhookAnswer)

    async def update_webhook(
        self, webhook_id: str, **body: Unpack[requests.WebhookPatch]
    ) -> answers.WebhookAnswer:
        """Change an endpoint."""
        return await self._transport.send(
            Call("PATCH", f"/webhooks/{webhook_id}", body=body), answers.WebhookAnswer
        )

    async def delete_webhook(self, webhook_id: str) -> answers.DeletedAnswer:
        """Remove an endpoint."""
        return await self._transport.send(Call("DELETE", f"/webhooks/{webhook_id}"), answers.DeletedAnswer)

    async def test_webhook(
        self, webhook_id: str, *, idempotency_key: str | None = None
    ) -> answers.DeliveryAnswer:
        """Send a test event."""
        return await self._transport.send(
            Call("POST", f"/webhooks/{webhook_id}/test", idempotency_key=idempotency_key, repeatable=True),
            answers.DeliveryAnswer,
        )

    async def rotate_webhook_secret(
        self, webhook_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.RotateBody]
    ) -> answers.WebhookSecretAnswer:
        """Give an endpoint a new secret."""
        return await self._transport.send(
            Call(
                "POST",
                f"/webhooks/{webhook_id}/rotate-secret",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.WebhookSecretAnswer,
        )

    async def recover_webhook(
        self, webhook_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.RecoverBody]
    ) -> answers.RecoverAnswer:
        """Send an endpoint's failed deliveries again."""
        return await self._transport.send(
            Call(
                "POST",
                f"/webhooks/{webhook_id}/recover",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.RecoverAnswer,
        )

    async def list_deliveries(
        self,
        webhook_id: str,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        status: Literal["pending", "succeeded", "failed"] | None = None,
    ) -> answers.DeliveryList:
        """List deliveries."""
        return await self._transport.send(
            Call(
                "GET",
                f"/webhooks/{webhook_id}/deliveries",
                query={"limit": limit, "starting_after": starting_after, "order": order, "status": status},
            ),
            answers.DeliveryList,
        )

    def iterate_deliveries(
        self,
        webhook_id: str,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        status: Literal["pending", "succeeded", "failed"] | None = None,
    ) -> AsyncIterator[answers.Delivery]:
        """List deliveries: each, page after page."""
        call = Call(
            "GET",
            f"/webhooks/{webhook_id}/deliveries",
            query={"limit": limit, "starting_after": starting_after, "order": order, "status": status},
        )
        return self._transport.pages(call, answers.DeliveryList, answers.Delivery)

    async def get_delivery(self, webhook_id: str, delivery_id: str) -> answers.DeliveryPayloadAnswer:
        """Fetch a delivery with the exact body that is signed."""
        return await self._transport.send(
            Call("GET", f"/webhooks/{webhook_id}/deliveries/{delivery_id}"), answers.DeliveryPayloadAnswer
        )

    async def replay_delivery(
        self, webhook_id: str, delivery_id: str, *, idempotency_key: str | None = None
    ) -> answers.DeliveryAnswer:
        """Send a delivery again."""
        return await self._transport.send(
            Call(
                "POST",
                f"/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.DeliveryAnswer,
        )

    async def get_account(self) -> answers.AccountAnswer:
        """Workspace, plan and key."""
        return await self._transport.send(Call("GET", "/account"), answers.AccountAnswer)

    async def get_usage(self) -> answers.UsageAnswer:
        """Credits and allowances."""
        return await self._transport.send(Call("GET", "/account/usage"), answers.UsageAnswer)
