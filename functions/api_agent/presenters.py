"""Domain objects in the contract's words. Pure."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.catalog.offers import Lifecycle, Offer, Units
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.times import utc_text
from darkroom.http.links import Links
from darkroom.http.waiting import failure_text
from darkroom.services.accounts.exchange_identity import LIFETIME, Granted
from darkroom.services.billing.estimate import Quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api_agent import resources
    from api_agent.requests import Product

PRODUCTS: Mapping[Feature, Product] = {
    Feature.IMAGES: "image",
    Feature.VIDEO: "video",
    Feature.MUSIC: "music",
}
STATUSES: Mapping[JobStatus, resources.Status] = {
    JobStatus.QUEUED: "pending",
    JobStatus.PROCESSING: "processing",
    JobStatus.SUCCEEDED: "completed",
    JobStatus.PARTIAL: "partial",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELED: "canceled",
}


def balance_answer(wallet: Wallet, price_version: str) -> resources.BalanceAnswer:
    """The wallet of the key's mode: ``balance`` can be spent now, ``held`` is reserved for open tasks."""
    data: resources.Balance = {
        "balance": wallet.available,
        "held": wallet.held,
        "spent": wallet.spent,
        "livemode": wallet.owner.livemode,
        "price_version": price_version,
    }
    return {"code": 0, "message": "ok", "data": data}


def estimate_answer(quote: Quote, wallet: Wallet, price_version: str) -> resources.EstimateAnswer:
    """What a request would be charged, and for which units."""
    data: resources.Estimated = {
        "product": PRODUCTS[quote.offer.feature],
        "model": quote.offer.model,
        "units": {
            "count": quote.count,
            "resolution": quote.resolution,
            "duration": quote.duration,
            "aspect_ratio": quote.aspect_ratio,
        },
        "image_input": quote.units.image_input,
        "credits": quote.credits,
        "credits_per_output": quote.unit_price,
        "price_version": price_version,
        "available": wallet.available,
        "sufficient": wallet.available >= quote.credits,
        "status": quote.lifecycle,
        "replacement": quote.offer.replacement,
    }
    return {"code": 0, "message": "ok", "data": data}


def models_answer(listed: Sequence[tuple[Offer, Lifecycle]], price_version: str) -> resources.ModelsAnswer:
    """Every model with its prices and lifecycle, the retired ones too."""
    models = [_model(offer, lifecycle) for offer, lifecycle in listed]
    return {"code": 0, "message": "ok", "data": {"price_version": price_version, "models": models}}


def lifecycle_headers(offer: Offer, list_url: str) -> dict[str, str]:
    """Announces a model's end: ``Deprecation`` (RFC 9745), ``Sunset`` (RFC 8594) and ``Link``."""
    headers = {"Link": f'<{list_url}>; rel="deprecation"'}
    if offer.replacement:
        headers["Link"] += f', <{list_url}#{percent_encoded(offer.replacement)}>; rel="successor-version"'
    if since := offer.deprecated_at or offer.retires_at:
        headers["Deprecation"] = f"@{int(since.timestamp())}"
    if offer.retires_at:
        headers["Sunset"] = format_datetime(offer.retires_at, usegmt=True)
    return headers


def generate_answer(job: Job) -> resources.GenerateAnswer:
    """A request that was taken: the four members of the contract."""
    return {"code": 0, "message": "ok", "data": _accepted(job)}


def task_answer(job: Job, links: Links) -> resources.TaskAnswer:
    """A task as it stands. ``credits_held`` are reserved until it ends; what then was not charged is free again."""
    outputs = [task.asset for task in job.succeeded_tasks if task.asset is not None]
    failure = job.failure if job.status in (JobStatus.FAILED, JobStatus.PARTIAL) else None
    data: resources.Task = {
        **_accepted(job),
        "product": PRODUCTS[job.feature],
        "model": job.model,
        "outputs": [links.file(asset.storage_key) for asset in outputs],
        "credits_held": 0 if job.terminal else job.held,
        "credits_charged": job.charged if job.terminal else 0,
        "error": failure,
        "error_message": failure_text(job) if failure else None,
        "created_at": utc_text(job.created_at),
        "completed_at": utc_text(job.completed_at),
    }
    return {"code": 0, "message": "ok", "data": data}


def access_answer(access: Granted) -> resources.AccessAnswer:
    """An access token, shown once."""
    data: resources.Access = {
        "access_token": access.token,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "expires_at": utc_text(access.expires_at),
    }
    return {"code": 0, "message": "ok", "data": data}


def _model(offer: Offer, lifecycle: Lifecycle) -> resources.Model:
    capabilities, product = offer.capabilities, PRODUCTS[offer.feature]
    sources = [
        *(["text"] if capabilities.from_text else []),
        *(["image"] if capabilities.max_images else []),
    ]
    return {
        "id": offer.model,
        "product": product,
        "price": offer.price,
        "notes": offer.notes,
        "prices": _prices(offer),
        "capabilities": {
            "tasks": [f"{source}-to-{product}" for source in sources],
            "counts": list(capabilities.counts),
            "resolutions": list(capabilities.resolutions),
            "durations": sorted(capabilities.durations),
            "aspect_ratios": list(capabilities.aspect_ratios),
            "max_input_images": capabilities.max_images,
        },
        "status": lifecycle,
        "deprecated_at": utc_text(offer.deprecated_at),
        "sunset": utc_text(offer.retires_at),
        "replacement": offer.replacement,
    }


def _prices(offer: Offer) -> list[resources.Price]:
    capabilities = offer.capabilities
    inputs = [
        *([False] if capabilities.from_text else []),
        *([True] if capabilities.max_images else []),
    ]
    return [
        {
            "resolution": resolution or None,
            "image_input": image_input,
            "credits": offer.price_for(Units(resolution, image_input)),
        }
        for resolution in capabilities.resolutions or ("",)
        for image_input in inputs
    ]


def _accepted(job: Job) -> resources.Accepted:
    """``provider_task_id`` is the first output's task, under the id its engine knows; it never changes."""
    return {
        "task_id": job.id,
        "provider_task_id": job.tasks[0].id,
        "status": STATUSES[job.status],
        "usage_event_id": f"{job.id}#hold",  # the ledger entry that reserved the credits
    }
