"""The composition root: which adapter stands behind which port, and what each service is given.

Everything is built when it is first asked for and kept for the life of the process. Imports are as lazy as
the objects, so that an API function never loads an HTTP client and a worker never loads what it does not use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from darkroom.catalog_data import agent, catalog, moondraft, pixeldrive
from darkroom.catalog_data.packs import PACKS
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import InvalidParam
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle
from darkroom.settings import Settings, settings

if TYPE_CHECKING:
    from darkroom.adapters.dynamodb.keys import Tables
    from darkroom.adapters.fetch import SafeHttp
    from darkroom.adapters.sandbox_payments import SandboxPayments
    from darkroom.adapters.secrets import Secret
    from darkroom.adapters.vendor_keys import VendorKeys
    from darkroom.domain.jobs.engine import TaskRequest
    from darkroom.http.links import ImageLinks, Links
    from darkroom.http.waiting import WaitForJob
    from darkroom.ports.accounts import Accounts, IdentityProvider, Mailer
    from darkroom.ports.billing import Payments
    from darkroom.ports.jobs import Assets, Engine, Fetcher, Jobs
    from darkroom.ports.renders import Renderer, Renders, Templates
    from darkroom.ports.storage import Blobs, Bus, Queues, Store
    from darkroom.ports.system import Clock, Ids, Meter
    from darkroom.ports.vendors import Downloads, Masks, Moderator, Refiner, VendorLimits
    from darkroom.ports.webhooks import Endpoints, Subscribers
    from darkroom.services.accounts.api_keys import IssueKey, ManageKeys
    from darkroom.services.accounts.authenticate import Authenticate
    from darkroom.services.accounts.exchange_identity import ExchangeIdentity
    from darkroom.services.accounts.join_workspace import JoinWorkspace
    from darkroom.services.accounts.one_time_passwords import SendOneTimePassword
    from darkroom.services.accounts.open_workspace import OpenWorkspace
    from darkroom.services.accounts.sign_in import SignIn
    from darkroom.services.billing.auto_reload import ManageAutoReload
    from darkroom.services.billing.buy_credits import BuyCredits
    from darkroom.services.billing.estimate import Estimate
    from darkroom.services.billing.grant_credits import GrantCreditsByHand
    from darkroom.services.jobs.accept_job import AcceptJob
    from darkroom.services.jobs.cancel_job import CancelJob
    from darkroom.services.jobs.execute_task import ExecuteTask
    from darkroom.services.jobs.rehost_image import RehostImage
    from darkroom.services.jobs.run_job import RunJob
    from darkroom.services.jobs.store_input import StoreInput
    from darkroom.services.jobs.submit_job import SubmitJob
    from darkroom.services.jobs.sweep import Sweep
    from darkroom.services.renders.expand_batch import ExpandBatch
    from darkroom.services.renders.manage_templates import ManageTemplates
    from darkroom.services.renders.render_rows import RenderRows
    from darkroom.services.renders.request_batch import RequestBatch
    from darkroom.services.renders.request_render import RequestRender
    from darkroom.services.renders.watch_batch import WatchBatch
    from darkroom.services.vendors.call_vendor import CallVendor
    from darkroom.services.vendors.handle_callback import HandleCallback
    from darkroom.services.vendors.refine_prompt import RefinePrompt
    from darkroom.services.webhooks.announce import Announce
    from darkroom.services.webhooks.deliver_webhook import DeliverWebhook
    from darkroom.services.webhooks.fan_out import FanOut
    from darkroom.services.webhooks.manage_endpoints import ManageEndpoints
    from darkroom_vendors.callbacks import Verifier

LOCAL = "local"
MODERATION_OPEN, MODERATION_CLOSED = "open", "closed"  # what becomes of an order that cannot be checked
SYNCHRONOUS_SECONDS = 22  # a function may run for 29 s, and what was made must still be read and sent
REFINING_SECONDS = 15  # then it is done by rule
LEASE = timedelta(seconds=90)  # for a worker whose function may run for 60 s


class Container:
    """What a process is made of. Tests make one with fakes in it and put it in place with ``override``."""

    def __init__(self, given: Settings) -> None:
        self.settings = given
        self._engines: Mapping[str, Engine] | None = None
        self._verifiers: dict[str, Verifier] = {}

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

        return DynamoStore(self.dynamodb, self._tables)

    @cached_property
    def accounts(self) -> Accounts:
        from darkroom.adapters.dynamodb.accounts import DynamoAccounts

        return DynamoAccounts(self.dynamodb, self.settings.table_accounts, assets=self.settings.table_assets)

    @cached_property
    def jobs(self) -> Jobs:
        from darkroom.adapters.dynamodb.jobs import DynamoJobs

        return DynamoJobs(self.dynamodb, self.settings.table_jobs)

    @cached_property
    def assets(self) -> Assets:
        from darkroom.adapters.dynamodb.assets import DynamoAssets

        return DynamoAssets(self.dynamodb, self.settings.table_assets)

    @cached_property
    def renders(self) -> Renders:
        from darkroom.adapters.dynamodb.renders import DynamoRenders

        return DynamoRenders(self.dynamodb, self.settings.table_assets)

    @cached_property
    def templates(self) -> Templates:
        from darkroom.adapters.dynamodb.templates import DynamoTemplates

        return DynamoTemplates(self.dynamodb, self.settings.table_assets)

    @cached_property
    def endpoints(self) -> Endpoints:
        from darkroom.adapters.dynamodb.endpoints import DynamoEndpoints

        return DynamoEndpoints(self.dynamodb, self.settings.table_webhooks)

    @cached_property
    def queues(self) -> Queues:
        from darkroom.adapters.sqs import SqsQueues

        return SqsQueues(
            self.sqs,
            tasks={
                Queue.RENDER: self.settings.queue_render_url,
                Queue.VIDEO: self.settings.queue_video_url,
                Queue.GENERATION: self.settings.queue_generation_url,
            },
            deliveries=self.settings.queue_deliveries_url,
        )

    @cached_property
    def bus(self) -> Bus:
        from darkroom.adapters.eventbridge import EventBridgeBus

        return EventBridgeBus(self._client("events"), self.settings.bus_name)

    @cached_property
    def blobs(self) -> Blobs:
        from darkroom.adapters.s3 import S3Blobs

        return S3Blobs(self.s3, self.settings.bucket_media)

    @cached_property
    def http(self) -> SafeHttp:
        from darkroom.adapters.fetch import SafeHttp

        return SafeHttp(allow_loopback=self.settings.allow_loopback)

    @cached_property
    def fetcher(self) -> Fetcher:
        from darkroom.adapters.input_fetcher import InputFetcher

        return InputFetcher(self.http)

    @cached_property
    def prompt_fetcher(self) -> Fetcher:
        """A fetcher for requests that wait for what it brings: it gives up before the gateway does."""
        from darkroom.adapters.input_fetcher import InputFetcher

        return InputFetcher(self.http, timeout_seconds=20)

    @cached_property
    def moltbook(self) -> IdentityProvider:
        from darkroom.adapters.moltbook import Moltbook

        told = self.settings
        return Moltbook(
            told.moltbook_url,
            lambda: self._moltbook_key.value if told.secret_moltbook_arn else b"",
            audience=told.moltbook_audience,
        )

    @cached_property
    def subscribers(self) -> Subscribers:
        from darkroom.adapters.subscribers import HttpSubscribers

        return HttpSubscribers(self.http)

    @cached_property
    def mailer(self) -> Mailer:
        from darkroom.adapters.ses import SesMailer

        return SesMailer(self._client("ses"), self.settings.mail_from)

    @cached_property
    def payments(self) -> Payments:
        from darkroom.adapters.no_payments import NoPayments

        return self.sandbox_payments or NoPayments()

    @cached_property
    def sandbox_payments(self) -> SandboxPayments | None:
        """Checkouts that cost nothing; a stack that is not local has none."""
        if self.settings.stage != LOCAL:
            return None
        from darkroom.adapters.sandbox_payments import SandboxPayments

        return SandboxPayments(self.settings.public_base_url, self.master_secret, PACKS, self.clock)

    @cached_property
    def refiner(self) -> Refiner:
        from darkroom.adapters.offline_refiner import OfflineRefiner

        return OfflineRefiner()

    @cached_property
    def refine_prompt(self) -> RefinePrompt:
        from darkroom.services.vendors.refine_prompt import RefinePrompt

        run = replace(self.run_job, seconds=REFINING_SECONDS)
        return RefinePrompt(run, self.blobs, self.refiner, moondraft.REFINE)

    @cached_property
    def gates(self) -> VendorLimits:
        from darkroom.adapters.dynamodb.vendor_limits import DynamoVendorLimits

        return DynamoVendorLimits(self.dynamodb, self.settings.table_accounts)

    @cached_property
    def meter(self) -> Meter:
        from darkroom.adapters.meter import EmfMeter

        return EmfMeter()

    @cached_property
    def downloads(self) -> Downloads:
        from darkroom.adapters.downloads import HttpDownloads

        return HttpDownloads(self.http, allow_loopback=self.settings.allow_loopback)

    @property
    def vendors(self) -> tuple[str, ...]:
        """The vendors that are switched on."""
        return tuple(name for name in map(str.strip, self.settings.vendors.split(",")) if name)

    def engines(self, masks: Masks | None = None) -> Mapping[str, Engine]:
        """The vendors that are switched on, as engines. Only a worker that may read their keys can use them."""
        if self._engines is None:
            self._engines = self._built_engines(masks)
        return self._engines

    def _built_engines(self, masks: Masks | None) -> Mapping[str, Engine]:
        from darkroom.domain.vendors.callbacks import Awaited, sealed
        from darkroom_vendors import factory

        told = self.settings

        def token(vendor: str, order: TaskRequest) -> str:
            job = order.job
            return sealed(self.master_secret(), vendor, Awaited(job.owner, job.id, order.task.index))

        return factory.engines(
            self.vendors,
            keys=self.vendor_keys.get,
            clock=self.clock,
            token=token,
            public_base_url=told.public_base_url,
            endpoint=self._doubles,
            masks=masks,
        )

    @cached_property
    def vendor_keys(self) -> VendorKeys:
        from darkroom.adapters.vendor_keys import VendorKeys

        return VendorKeys(self._client("secretsmanager"), self.settings.secret_vendors_arn, self.clock)

    @property
    def _doubles(self) -> str:
        """Where doubles stand in for the vendors; nowhere but on a local stack."""
        return self.settings.vendor_endpoint if self.settings.stage == LOCAL else ""

    def verifier(self, vendor: str) -> Verifier:
        """What verifies a vendor's callbacks. It is kept, because it keeps the vendor's published keys.

        Raises
        ------
        LookupError
            It does not call back.
        """
        if vendor not in self._verifiers:
            from darkroom.adapters.vendor_keys import CallbackSecrets
            from darkroom_vendors.factory import address
            from darkroom_vendors.registry import verifier

            publisher = address(self._doubles, vendor)
            keys = CallbackSecrets(self.vendor_keys, self.http, self.clock, publisher=publisher)
            self._verifiers[vendor] = verifier(vendor, keys)
        return self._verifiers[vendor]

    @cached_property
    def moderator(self) -> Moderator | None:
        """Who looks at orders before they are sent, if somebody does."""
        if self.settings.moderation not in (MODERATION_OPEN, MODERATION_CLOSED):
            return None
        from darkroom_vendors.factory import address
        from darkroom_vendors.registry import moderator

        openai = address(self._doubles, "openai")
        return moderator(lambda: self.vendor_keys.get("openai"), self.clock, openai)

    @cached_property
    def links(self) -> Links:
        from darkroom.http.links import Links

        return Links(self.settings.public_base_url, self.master_secret)

    @cached_property
    def image_links(self) -> ImageLinks:
        """Addresses of rendered images: those of the cache in front, where there is one."""
        from darkroom.http.links import IMAGES_PATH, ImageLinks

        ours = self.settings.public_base_url + IMAGES_PATH
        return ImageLinks(self.settings.public_image_url or ours, ours, self.master_secret)

    def master_secret(self) -> bytes:
        """What signing secrets and file addresses are derived from."""
        return self._master.value

    def url_check(self, url: str, param: str) -> None:
        """Refuse a URL of a caller's that could never be fetched, before anything is charged.

        ``param`` is where it stood. Whether it can be fetched is seen by the worker.

        Raises
        ------
        InvalidParam
        """
        from darkroom.adapters.fetch import UrlRefused

        try:
            self.http.check(url)
        except UrlRefused as refused:
            raise InvalidParam("The URL is not allowed; use a public https URL.", param=param) from refused

    # ------------------------------------------------------------- services

    @cached_property
    def advance_and_settle(self) -> AdvanceAndSettle:
        return AdvanceAndSettle(self.store)

    @cached_property
    def authenticate(self) -> Authenticate:
        from darkroom.services.accounts.authenticate import Authenticate

        return Authenticate(self.accounts, self.store, self.clock)

    @cached_property
    def submit_job(self) -> SubmitJob:
        from darkroom.services.jobs.submit_job import SubmitJob

        return SubmitJob(
            self.store,
            self.queues,
            self.clock,
            self.ids,
            catalog(),
            engines=frozenset(self.vendors),
            sandbox_fallback=self.settings.sandbox_fallback,
        )

    @cached_property
    def rehost_image(self) -> RehostImage:
        from darkroom.services.jobs.rehost_image import RehostImage

        return RehostImage(self.prompt_fetcher, self.blobs, self.store, self.clock)

    @cached_property
    def cancel_job(self) -> CancelJob:
        from darkroom.services.jobs.cancel_job import CancelJob

        return CancelJob(self.jobs, self.advance_and_settle, self.queues, self.clock)

    @cached_property
    def wait_for_job(self) -> WaitForJob:
        from darkroom.http.waiting import WaitForJob

        return WaitForJob(self.jobs)

    def execute_task(self, engines: Mapping[str, Engine], lease: timedelta = LEASE) -> ExecuteTask:
        """The worker's use case, for a worker that has ``engines``.

        ``lease`` outlasts the longest the worker's function may run, and ends long before its message returns.
        """
        from darkroom.services.jobs.collect_output import CollectOutput
        from darkroom.services.jobs.execute_task import ExecuteTask
        from darkroom.services.jobs.gather_input_files import GatherInputFiles

        return ExecuteTask(
            self.jobs,
            self.advance_and_settle,
            CollectOutput(self.blobs, self.downloads),
            GatherInputFiles(self.blobs, self.fetcher),
            self.call_vendor,
            self.queues,
            self.clock,
            engines,
            lease,
        )

    @cached_property
    def call_vendor(self) -> CallVendor:
        from darkroom.catalog_data.routes import LIMITS
        from darkroom.services.vendors.call_vendor import CallVendor

        return CallVendor(
            self.gates,
            self.meter,
            self.clock,
            {**LIMITS, **_limits(self.settings.vendor_limits)},
            self.moderator,
            unchecked_passes=self.settings.moderation == MODERATION_OPEN,
        )

    @cached_property
    def handle_callback(self) -> HandleCallback:
        from darkroom.services.vendors.handle_callback import HandleCallback

        return HandleCallback(self.jobs, self.queues, self.clock)

    def render_rows(self, renderer: Renderer, lease: timedelta = LEASE) -> RenderRows:
        """The worker's use case for renders. It keeps templates and pictures, so a worker asks for it once."""
        from darkroom.adapters.input_fetcher import InputFetcher
        from darkroom.services.renders.pictures import Pictures
        from darkroom.services.renders.render_rows import PICTURE_SECONDS, RenderRows

        fetcher = InputFetcher(self.http, timeout_seconds=PICTURE_SECONDS)
        return RenderRows(
            self.jobs,
            self.renders,
            self.templates,
            self.blobs,
            self.advance_and_settle,
            Pictures(fetcher),
            renderer,
            self.clock,
            lease,
        )

    @cached_property
    def expand_batch(self) -> ExpandBatch:
        from darkroom.services.renders.expand_batch import ExpandBatch

        return ExpandBatch(self.jobs, self.store, self.queues, self.clock)

    @cached_property
    def accept_job(self) -> AcceptJob:
        from darkroom.services.jobs.accept_job import AcceptJob

        return AcceptJob(self.store, self.queues)

    @cached_property
    def request_render(self) -> RequestRender:
        from darkroom.services.renders.request_render import RequestRender

        return RequestRender(
            self.accept_job,
            self.run_job.finish,
            self.clock,
            self.ids,
            catalog(),
            pixeldrive.RENDER,
            pixeldrive.PREVIEW,
        )

    @cached_property
    def request_batch(self) -> RequestBatch:
        from darkroom.services.renders.request_batch import RequestBatch

        return RequestBatch(self.accept_job, self.blobs, self.clock, self.ids, catalog(), pixeldrive.BATCH)

    @cached_property
    def watch_batch(self) -> WatchBatch:
        from darkroom.services.renders.watch_batch import WatchBatch

        return WatchBatch(self.jobs)

    @cached_property
    def run_job(self) -> RunJob:
        from darkroom.services.jobs.run_job import RunJob

        return RunJob(
            self.submit_job,
            self.wait_for_job,
            self.advance_and_settle,
            self.queues,
            self.clock,
            SYNCHRONOUS_SECONDS,
        )

    @cached_property
    def store_input(self) -> StoreInput:
        from darkroom.services.jobs.store_input import StoreInput

        return StoreInput(self.blobs, self.ids)

    @cached_property
    def sweep(self) -> Sweep:
        from darkroom.services.jobs.sweep import Sweep

        return Sweep(self.jobs, self.endpoints, self.advance_and_settle, self.queues, self.clock)

    @cached_property
    def announce(self) -> Announce:
        from darkroom.services.webhooks.announce import Announce

        return Announce(self.bus)

    @cached_property
    def fan_out(self) -> FanOut:
        from darkroom.services.webhooks.fan_out import FanOut

        return FanOut(self.endpoints, self.queues)

    @cached_property
    def deliver_webhook(self) -> DeliverWebhook:
        from darkroom.services.webhooks.deliver_webhook import DeliverWebhook

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
        from darkroom.services.webhooks.manage_endpoints import ManageEndpoints

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
    def manage_templates(self) -> ManageTemplates:
        from darkroom.services.renders.manage_templates import ManageTemplates

        return ManageTemplates(self.store, self.templates, self.clock, self.ids)

    @cached_property
    def open_workspace(self) -> OpenWorkspace:
        from darkroom.services.accounts.open_workspace import OpenWorkspace

        return OpenWorkspace(self.store, self.ids, self.clock)

    @cached_property
    def estimate(self) -> Estimate:
        from darkroom.services.billing.estimate import Estimate

        return Estimate(catalog(), self.clock, agent.DIALECT, agent.PRICE_VERSION)

    @cached_property
    def exchange_identity(self) -> ExchangeIdentity:
        from darkroom.services.accounts.exchange_identity import ExchangeIdentity

        return ExchangeIdentity(self.moltbook, self.join_workspace, self.issue_key, self.clock, agent.DIALECT)

    @cached_property
    def send_code(self) -> SendOneTimePassword:
        from darkroom.services.accounts.one_time_passwords import SendOneTimePassword

        return SendOneTimePassword(
            self.accounts, self.store, self.mailer, self.ids, self.clock, self.master_secret
        )

    @cached_property
    def sign_in(self) -> SignIn:
        from darkroom.services.accounts.one_time_passwords import RedeemOneTimePassword
        from darkroom.services.accounts.sign_in import SignIn

        redeem = RedeemOneTimePassword(self.accounts, self.store, self.clock, self.master_secret)
        return SignIn(
            redeem,
            self.join_workspace,
            self.issue_key,
            self.accounts,
            moondraft.DIALECT,
            moondraft.PLAN,
            moondraft.FREE_CREDITS,
        )

    @cached_property
    def buy_credits(self) -> BuyCredits:
        from darkroom.services.billing.buy_credits import BuyCredits

        return BuyCredits(self.payments, self.ids, PACKS)

    @cached_property
    def auto_reload(self) -> ManageAutoReload:
        from darkroom.services.billing.auto_reload import ManageAutoReload

        return ManageAutoReload(self.store, self.accounts, PACKS)

    @cached_property
    def join_workspace(self) -> JoinWorkspace:
        from darkroom.services.accounts.join_workspace import JoinWorkspace

        return JoinWorkspace(self.store, self.accounts, self.ids, self.clock)

    @cached_property
    def grant_more(self) -> GrantCreditsByHand:
        from darkroom.services.billing.grant_credits import GrantCreditsByHand

        return GrantCreditsByHand(self.store, self.accounts, self.ids, self.clock)

    @cached_property
    def issue_key(self) -> IssueKey:
        from darkroom.services.accounts.api_keys import IssueKey

        return IssueKey(self.store, self.ids, self.clock)

    @cached_property
    def manage_keys(self) -> ManageKeys:
        from darkroom.services.accounts.api_keys import ManageKeys

        return ManageKeys(self.store, self.accounts, self.clock)

    # -------------------------------------------------------------- clients

    @cached_property
    def _tables(self) -> Tables:
        from darkroom.adapters.dynamodb.keys import Tables

        told = self.settings
        return Tables(told.table_accounts, told.table_jobs, told.table_assets, told.table_webhooks)

    @cached_property
    def dynamodb(self) -> Any:
        """The client every table is reached by."""
        return self._client("dynamodb")

    @cached_property
    def s3(self) -> Any:
        """The client every bucket is reached by."""
        from darkroom.adapters.s3 import client_config

        return self._client("s3", client_config())

    @cached_property
    def sqs(self) -> Any:
        """The client every queue is reached by."""
        return self._client("sqs")

    @cached_property
    def _master(self) -> Secret:
        return self._secret(self.settings.secret_master_arn)

    @cached_property
    def _moltbook_key(self) -> Secret:
        return self._secret(self.settings.secret_moltbook_arn)

    def _secret(self, arn: str) -> Secret:
        from darkroom.adapters.secrets import Secret

        return Secret(self._client("secretsmanager"), arn)

    def _client(self, service: str, config: Any = None) -> Any:
        from darkroom.adapters.clients import client

        return client(service, config)


def _limits(text: str) -> dict[str, int]:
    pairs = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return {name.strip(): int(limit) for name, _, limit in pairs}


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
    """Put another container in place for a while: tests do, and tools that act on a stack from outside."""
    before, _Process.current = _Process.current, replacement
    try:
        yield replacement
    finally:
        _Process.current = before
