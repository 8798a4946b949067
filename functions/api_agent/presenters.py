"""Domain objects in the contract's words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from api_agent.words import PRODUCTS, STATUSES
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.catalog.offers import Lifecycle, Offer, Units
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.http.links import Links
from darkroom.http.waiting import failure_text
from darkroom.services.accounts.exchange_identity import LIFETIME, Granted
from darkroom.services.billing.estimate import Quote

type Json = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """A time in UTC and whole seconds."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def balance(wallet: Wallet, price_version: str) -> Json:
    """The wallet of the key's mode: ``balance`` can be spent now, ``held`` is reserved for open tasks."""
    return {
        "balance": wallet.available,
        "held": wallet.held,
        "spent": wallet.spent,
        "livemode": wallet.owner.livemode,
        "price_version": price_version,
    }


def estimate(quote: Quote, wallet: Wallet, price_version: str) -> Json:
    """What a request would be charged, and for which units."""
    return {
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
        "status": quote.lifecycle.value,
        "replacement": quote.offer.replacement,
    }


def model(offer: Offer, lifecycle: Lifecycle) -> Json:
    """One row of the price list."""
    takes, product = offer.capabilities, PRODUCTS[offer.feature]
    sources = [*(["text"] if takes.from_text else []), *(["image"] if takes.max_images else [])]
    return {
        "id": offer.model,
        "product": product,
        "price": offer.price,
        "notes": offer.notes,
        "prices": _prices(offer),
        "capabilities": {
            "tasks": [f"{source}-to-{product}" for source in sources],
            "counts": list(takes.counts),
            "resolutions": list(takes.resolutions),
            "durations": sorted(takes.durations),
            "aspect_ratios": list(takes.aspect_ratios),
            "max_input_images": takes.max_images,
        },
        "status": lifecycle.value,
        "deprecated_at": moment(offer.deprecated_at),
        "sunset": moment(offer.retires_at),
        "replacement": offer.replacement,
    }


def accepted(job: Job) -> Json:
    """The answer to a request for outputs: the four members of the contract."""
    return {
        "task_id": job.id,
        "provider_task_id": _provider_task_id(job),
        "status": STATUSES[job.status],
        "usage_event_id": _usage_event_id(job),
    }


def task(job: Job, links: Links) -> Json:
    """A task as it stands. ``credits_held`` are reserved until it ends; what then was not charged is free again."""
    made = [one.asset for one in job.succeeded_tasks if one.asset is not None]
    failure = job.failure if job.status in (JobStatus.FAILED, JobStatus.PARTIAL) else None
    return {
        **accepted(job),
        "product": PRODUCTS[job.feature],
        "model": job.model,
        "outputs": [links.file(asset.storage_key) for asset in made],
        "credits_held": 0 if job.terminal else job.held,
        "credits_charged": job.charged if job.terminal else 0,
        "error": failure.value if failure else None,
        "error_message": failure_text(job) if failure else None,
        "created_at": moment(job.created_at),
        "completed_at": moment(job.completed_at),
    }


def access(granted: Granted) -> Json:
    """An access token, shown once."""
    return {
        "access_token": granted.token,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "expires_at": moment(granted.expires_at),
    }


def _prices(offer: Offer) -> Sequence[Json]:
    takes = offer.capabilities
    inputs = [*([False] if takes.from_text else []), *([True] if takes.max_images else [])]
    return [
        {
            "resolution": resolution or None,
            "image_input": image_input,
            "credits": offer.price_for(Units(resolution, image_input)),
        }
        for resolution in takes.resolutions or ("",)
        for image_input in inputs
    ]


def _provider_task_id(job: Job) -> str:
    """The name under which the first output's work is known to whoever makes it; known from the start."""
    return job.tasks[0].id


def _usage_event_id(job: Job) -> str:
    """The ledger entry that reserved the credits."""
    return f"{job.id}#hold"
