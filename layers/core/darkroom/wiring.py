"""The composition root: which adapter stands behind which port, and what each service is given.

Everything is built when it is first asked for and kept for the life of the process. Imports are as lazy as the
objects, so that an API function never loads an HTTP client and a worker never loads what it does not send to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from darkroom.catalog_data import catalog
from darkroom.domain.catalog import Queue
from darkroom.domain.errors import InvalidParam
from darkroom.services.settle_job import Conclude
from darkroom.settings import Settings, settings

if TYPE_CHECKING:
    from darkroom.adapters.dynamodb.keys import Tables
    from darkroom.adapters.fetch import SafeHttp
    from darkroom.adapters.secrets import MasterSecret
    from darkroom.http.links import Links
    from darkroom.http.waiting import WaitForJob
    from darkroom.ports import (
        Accounts,
        Assets,
        Blobs,
        Bus,
        Clock,
        Endpoints,
        Engine,
        Fetcher,
        Ids,
        Jobs,
        Queues,
        Store,
        Subscribers,
    )
    from darkroom.services.announce import Announce
    from darkroom.services.authenticate import Authenticate
    from darkroom.services.cancel_job import CancelJob
    from darkroom.services.deliver_webhook import DeliverWebhook
    from darkroom.services.execute_task import ExecuteTask
    from darkroom.services.fan_out import FanOut
    from darkroom.services.manage_accounts import GrantMore, IssueKey, ManageKeys, OpenWorkspace
    from darkroom.services.manage_endpoints import ManageEndpoints
    from darkroom.services.submit_job import SubmitJob
    from darkroom.services.sweep import Sweep

LEASE = timedelta(seconds=90)  # outlasts the longest a worker may run, and ends long before its message returns


class Container:
    """What a process is made of. Tests make one with fakes in it and put it in place with ``override``."""

    def __init__(self, given: Settings) -> None:
        self.settings = given

    # ---------------------------------------------------------------- ports

    @cached_property
    def clock(self) -> Clock:
        from darkroom.adapters.system import SystemClock

        return SystemClock()

    @cached_property
    def ids(self) -> Ids:
        from darkroom.adapters.system import SystemIds

        return SystemIds()

    @cached_property
    def store(self) -> Store:
        from darkroom.adapters.dynamodb.store import DynamoStore

        return DynamoStore(self._dynamodb, self._tables)

    @cached_property
    def accounts(self) -> Accounts:
        from darkroom.adapters.dynamodb.accounts import DynamoAccounts

        return DynamoAccounts(self._dynamodb, self.settings.table_accounts)

    @cached_property
    def jobs(self) -> Jobs:
        from darkroom.adapters.dynamodb.jobs import DynamoJobs

        return DynamoJobs(self._dynamodb, self.settings.table_jobs)

    @cached_property
    def assets(self) -> Assets:
        from darkroom.adapters.dynamodb.assets import DynamoAssets

        return DynamoAssets(self._dynamodb, self.settings.table_assets)

    @cached_property
    def endpoints(self) -> Endpoints:
        from darkroom.adapters.dynamodb.endpoints import DynamoEndpoints

        return DynamoEndpoints(self._dynamodb, self.settings.table_webhooks)

    @cached_property
    def queues(self) -> Queues:
        from darkroom.adapters.sqs import SqsQueues

        return SqsQueues(
            self._client("sqs"),
            tasks={Queue.RENDER: self.settings.queue_render_url},
            deliveries=self.settings.queue_deliveries_url,
        )

    @cached_property
    def bus(self) -> Bus:
        from darkroom.adapters.eventbridge import EventBridgeBus

        return EventBridgeBus(self._client("events"), self.settings.bus_name)

    @cached_property
    def blobs(self) -> Blobs:
        from darkroom.adapters.s3 import S3Blobs, client_config

        return S3Blobs(self._client("s3", client_config()), self.settings.bucket_media)

    @cached_property
    def http(self) -> SafeHttp:
        from darkroom.adapters.fetch import SafeHttp

        return SafeHttp(allow_loopback=self.settings.allow_loopback)

    @cached_property
    def fetcher(self) -> Fetcher:
        from darkroom.adapters.inputs import InputFetcher

        return InputFetcher(self.http)

    @cached_property
    def subscribers(self) -> Subscribers:
        from darkroom.adapters.subscribers import HttpSubscribers

        return HttpSubscribers(self.http)

    @cached_property
    def links(self) -> Links:
        from darkroom.http.links import Links

        return Links(self.settings.public_base_url, self.master_secret())

    def master_secret(self) -> bytes:
        """What signing secrets and file addresses are derived from."""
        return self._master.value

    def url_check(self, url: str) -> None:
        """Refuse a URL of a caller's that could never be fetched, before anything is charged.

        Raises
        ------
        InvalidParam
        """
        from darkroom.adapters.fetch import UrlRefused

        try:
            self.http.check(url)
        except UrlRefused as refused:
            raise InvalidParam("The URL is not allowed; use a public https URL.") from refused

    # ------------------------------------------------------------- services

    @cached_property
    def conclude(self) -> Conclude:
        return Conclude(self.store)

    @cached_property
    def authenticate(self) -> Authenticate:
        from darkroom.services.authenticate import Authenticate

        return Authenticate(self.accounts, self.store, self.clock)

    @cached_property
    def submit_job(self) -> SubmitJob:
        from darkroom.services.submit_job import SubmitJob

        return SubmitJob(
            self.store,
            self.queues,
            self.clock,
            self.ids,
            catalog(),
            engines=frozenset(),
            sandbox_fallback=self.settings.sandbox_fallback,
        )

    @cached_property
    def cancel_job(self) -> CancelJob:
        from darkroom.services.cancel_job import CancelJob

        return CancelJob(self.jobs, self.conclude, self.queues, self.clock)

    @cached_property
    def wait_for_job(self) -> WaitForJob:
        from darkroom.http.waiting import WaitForJob

        return WaitForJob(self.jobs)

    def execute_task(self, engines: Mapping[str, Engine]) -> ExecuteTask:
        """The worker's use case, for a worker that has ``engines``."""
        from darkroom.services.execute_task import ExecuteTask

        return ExecuteTask(
            self.jobs,
            self.conclude,
            self.blobs,
            self.queues,
            self.fetcher,
            self.clock,
            engines,
            LEASE,
        )

    @cached_property
    def sweep(self) -> Sweep:
        from darkroom.services.sweep import Sweep

        return Sweep(self.jobs, self.endpoints, self.conclude, self.queues, self.clock)

    @cached_property
    def announce(self) -> Announce:
        from darkroom.services.announce import Announce

        return Announce(self.bus)

    @cached_property
    def fan_out(self) -> FanOut:
        from darkroom.services.fan_out import FanOut

        return FanOut(self.endpoints, self.queues)

    @cached_property
    def deliver_webhook(self) -> DeliverWebhook:
        from darkroom.services.deliver_webhook import DeliverWebhook

        return DeliverWebhook(
            self.store,
            self.endpoints,
            self.queues,
            self.subscribers,
            self.clock,
            self.ids,
            self.master_secret(),
        )

    @cached_property
    def manage_endpoints(self) -> ManageEndpoints:
        from darkroom.services.manage_endpoints import ManageEndpoints

        return ManageEndpoints(
            self.store,
            self.endpoints,
            self.queues,
            self.subscribers,
            self.clock,
            self.ids,
            self.master_secret(),
        )

    @cached_property
    def open_workspace(self) -> OpenWorkspace:
        from darkroom.services.manage_accounts import OpenWorkspace

        return OpenWorkspace(self.store, self.ids, self.clock)

    @cached_property
    def grant_more(self) -> GrantMore:
        from darkroom.services.manage_accounts import GrantMore

        return GrantMore(self.store, self.accounts, self.ids, self.clock)

    @cached_property
    def issue_key(self) -> IssueKey:
        from darkroom.services.manage_accounts import IssueKey

        return IssueKey(self.store, self.ids, self.clock)

    @cached_property
    def manage_keys(self) -> ManageKeys:
        from darkroom.services.manage_accounts import ManageKeys

        return ManageKeys(self.store, self.accounts, self.clock)

    # -------------------------------------------------------------- clients

    @cached_property
    def _tables(self) -> Tables:
        from darkroom.adapters.dynamodb.keys import Tables

        told = self.settings
        return Tables(told.table_accounts, told.table_jobs, told.table_assets, told.table_webhooks)

    @cached_property
    def _dynamodb(self) -> Any:
        return self._client("dynamodb")

    @cached_property
    def _master(self) -> MasterSecret:
        from darkroom.adapters.secrets import MasterSecret

        return MasterSecret(self._client("secretsmanager"), self.settings.secret_master_arn)

    def _client(self, service: str, config: Any = None) -> Any:
        import boto3

        return boto3.client(service, config=config)


class _Process:
    """The one container of this process."""

    current: Container | None = None


def container() -> Container:
    """This process's container, made from its environment on first use."""
    if _Process.current is None:
        _Process.current = Container(settings())
    return _Process.current


@contextmanager
def override(replacement: Container) -> Iterator[Container]:
    """Put another container in place for a while; for tests and for tools that act on a stack from outside."""
    before, _Process.current = _Process.current, replacement
    try:
        yield replacement
    finally:
        _Process.current = before


