"""The AWS clients of a process, and the secrets read through them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from darkroom.settings import Settings

if TYPE_CHECKING:
    from darkroom.adapters.dynamodb.keys import Tables
    from darkroom.adapters.secrets import Secret
    from darkroom.domain.master_secret import MasterSecret
    from darkroom.ports.system import Clock


class Clients:
    """The AWS clients of a process, and the secrets read through them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def dynamodb(self) -> Any:
        """The client for all tables."""
        return self._client("dynamodb")

    @cached_property
    def s3(self) -> Any:
        """The client for all buckets."""
        from darkroom.adapters.s3 import client_config

        return self._client("s3", client_config())

    @cached_property
    def sqs(self) -> Any:
        """The client for all queues."""
        return self._client("sqs")

    @cached_property
    def clock(self) -> Clock:
        from darkroom.adapters.system import SystemClock

        return SystemClock()

    def master_secret(self) -> MasterSecret:
        """The secret from which signing secrets and file addresses are derived, as it is now."""
        from darkroom.domain.master_secret import read_master_secret

        return read_master_secret(self._master.text, self.clock.now())

    @cached_property
    def _tables(self) -> Tables:
        from darkroom.adapters.dynamodb.keys import Tables

        names = self.settings
        return Tables(
            names.table_accounts,
            names.table_jobs,
            names.table_assets,
            names.table_webhooks,
            names.table_usage,
        )

    @cached_property
    def _master(self) -> Secret:
        return self._secret(self.settings.secret_master_arn)

    @cached_property
    def _moltbook_key(self) -> Secret:
        return self._secret(self.settings.secret_moltbook_arn)

    def _secret(self, arn: str) -> Secret:
        from darkroom.adapters.secrets import Secret

        return Secret(self._client("secretsmanager"), arn, self.clock)

    def _client(self, service: str, config: Any = None) -> Any:
        from darkroom.adapters.clients import client

        return client(service, config)
