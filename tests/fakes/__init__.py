"""Every port in memory, holding the same conditions as the real adapters: `tests/contract` runs on both.

    memory = Memory()
    store, accounts, jobs = FakeStore(memory), FakeAccounts(memory), FakeJobs(memory)

What a fake is given it keeps as it would come back, so that what JSON cannot hold is noticed.
"""

from tests.fakes.accounts import FakeAccounts
from tests.fakes.assets import FakeAssets
from tests.fakes.blobs import FakeBlobs
from tests.fakes.brand_kits import FakeBrandKits
from tests.fakes.bus import FakeBus
from tests.fakes.endpoints import FakeEndpoints
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.files import FakeFiles, FakeInspector
from tests.fakes.fonts import FakeFontInspector, FakeFonts
from tests.fakes.jobs import FakeJobs
from tests.fakes.manifests import FakeManifestFiles, FakeManifestQueue, FakeManifests
from tests.fakes.memory import Memory
from tests.fakes.queues import FakeQueues, SentDelivery, SentTask
from tests.fakes.renders import FakeRenderer, FakeRenders
from tests.fakes.store import FakeStore
from tests.fakes.system import FakeClock, FakeIds
from tests.fakes.templates import FakeTemplates
from tests.fakes.usage import FakeUsage

__all__ = [
    "FakeAccounts",
    "FakeAssets",
    "FakeBlobs",
    "FakeBrandKits",
    "FakeBus",
    "FakeClock",
    "FakeEndpoints",
    "FakeFetcher",
    "FakeFiles",
    "FakeFontInspector",
    "FakeFonts",
    "FakeIds",
    "FakeInspector",
    "FakeJobs",
    "FakeManifestFiles",
    "FakeManifestQueue",
    "FakeManifests",
    "FakeQueues",
    "FakeRenderer",
    "FakeRenders",
    "FakeStore",
    "FakeTemplates",
    "FakeUsage",
    "Memory",
    "SentDelivery",
    "SentTask",
]
