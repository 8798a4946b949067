"""Parsed bodies as what the services take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from api_platform.requests import Allowances, KeyBudget, NewGrant, NewKey, NewManifest
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.errors import InvalidParam, MissingParam
from darkroom.domain.renders.names import encoding
from darkroom.domain.usage.reports import Dimension, days_between
from darkroom.http.paging import page_request
from darkroom.http.params import choices, day
from darkroom.services.accounts.api_keys import KeyRequest, NewBudget
from darkroom.wiring import container

if TYPE_CHECKING:
    from datetime import date

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.manifests.manifest import Order
    from darkroom.domain.paging import PageRequest
    from darkroom.domain.usage.reports import Days


GROUP_ID = 300  # letters of what names a part of a report


def key(body: NewKey) -> KeyRequest:
    """A key to mint."""
    return KeyRequest(
        name=body.name,
        dialect=body.dialect,
        livemode=body.livemode,
        scopes=None if body.scopes is None else frozenset(body.scopes),
        expires_at=body.expires_at,
        requests_per_minute=body.requests_per_minute,
        daily_credits=body.daily_credits,
        monthly_credits=body.monthly_credits,
    )


def budget(body: KeyBudget) -> NewBudget:
    """A key's ceilings."""
    return NewBudget(body.daily_credits, body.monthly_credits)


def order(body: NewManifest, owner: Owner) -> Order:
    """What a manifest's rows are to become.

    Raises
    ------
    MissingParam, InvalidParam, NotFound
    """
    if body.template_id is None and body.model is None:
        raise MissingParam("Either template_id or model is required.", param="template_id")
    if body.model is None and body.template_id is not None:
        ratio = 1.0 if body.pixel_ratio is None else body.pixel_ratio
        written = encoding(body.output_format or "png", body.quality)
        return container().resolve_order.renders(owner, body.template_id, ratio, written)
    of_renders = (body.template_id, body.pixel_ratio, body.output_format, body.quality)
    if body.model is None or any(one is not None for one in of_renders):
        raise InvalidParam("model: goes without template_id and what is of renders.", param="model")
    return container().resolve_order.generations(body.model)


def days(query: Mapping[str, str], today: date) -> Days:
    """The days that a report is to be of.

    Raises
    ------
    InvalidParam
    """
    return days_between(day(query, "from"), day(query, "to"), today)


def dimensions(query: Mapping[str, str]) -> frozenset[Dimension]:
    """What a report is to be divided by.

    Raises
    ------
    InvalidParam
    """
    return choices(query, "group_by", Dimension)


def usage_page(query: Mapping[str, str]) -> PageRequest:
    """The page of a report's parts.

    Raises
    ------
    InvalidParam
    """
    return page_request(query, is_cursor=lambda text: 0 < len(text) <= GROUP_ID, order="oldest")


def allowances(body: Allowances) -> Mapping[Feature, int]:
    """The allowances that replace the plan's."""
    limits = body.model_dump(exclude_none=True)
    return {Feature(name): limit for name, limit in limits.items()}


def end_of_grant(body: NewGrant, now: datetime) -> datetime | None:
    """When a grant ends; ``None`` if it does not.

    Raises
    ------
    InvalidParam
    """
    if body.expires_in_days is None:
        return body.expires_at
    if body.expires_at is not None:
        raise InvalidParam("expires_in_days: goes without expires_at.", param="expires_in_days")
    return now + timedelta(days=body.expires_in_days)
