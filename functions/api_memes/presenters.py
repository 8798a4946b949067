"""Domain objects in the contract's words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from darkroom.domain.accounts.workspaces import Feature, Workspace
from darkroom.domain.billing.ledger import Wallet, next_reset
from darkroom.domain.carousels.slide_view import slide_views
from darkroom.domain.jobs.spec import CarouselSpec
from darkroom.domain.times import utc_text
from darkroom.domain.webhooks.deliveries import Attempt, Delivery
from darkroom.domain.webhooks.endpoints import SUBSCRIBABLE, Endpoint, EndpointWithSecret
from darkroom.http import files
from darkroom.http.generations import asset, generation

if TYPE_CHECKING:
    from datetime import datetime

    from api_memes import resources
    from api_memes.resources import Enveloped
    from darkroom.domain.brands.brand_kit import BrandKit, KitPicture
    from darkroom.domain.carousels.plan import CarouselPlan
    from darkroom.domain.files.file import File
    from darkroom.domain.files.uploads import FileUpload
    from darkroom.domain.jobs.assets import Asset
    from darkroom.domain.jobs.job import Job
    from darkroom.domain.jobs.lineage import Lineage
    from darkroom.domain.jobs.spec import Slide
    from darkroom.domain.paging import Page
    from darkroom.domain.webhooks.deliveries import AttemptError
    from darkroom.http.links import Links
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.brands.analyze_website import WebsiteAnalysis
    from darkroom.services.jobs.delete_job import Deletion


def usage(wallet: Wallet, now: datetime, *, used: int, settled: int) -> resources.Usage:
    """The usage block. ``settled`` credits were spent since the wallet was read."""
    return {
        "credits_used": used,
        "credits_remaining": wallet.remaining - settled,
        "interval": "rolling_30_days",
        "reset_at": utc_text(next_reset(now)),
    }


def generation_list(page: Page[Job], links: Links, envelope: Enveloped) -> resources.GenerationList:
    """A page of generations."""
    data = [generation(job, links) for job in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor, **envelope}


def asset_list(page: Page[Asset], links: Links, envelope: Enveloped) -> resources.AssetList:
    """A page of images or memes."""
    data = [asset(item, links) for item in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor, **envelope}


def image_answer(image: Asset, links: Links, envelope: Enveloped) -> resources.ImageAnswer:
    """One image."""
    return {"image": asset(image, links), **envelope}


def meme_answer(meme: Asset, links: Links, envelope: Enveloped) -> resources.MemeAnswer:
    """One meme."""
    return {"meme": asset(meme, links), **envelope}


def lineage_answer(lineage: Lineage, links: Links, envelope: Enveloped) -> resources.LineageAnswer:
    """A meme's family."""
    data = [_relative(member, links) for member in lineage.members]
    return {"root_id": lineage.root.id, "data": data, "has_more": not lineage.complete, **envelope}


def brand_kit_answer(kit: BrandKit, links: Links, envelope: Enveloped) -> resources.BrandKitAnswer:
    """One brand kit."""
    return {"brand_kit": _brand_kit(kit, links), **envelope}


def product_reference_answer(
    kit: BrandKit, links: Links, envelope: Enveloped
) -> resources.ProductReferenceAnswer:
    """A brand kit with the product that was added to it, its last one."""
    added = _kit_picture(kit.products[-1], links)
    return {"product_reference": added, "brand_kit": _brand_kit(kit, links), **envelope}


def brand_kit_list(page: Page[BrandKit], links: Links, envelope: Enveloped) -> resources.BrandKitList:
    """A page of brand kits."""
    data = [_brand_kit(kit, links) for kit in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor, **envelope}


def website_answer(url: str, analysis: WebsiteAnalysis, envelope: Enveloped) -> resources.WebsiteAnswer:
    """What the website at ``url`` says of its brand."""
    profile, page = analysis.profile, analysis.page
    return {
        "company_name": profile.company_name,
        "industry": profile.industry,
        "tone_of_voice": profile.tone_of_voice,
        "brand_colors": list(profile.brand_colors),
        "target_audience": profile.target_audience,
        "website_url": page.url or url,
        "website_context": profile.website_context,
        "title": page.title or None,
        "description": page.description or None,
        "fonts": list(page.fonts),
        "logo_candidates": list(page.logos),
        "product_candidates": list(page.pictures),
        "model": "forge-copy-fast",
        **envelope,
    }


def enhanced_answer(original: str, enhanced: str, envelope: Enveloped) -> resources.EnhancedAnswer:
    """A prompt, enhanced."""
    return {"enhanced_prompt": enhanced, "original_prompt": original, "model": "forge-prompt", **envelope}


