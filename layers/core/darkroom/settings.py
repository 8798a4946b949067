"""The only reader of the environment. Parsed once, when something is first needed, never at import."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """What a function is told about its stack, each by the variable of the same name in capitals.

    A function that is not told something does not use it; what it is not told is empty or false.
    """

    stage: str = ""
    table_accounts: str = ""
    table_jobs: str = ""
    table_assets: str = ""
    table_webhooks: str = ""
    table_usage: str = ""
    bucket_media: str = ""
    queue_vendors_url: str = ""
    queue_renders_url: str = ""
    queue_bulk_renders_url: str = ""
    queue_previews_url: str = ""
    queue_sandbox_url: str = ""  # empty in a stack without the sandbox, like the next
    queue_sandbox_films_url: str = ""
    queue_uploads_url: str = ""
    queue_deliveries_url: str = ""
    queue_manifests_url: str = ""
    queue_reconcile_url: str = ""
    queue_billing_url: str = ""
    bus_name: str = ""
    public_base_url: str = ""
    public_image_url: str = ""
    secret_master_arn: str = ""
    secret_moltbook_arn: str = ""
    secret_vendors_arn: str = ""
    secret_stripe_arn: str = ""  # empty in a stack that sells nothing
    stripe_endpoint: str = ""  # where Stripe's double answers; heeded by a local stack only
    vendors: str = ""  # names of those switched on, with commas between
    vendor_limits: str = ""  # name=tasks at once, with commas between
    vendor_endpoint: str = ""  # where doubles answer; heeded by a local stack only
    moderation: str = "off"
    refunds_per_day: str = "100"  # credits a workspace can have back for what was delivered
    waits_per_workspace: str = "25"  # requests that may be held open at once
    sign_up_credits: str = "50"  # of a new workspace that somebody signed up for by mail
    sign_ups_per_day: str = "100"  # that get them
    moltbook_url: str = "https://www.moltbook.com"
    moltbook_audience: str = ""
    mail_from: str = ""
    sandbox_fallback: bool = False
    allow_loopback: bool = False

    @classmethod
    def from_environment(cls) -> Settings:
        """Read what the template sets."""
        values: dict[str, Any] = {field.name: _read(field.name, field.default) for field in fields(cls)}
        return cls(**values)


@cache
def settings() -> Settings:
    """This process's settings."""
    return Settings.from_environment()


def _read(name: str, default: object) -> object:
    text = os.environ.get(name.upper())
    if text is None:
        return default
    return text.lower() == "true" if isinstance(default, bool) else text
