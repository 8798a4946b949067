"""The only reader of the environment. Parsed once, when something is first needed, never at import."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """What a function is told about its stack. A function that is not told a name does not use it."""

    stage: str
    table_accounts: str
    table_jobs: str
    table_assets: str
    table_webhooks: str
    bucket_media: str
    queue_render_url: str
    queue_deliveries_url: str
    bus_name: str
    public_base_url: str
    secret_master_arn: str
    sandbox_fallback: bool
    allow_loopback: bool

    @classmethod
    def from_environment(cls) -> Settings:
        """Read what the template sets; names a function has no use for are absent and stay empty."""
        names = (
            "stage",
            "table_accounts",
            "table_jobs",
            "table_assets",
            "table_webhooks",
            "bucket_media",
            "queue_render_url",
            "queue_deliveries_url",
            "bus_name",
            "public_base_url",
            "secret_master_arn",
        )
        values = {name: os.environ.get(name.upper(), "") for name in names}
        return cls(
            **values,
            sandbox_fallback=_flag("SANDBOX_FALLBACK"),
            allow_loopback=_flag("ALLOW_LOOPBACK"),
        )


@cache
def settings() -> Settings:
    """This process's settings."""
    return Settings.from_environment()


def _flag(name: str) -> bool:
    return os.environ.get(name, "false").lower() == "true"
