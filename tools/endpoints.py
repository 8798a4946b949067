"""Writes the table of endpoints clients are made with, after an upgrade of botocore: `python -m tools.endpoints`."""

from __future__ import annotations

import json
from typing import Any

from botocore.loaders import Loader

from darkroom.adapters.clients import ENDPOINTS, SERVICES
from tools.paths import ROOT
from tools.report import say


def table() -> dict[str, Any]:
    """What botocore knows of every partition, and in each of the services we use."""
    loader = Loader()
    ours = {
        loader.load_service_model(service, "service-2")["metadata"]["endpointPrefix"] for service in SERVICES
    }
    data = loader.load_data("endpoints")
    partitions = [
        {
            **partition,
            "services": {name: facts for name, facts in partition["services"].items() if name in ours},
        }
        for partition in data["partitions"]
    ]
    return {**data, "partitions": partitions}


def text() -> str:
    """The file's content."""
    return json.dumps(table(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    ENDPOINTS.write_text(text())
    say(f"wrote {ENDPOINTS.relative_to(ROOT)}")
