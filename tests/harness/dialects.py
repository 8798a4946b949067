"""Every dialect with its client and its document, for tests that are about all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from darkroom.http.openapi import ApiDocument, DocumentedRoute
from tests.harness.api_client import ApiClient, Response, gateway_event
from tests.unit.functions.api_agent.client import Client as AgentClient
from tests.unit.functions.api_gencraft.client import Client as GencraftClient
from tests.unit.functions.api_memes.client import Client as MemesClient
from tests.unit.functions.api_moondraft.client import Client as MoondraftClient
from tests.unit.functions.api_pixeldrive.client import Client as PixeldriveClient
from tests.unit.functions.api_platform.test_platform import Client as PlatformClient
from tools.paths import ROOT

CLIENTS: dict[str, Callable[[], ApiClient[Any]]] = {
    "agent": AgentClient,
    "gencraft": GencraftClient,
    "memes": MemesClient,
    "moondraft": MoondraftClient,
    "pixeldrive": PixeldriveClient,
    "platform": PlatformClient,
}
# Those left out are no dialects: vendors call back to one, and the other serves dialects' buying routes.
DIALECTS = sorted(
    folder.name.removeprefix("api_")
    for folder in (ROOT / "functions").glob("api_*")
    if folder.name not in ("api_billing", "api_callbacks")
)
UNUSED_ID = "01950000-0000-7000-8000-ffffffffffff"


def document(dialect: str) -> ApiDocument:
    """A dialect's document, with its routes."""
    found: ApiDocument = import_module(f"api_{dialect}.operations").DOCUMENT
    return found


def all_routes() -> Iterator[tuple[str, DocumentedRoute]]:
    """Every route of every dialect."""
    for dialect in DIALECTS:
        for documented in document(dialect).routes():
            yield dialect, documented


def concrete(path: str, object_id: str = UNUSED_ID) -> str:
    """A route's path with an id in place of each of its parameters."""
    return re.sub(r"<\w+>", object_id, path)


def raw_request(
    client: ApiClient[Any], method: str, path: str, token: str | None, **headers: str
) -> Response:
    """Send a request below the client's prefix; the answer is not held to the document."""
    sent = {**headers, **({"authorization": f"Bearer {token}"} if token is not None else {})}
    answer: Response = client.send(gateway_event(method, client.prefix + path, sent))
    return answer