def account_answer(caller: Caller, envelope: Enveloped) -> resources.AccountAnswer:
    """The workspace as the key sees it, and the key without its secret."""
    workspace, key = caller.workspace, caller.key
    account: resources.Account = {
        "id": workspace.id,
        "object": "account",
        "name": workspace.name,
        "plan": workspace.plan,
        "livemode": key.owner.livemode,
        "key": {
            "id": key.id,
            "prefix": key.prefix,
            "name": key.name,
            "scopes": sorted(key.scopes),
            "expires_at": utc_text(key.expires_at),
        },
        "created_at": utc_text(workspace.created_at),
    }
    return {"account": account, **envelope}


def usage_answer(caller: Caller, now: datetime, envelope: Enveloped) -> resources.UsageAnswer:
    """Plan, credits and the features' thirty-day allowances. The contract has two of them."""
    workspace, wallet = caller.workspace, caller.wallet
    return {
        "plan": workspace.plan,
        "credits_remaining": wallet.remaining,
        "intervals": {
            "images": _allowance(Feature.IMAGES, workspace, wallet, now),
            "video": _allowance(Feature.VIDEO, workspace, wallet, now),
        },
        **envelope,
    }


def upload_answer(
    requested: FileUpload, links: Links, now: datetime, envelope: Enveloped
) -> resources.UploadAnswer:
    """A new file and how to upload it."""
    return {**files.upload_answer(requested, links, now), **envelope}


def file_answer(shown: File, links: Links, now: datetime, envelope: Enveloped) -> resources.FileAnswer:
    """One file."""
    return {"file": files.file(shown, links, now), **envelope}


def file_list(page: Page[File], links: Links, now: datetime, envelope: Enveloped) -> resources.FileList:
    """A page of files."""
    data = [files.file(item, links, now) for item in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor, **envelope}


def webhook_answer(endpoint: Endpoint, envelope: Enveloped) -> resources.WebhookAnswer:
    """One webhook endpoint, without its secret."""
    return {"webhook": _webhook(endpoint), **envelope}


def webhook_secret_answer(change: EndpointWithSecret, envelope: Enveloped) -> resources.WebhookSecretAnswer:
    """One webhook endpoint with its new secret."""
    return {"webhook": {**_webhook(change.endpoint), "secret": change.secret}, **envelope}


def webhook_list(page: Page[Endpoint], envelope: Enveloped) -> resources.WebhookList:
    """A page of webhook endpoints."""
    data = [_webhook(endpoint) for endpoint in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor, **envelope}


def deleted_answer(object_id: str, envelope: Enveloped) -> resources.DeletedAnswer:
    """An object that was deleted."""
    return {"deleted": True, "id": object_id, **envelope}


def plan_answer(plan: CarouselPlan, envelope: Enveloped) -> resources.PlanAnswer:
    """A carousel's plan."""
    shown: resources.Plan = {
        "id": plan.id,
        "object": "carousel_plan",
        "concept_title": plan.concept_title,
        "viral_mechanic": plan.viral_mechanic,
        "audience": plan.audience,
        "cta": plan.cta,
        "goal": plan.goal,
        "platform": plan.platform,
        "aspect_ratio": plan.aspect_ratio,
        "slides": [_planned(slide, index) for index, slide in enumerate(plan.slides)],
        "created_at": utc_text(plan.created_at),
        "expires_at": utc_text(plan.kept_until),
    }
    return {"plan": shown, "model": "forge-plan", **envelope}


def carousel_answer(job: Job, links: Links, envelope: Enveloped) -> resources.CarouselAnswer:
    """One carousel with its slides."""
    return {"carousel_set": _carousel(job, links), **envelope}


def carousel_list(page: Page[Job], links: Links, envelope: Enveloped) -> resources.CarouselList:
    """A page of carousels with their slides."""
    data = [_carousel(job, links) for job in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor, **envelope}


def deleted_video_answer(deletion: Deletion, envelope: Enveloped) -> resources.DeletedVideoAnswer:
    """A deleted video, and what became of its credits."""
    refund = cast("resources.Refund", deletion.refund.value)
    return {
        "deleted": True,
        "id": deletion.job.id,
        "credits_refunded": deletion.credits,
        "refund": refund,
        **envelope,
    }


def delivery_answer(delivery: Delivery, envelope: Enveloped) -> resources.DeliveryAnswer:
    """One delivery."""
    return {"delivery": _delivery(delivery), **envelope}


def delivery_payload_answer(delivery: Delivery, envelope: Enveloped) -> resources.DeliveryPayloadAnswer:
    """One delivery with the exact body that is signed."""
    return {"delivery": {**_delivery(delivery), "payload": delivery.payload}, **envelope}


def delivery_list(page: Page[Delivery], envelope: Enveloped) -> resources.DeliveryList:
    """A page of deliveries."""
    data = [_delivery(delivery) for delivery in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor, **envelope}


