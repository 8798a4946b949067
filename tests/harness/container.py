"""The composition root of every test on fakes: the product's own container, with a fake behind each port."""

from __future__ import annotations

from darkroom.domain.billing.ledger import EntryKind
from darkroom.domain.master_secret import MasterSecret
from darkroom.settings import Settings
from darkroom.wiring import Container
from tests.fakes import (
    FakeAccounts,
    FakeAssets,
    FakeBlobs,
    FakeBrandKits,
    FakeBus,
    FakeClock,
    FakeEndpoints,
    FakeFetcher,
    FakeFiles,
    FakeFonts,
    FakeIds,
    FakeJobs,
    FakeManifestFiles,
    FakeManifestQueue,
    FakeManifests,
    FakeQueues,
    FakeRenders,
    FakeStore,
    FakeTemplates,
    FakeUsage,
    Memory,
)
from tests.fakes.books import FakeBookReader, FakeReconcileQueue
from tests.fakes.brands import FakeWebPages
from tests.fakes.calls import Calls
from tests.fakes.mailer import FakeMailer
from tests.fakes.payments import FakePayments, FakePurchases, FakeReloadQueue
from tests.fakes.slides import FakeSlides
from tests.fakes.subscribers import FakeSubscribers
from tests.fakes.vendor_limits import FakeVendorLimits
from tests.fakes.vendors import FakeDownloads, FakeMeter

BASE_URL = "https://api.test"
MASTER = b"master secret of this stack"
SETTINGS = Settings(
    public_base_url=BASE_URL, queue_sandbox_url="https://sqs.test/sandbox", sandbox_fallback=True
)


class FakeContainer(Container):
    """A container whose master secret is known and read from nowhere."""

    secret = MasterSecret.only(MASTER)

    def master_secret(self) -> MasterSecret:
        return self.secret


class Harness:
    """A stack made of fakes: ``core`` has its services, everything else here is what a test looks at or breaks.

    The services reach the fakes through ``calls``, which counts each call and can let the process die at one.
    The fakes themselves are attributes, so that preparing a test or looking at its result counts nothing.
    """

    def __init__(
        self,
        settings: Settings = SETTINGS,
        *,
        clock: FakeClock | None = None,
        ids: FakeIds | None = None,
    ) -> None:
        self.memory, self.calls = Memory(), Calls()
        self.clock, self.ids = clock or FakeClock(), ids or FakeIds()
        self.store, self.accounts = FakeStore(self.memory), FakeAccounts(self.memory)
        self.jobs, self.assets = FakeJobs(self.memory), FakeAssets(self.memory)
        self.templates, self.renders = FakeTemplates(self.memory), FakeRenders(self.memory)
        self.files, self.usage = FakeFiles(self.memory), FakeUsage(self.memory)
        self.book_reader, self.reconcile_queue = FakeBookReader(self.memory), FakeReconcileQueue()
        self.fonts = FakeFonts(self.memory)
        self.brand_kits = FakeBrandKits(self.memory)
        self.endpoints, self.vendor_limits = FakeEndpoints(self.memory), FakeVendorLimits(self.memory)
        self.queues, self.blobs, self.bus = self.make_queues(), FakeBlobs(), FakeBus()
        self.manifests, self.manifest_queue = FakeManifests(self.memory), FakeManifestQueue()
        self.manifest_files = FakeManifestFiles(self.blobs)
        self.fetcher, self.downloads, self.meter = FakeFetcher(), FakeDownloads(), FakeMeter()
        self.subscribers, self.mailer = FakeSubscribers(self.clock), FakeMailer()
        self.payments, self.reload_queue = FakePayments(), FakeReloadQueue()
        self.core = self._container(settings)

    def make_queues(self) -> FakeQueues:
        return FakeQueues()

    def _container(self, settings: Settings) -> Container:
        core, watch = FakeContainer(settings), self.calls.watch
        core.clock, core.ids = self.clock, self.ids
        core.store = watch(self.store, "store")
        core.accounts = watch(self.accounts, "accounts")
        core.payments, core.reload_queue = self.payments, self.reload_queue
        core.purchases = watch(FakePurchases(self.memory), "purchases")
        core.jobs = watch(self.jobs, "jobs")
        core.assets = watch(self.assets, "assets")
        core.files = watch(self.files, "files")
        core.fonts = watch(self.fonts, "fonts")
        core.usage = watch(self.usage, "usage")
        core.book_reader = watch(self.book_reader, "book_reader")
        core.reconcile_queue = self.reconcile_queue
        core.slides = watch(FakeSlides(self.memory), "slides")
        core.renders = watch(self.renders, "renders")
        core.templates = watch(self.templates, "templates")
        core.brand_kits = watch(self.brand_kits, "brand_kits")
        core.endpoints = watch(self.endpoints, "endpoints")
        core.vendor_limits = watch(self.vendor_limits, "vendor_limits")
        core.queues = watch(self.queues, "queues")
        core.blobs = watch(self.blobs, "blobs")
        core.manifests = watch(self.manifests, "manifests")
        core.manifest_files = watch(self.manifest_files, "manifest_files")
        core.manifest_queue = watch(self.manifest_queue, "manifest_queue")
        core.downloads = watch(self.downloads, "downloads")
        core.subscribers = watch(self.subscribers, "subscribers")
        core.fetcher = core.prompt_fetcher = core.picture_fetcher = self.fetcher
        core.web_pages = FakeWebPages(self.fetcher)
        core.meter, core.bus, core.mailer = self.meter, self.bus, self.mailer
        return core

    def check_books(self) -> None:
        """Every wallet balances and is the sum of its entries; every ended job with money was settled once."""
        for owner in self.memory.wallets:
            wallet = self.accounts.wallet(owner)
            assert wallet.balances
            assert min(wallet.available, wallet.held, wallet.spent, wallet.expired, wallet.reversed) >= 0
            entries = [entry for (o, _), entry in self.memory.entries.items() if o == owner]
            assert sum(entry.available for entry in entries) == wallet.balance
            for column in ("granted", "held", "spent", "expired", "reversed"):
                assert sum(getattr(e, column) for e in entries) == getattr(wallet, column), column
        jobs = self.memory.jobs.values()
        wallets = [self.accounts.wallet(owner) for owner in self.memory.wallets]
        assert sum(wallet.held for wallet in wallets) == sum(job.held for job in jobs if not job.terminal)
        for owner in self.memory.wallets:
            for shard, part in enumerate(self.accounts.wallet(owner).parts):
                mine = [job for job in jobs if job.owner == owner and job.shard == shard and not job.terminal]
                assert part.held == sum(job.held for job in mine), shard
        refunds = [e.available for e in self.memory.entries.values() if e.kind is EntryKind.REFUND]
        assert sum(wallet.spent for wallet in wallets) == sum(job.charged for job in jobs) - sum(refunds)
        for job in jobs:
            settled = (job.owner, f"{job.id}#settle") in self.memory.entries
            assert settled == (job.terminal and not job.moves_nothing), job.id
