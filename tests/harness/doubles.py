"""The worker with the vendors' real adapters over real HTTP, doubles in the vendors' place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace

from darkroom.adapters.downloads import HttpDownloads
from darkroom.adapters.fetch import SafeHttp
from darkroom.catalog_data.routes import ROUTES
from darkroom.wiring.ports import LOCAL
from darkroom_vendors.client import VendorEngine
from tests.harness.vendors import VendorHarness


@dataclass(frozen=True)
class Double:
    """Where a vendor's double answers, and the key it takes."""

    url: str
    key: str


class DoublesHarness(VendorHarness):
    """An offer with those of its routes whose vendors have a double."""

    def __init__(self, offer_id: str, doubles: Mapping[str, Double]) -> None:
        super().__init__(*doubles)
        routes = tuple(route for route in ROUTES[offer_id] if route.engine in doubles)
        self.sell(replace(self.offer, id=offer_id, routes=routes))
        addresses = {name: double.url for name, double in doubles.items()}
        self.core.settings = replace(
            self.core.settings, stage=LOCAL, vendor_endpoint=json.dumps(addresses), allow_loopback=True
        )
        vars(self.core)["vendor_keys"] = SimpleNamespace(get=lambda name: doubles[name].key)
        self.core.downloads = HttpDownloads(SafeHttp(allow_loopback=True), allow_loopback=True)
        self.engines = self.core.engines()

    def close(self) -> None:
        """Close the connections to the doubles."""
        for engine in self.engines.values():
            assert isinstance(engine, VendorEngine)
            engine.client.close()