def recover_answer(queued: int, envelope: Enveloped) -> resources.RecoverAnswer:
    """How many deliveries are sent again."""
    return {"queued": queued, **envelope}


def _carousel(job: Job, links: Links) -> resources.CarouselSet:
    spec = job.spec_as(CarouselSpec)
    return {
        "id": job.id,
        "object": "carousel_set",
        "status": job.status,
        "model": job.model,
        "plan_id": spec.plan_id,
        "concept_title": spec.concept_title,
        "viral_mechanic": spec.viral_mechanic,
        "audience": spec.audience,
        "cta": spec.cta,
        "aspect_ratio": spec.aspect_ratio,
        "slide_count": len(job.tasks),
        "completed_count": len(job.succeeded_tasks),
        "failed_count": len(job.failed_tasks),
        "slides": [
            _slide(view, slide, links) for view, slide in zip(slide_views(job), spec.slides, strict=True)
        ],
        "created_at": utc_text(job.created_at),
        "completed_at": utc_text(job.completed_at),
    }


def _slide(view: Job, slide: Slide, links: Links) -> resources.CarouselSlide:
    shown = generation(view, links)
    return {
        **_planned(slide, view.tasks[0].index),
        "id": shown["id"],
        "status": shown["status"],
        "asset": shown["output"][0] if shown["output"] else None,
        "error": shown["error"],
    }


def _planned(slide: Slide, index: int) -> resources.PlannedSlide:
    return {
        "slide_index": index,
        "role": slide.role,
        "on_image_text": slide.on_image_text,
        "visual_direction": slide.visual_direction,
    }


def _relative(member: Asset, links: Links) -> resources.Relative:
    deleted = member.deleted_at is not None
    shown = asset(member, links)
    return {**shown, "url": None if deleted else shown["url"], "deleted": deleted}


def _brand_kit(kit: BrandKit, links: Links) -> resources.BrandKit:
    logo = _kit_picture(kit.logo, links) if kit.logo else None
    return {
        "id": kit.id,
        "object": "brand_kit",
        "name": kit.name,
        "company_name": kit.company_name,
        "industry": kit.industry,
        "tone_of_voice": kit.tone_of_voice,
        "brand_colors": list(kit.brand_colors),
        "target_audience": kit.target_audience,
        "website_url": kit.website_url,
        "website_context": kit.website_context,
        "auto_attach_product_references": kit.auto_attach_product_references,
        "logo": logo,
        "logo_url": logo["url"] if logo else None,
        "product_references": [_kit_picture(one, links) for one in kit.products],
        "is_default": kit.is_default,
        "created_at": utc_text(kit.created_at),
        "updated_at": utc_text(kit.updated_at),
    }


def _kit_picture(picture: KitPicture, links: Links) -> resources.KitPicture:
    return {
        "id": picture.id,
        "asset_id": picture.asset_id,
        "url": links.file(picture.storage_key),
        "aspect_ratio": picture.aspect_ratio,
        "created_at": utc_text(picture.created_at),
    }


def _webhook(endpoint: Endpoint) -> resources.Webhook:
    events = [event for event in SUBSCRIBABLE if event in endpoint.events]
    return {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "url": endpoint.url,
        "events": cast("list[resources.Subscribable]", events),
        "enabled": endpoint.enabled,
        "description": endpoint.description,
        "livemode": endpoint.owner.livemode,
        "created_at": utc_text(endpoint.created_at),
        "disabled_reason": endpoint.disabled_reason,
    }


def _delivery(delivery: Delivery) -> resources.Delivery:
    return {
        "id": delivery.id,
        "object": "webhook_delivery",
        "webhook_id": delivery.endpoint_id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "status": delivery.status,
        "failure": delivery.failure,
        "attempts": [_attempt(attempt) for attempt in delivery.attempts],
        "next_attempt_at": utc_text(delivery.next_attempt_at),
        "created_at": utc_text(delivery.created_at),
    }


def _attempt(attempt: Attempt) -> resources.Attempt:
    return {
        "at": utc_text(attempt.at),
        "status": attempt.status,
        "duration_ms": attempt.duration_ms,
        "error": cast("AttemptError | None", attempt.error),
        "explanation": attempt.explanation,
        "response": attempt.response,
    }


def _allowance(feature: Feature, workspace: Workspace, wallet: Wallet, now: datetime) -> resources.Allowance:
    limit, used = workspace.allowance(feature), wallet.used_in_window(feature, now.date())
    return {
        "limit": limit,
        "used": used,
        "remaining": max(limit - used, 0),
        "interval": "rolling_30_days",
        "reset_at": utc_text(next_reset(now)),
    }
