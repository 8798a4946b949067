"""The adapters of the ports."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import InvalidParam
from darkroom.wiring.clients import Clients

if TYPE_CHECKING:
    from collections.abc import Mapping

    from darkroom.adapters.fetch import SafeHttp
    from darkroom.adapters.visibility import SqsVisibility
    from darkroom.http.links import ImageLinks, Links
    from darkroom.ports.accounts import Accounts, IdentityProvider, Mailer
    from darkroom.ports.billing import Payments, Purchases, ReloadQueue
    from darkroom.ports.brands import BrandKits, WebPages
    from darkroom.ports.carousels import Slides
    from darkroom.ports.files import Files
    from darkroom.ports.fonts import Fonts
    from darkroom.ports.jobs import Assets, Fetcher, Jobs
    from darkroom.ports.manifests import ManifestFiles, ManifestQueue, Manifests
    from darkroom.ports.reconcile import BookReader, ReconcileQueue
    from darkroom.ports.renders import Renders, Templates
    from darkroom.ports.storage import Blobs, Bus, Queues, Store
    from darkroom.ports.system import Ids, Meter
    from darkroom.ports.usage import Usage
    from darkroom.ports.vendors import Downloads, Refiner, VendorLimits
    from darkroom.ports.webhooks import Endpoints, Subscribers

LOCAL = "local"


class Ports(Clients):
    """The adapters of the ports."""

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
    def usage(self) -> Usage:
        from darkroom.adapters.dynamodb.usage import DynamoUsage

        return DynamoUsage(self.dynamodb, self.settings.table_usage)

    @cached_property
    def book_reader(self) -> BookReader:
        from darkroom.adapters.dynamodb.books import DynamoBookReader

        return DynamoBookReader(self.dynamodb, self._tables)

    @cached_property
    def reconcile_queue(self) -> ReconcileQueue:
        from darkroom.adapters.sqs_reconcile import SqsReconcileQueue

        return SqsReconcileQueue(self.sqs, self.settings.queue_reconcile_url)

    @cached_property
    def jobs(self) -> Jobs:
        from darkroom.adapters.dynamodb.jobs import DynamoJobs

        return DynamoJobs(self.dynamodb, self.settings.table_jobs)

    @cached_property
    def assets(self) -> Assets:
        from darkroom.adapters.dynamodb.assets import DynamoAssets

        return DynamoAssets(self.dynamodb, self.settings.table_assets)

    @cached_property
    def files(self) -> Files:
        from darkroom.adapters.dynamodb.files import DynamoFiles

        return DynamoFiles(self.dynamodb, self.settings.table_assets)

    @cached_property
    def fonts(self) -> Fonts:
        from darkroom.adapters.dynamodb.fonts import DynamoFonts

        return DynamoFonts(self.dynamodb, self.settings.table_assets)

    @cached_property
    def slides(self) -> Slides:
        from darkroom.adapters.dynamodb.slides import DynamoSlides

        return DynamoSlides(self.dynamodb, self.settings.table_assets)

    @cached_property
    def renders(self) -> Renders:
        from darkroom.adapters.dynamodb.renders import DynamoRenders

        return DynamoRenders(self.dynamodb, self.settings.table_assets)

    @cached_property
    def templates(self) -> Templates:
        from darkroom.adapters.dynamodb.templates import DynamoTemplates

        return DynamoTemplates(self.dynamodb, self.settings.table_assets)

    @cached_property
    def brand_kits(self) -> BrandKits:
        from darkroom.adapters.dynamodb.brand_kits import DynamoBrandKits

        return DynamoBrandKits(self.dynamodb, self.settings.table_assets)

    @cached_property
    def endpoints(self) -> Endpoints:
        from darkroom.adapters.dynamodb.endpoints import DynamoEndpoints

        return DynamoEndpoints(self.dynamodb, self.settings.table_webhooks)

    @cached_property
    def queues(self) -> Queues:
        from darkroom.adapters.sqs import SqsQueues

        return SqsQueues(self.sqs, tasks=self._task_queues, deliveries=self.settings.queue_deliveries_url)

    @property
    def _task_queues(self) -> Mapping[Queue, str]:
        """The addresses of the queues of tasks that this function was told of."""
        addresses = {
            Queue.VENDORS: self.settings.queue_vendors_url,
            Queue.RENDERS: self.settings.queue_renders_url,
            Queue.BULK_RENDERS: self.settings.queue_bulk_renders_url,
            Queue.PREVIEWS: self.settings.queue_previews_url,
            Queue.SANDBOX: self.settings.queue_sandbox_url,
            Queue.SANDBOX_FILMS: self.settings.queue_sandbox_films_url,
        }
        return {queue: url for queue, url in addresses.items() if url}

    @cached_property
    def visibility(self) -> SqsVisibility:
        from darkroom.adapters.visibility import SqsVisibility

        names = self.settings
        others = (names.queue_uploads_url, names.queue_manifests_url, names.queue_billing_url)
        return SqsVisibility(self.sqs, (*self._task_queues.values(), *others))

    @cached_property
    def bus(self) -> Bus:
        from darkroom.adapters.eventbridge import EventBridgeBus

        return EventBridgeBus(self._client("events"), self.settings.bus_name)

    @cached_property
    def blobs(self) -> Blobs:
        from darkroom.adapters.s3 import S3Blobs

        return S3Blobs(self.s3, self.settings.bucket_media)

    @cached_property
    def manifests(self) -> Manifests:
        from darkroom.adapters.dynamodb.manifests import DynamoManifests

        return DynamoManifests(self.dynamodb, self.settings.table_jobs)

    @cached_property
    def manifest_files(self) -> ManifestFiles:
        from darkroom.adapters.s3_manifests import S3ManifestFiles

        return S3ManifestFiles(self.s3, self.settings.bucket_media)

    @cached_property
    def manifest_queue(self) -> ManifestQueue:
        from darkroom.adapters.sqs_manifests import SqsManifestQueue

        return SqsManifestQueue(self.sqs, self.settings.queue_manifests_url)

    @property
    def _allows_loopback(self) -> bool:
        """Whether addresses that users name may be this machine's own: in a local stack, and nowhere else."""
        return self.settings.stage == LOCAL and self.settings.allow_loopback

    @cached_property
    def http(self) -> SafeHttp:
        from darkroom.adapters.fetch import SafeHttp

        return SafeHttp(allow_loopback=self._allows_loopback)

    @cached_property
    def fetcher(self) -> Fetcher:
        from darkroom.adapters.input_fetcher import InputFetcher

        return InputFetcher(self.http)

    @cached_property
    def prompt_fetcher(self) -> Fetcher:
        """A fetcher for requests that wait for it: it gives up before the gateway does."""
        from darkroom.adapters.input_fetcher import InputFetcher

        return InputFetcher(self.http, timeout_seconds=20)

    @cached_property
    def picture_fetcher(self) -> Fetcher:
        """A fetcher for the pictures that payloads name: a caller may be waiting for the render."""
        from darkroom.adapters.input_fetcher import InputFetcher
        from darkroom.services.renders.draw_rows import PICTURE_SECONDS

        return InputFetcher(self.http, timeout_seconds=PICTURE_SECONDS)

    @cached_property
    def web_pages(self) -> WebPages:
        from darkroom.adapters.web_pages import HttpWebPages

        return HttpWebPages(self.http)

    @cached_property
    def moltbook(self) -> IdentityProvider:
        from darkroom.adapters.moltbook import Moltbook

        settings = self.settings
        return Moltbook(
            settings.moltbook_url,
            lambda: self._moltbook_key.text.encode() if settings.secret_moltbook_arn else b"",
            audience=_audience(settings.moltbook_audience, settings.public_base_url),
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
        """Stripe, where the operator has named the secret with its keys. Only functions with its layer can use it."""
        if not self.settings.secret_stripe_arn:
            from darkroom.adapters.no_payments import NoPayments

            return NoPayments()
        from darkroom.adapters.vendor_keys import VendorKeys
        from darkroom_payments.stripe_payments import StripePayments

        keys = VendorKeys(self._secret(self.settings.secret_stripe_arn))
        return StripePayments(keys.get, self.settings.public_base_url, self._stripe_double)

    @cached_property
    def reload_queue(self) -> ReloadQueue:
        from darkroom.adapters.sqs_reloads import SqsReloadQueue

        return SqsReloadQueue(self.sqs, self.settings.queue_billing_url)

    @property
    def _stripe_double(self) -> str:
        """The address of Stripe's double, on a local stack only."""
        return self.settings.stripe_endpoint if self.settings.stage == LOCAL else ""

    @cached_property
    def purchases(self) -> Purchases:
        from darkroom.adapters.dynamodb.purchases import DynamoPurchases

        return DynamoPurchases(self.dynamodb, self.settings.table_accounts)

    @cached_property
    def refiner(self) -> Refiner:
        from darkroom.adapters.offline_refiner import OfflineRefiner

        return OfflineRefiner()

    @cached_property
    def vendor_limits(self) -> VendorLimits:
        from darkroom.adapters.dynamodb.vendor_limits import DynamoVendorLimits

        return DynamoVendorLimits(self.dynamodb, self.settings.table_accounts)

    @cached_property
    def meter(self) -> Meter:
        from darkroom.adapters.meter import EmfMeter

        return EmfMeter()

    @cached_property
    def downloads(self) -> Downloads:
        from darkroom.adapters.downloads import HttpDownloads

        return HttpDownloads(self.http, allow_loopback=self._allows_loopback)

    @cached_property
    def links(self) -> Links:
        from darkroom.http.links import Links

        return Links(self.settings.public_base_url, self.master_secret, self.clock.now)

    @cached_property
    def image_links(self) -> ImageLinks:
        """Addresses of rendered images, at the cache if the stack has one."""
        from darkroom.http.links import IMAGES_PATH, ImageLinks

        ours = self.settings.public_base_url + IMAGES_PATH
        return ImageLinks(self.settings.public_image_url or ours, ours, self.master_secret)

    def url_check(self, url: str, param: str) -> None:
        """Refuse a caller's URL that could never be fetched, before anything is charged.

        ``param`` is the request's parameter. Whether the URL can be fetched, only the worker finds out.

        Raises
        ------
        InvalidParam
        """
        from darkroom.adapters.fetch import UrlRefused

        try:
            self.http.check(url)
        except UrlRefused as refused:
            raise InvalidParam("The URL is not allowed; use a public https URL.", param=param) from refused


def _audience(chosen: str, base_url: str) -> str:
    """Whom identity tokens must be meant for: this stack's host unless the operator chose otherwise."""
    from urllib.parse import urlsplit

    if chosen == "any":
        return ""
    return chosen or urlsplit(base_url).hostname or ""
