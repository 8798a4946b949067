"""All that the tests of the pages know of the project: its dialects, their handlers on fakes, and their tables."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel

import api_agent.mcp
import api_agent.operations
import api_gencraft.mcp
import api_gencraft.operations
import api_memes.mcp
import api_memes.operations
import api_moondraft.mcp
import api_moondraft.operations
import api_pixeldrive.mcp
import api_pixeldrive.operations
import api_platform.app
import api_platform.operations
from darkroom.adapters.fetch import SafeHttp
from darkroom.adapters.subscribers import HttpSubscribers
from darkroom.catalog_data import memes
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidKey
from darkroom.domain.files.file import CleanMedia
from darkroom.domain.files.uploads import upload_key
from darkroom.domain.jobs.job import FailureCode
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.manifests.messages import SourceArrived
from darkroom.domain.webhooks.events import job_ended
from darkroom.domain.webhooks.responses import WebhookResponse
from darkroom.http.errors import ErrorTable
from darkroom.http.mcp.route_tools import RouteTools
from darkroom.http.openapi import ApiDocument
from darkroom.http.pipeline import Api
from darkroom.services.jobs.submit_job import Submission
from darkroom.services.usage.count_usage import JobChange
from events_fanout import payloads
from tests.docs.pages import Route
from tests.fakes import FakeFontInspector
from tests.harness import api_client as fakes
from tests.harness.api_client import gateway_event
from tests.harness.container import BASE_URL
from tests.harness.openapi import routes_of
from tests.unit.functions.api_agent.client import Client as AgentClient
from tests.unit.functions.api_gencraft.client import Client as GencraftClient
from tests.unit.functions.api_memes.client import Client as MemesClient
from tests.unit.functions.api_moondraft.client import Client as MoondraftClient
from tests.unit.functions.api_moondraft.client import png
from tests.unit.functions.api_pixeldrive.client import Client as PixeldriveClient

FILE = "media/w/live/j/kite.png"
DAWN = b"""<!doctype html><html><head><title>Dawn Roasters</title>
<meta name="description" content="Small-batch coffee for early risers."></head>
<body><p>Roasted before sunrise.</p></body>"""

type Client = fakes.ApiClient[Any]
type Schema = Mapping[str, Any]


class PlatformClient(fakes.ApiClient[fakes.Response]):
    """The platform's handler, which answers for files too."""

    prefix, reply_type = "/platform/v1", fakes.Response

    def __init__(self) -> None:
        super().__init__(100, "pro", stage="local")

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return api_platform.app.handler(event, None)

    def hold_to_contract(self, method: str, path: str, reply: fakes.Response) -> None:
        pass

    def finished_job(self) -> str:
        """The id of a job that another dialect's request became."""
        self.clock.advance(60)
        caller = self.core.authenticate(self.key, RatePolicy("default", 120))
        job = self.core.submit_job(caller, Submission(memes.IMAGE, ImageSpec("a red kite", "1:1"), 2))
        self.work()
        return job.id


@dataclass(frozen=True)
class Reference:
    """What a page is about: the routes it has to describe and the tables it has to repeat.

    ``document`` names the parameters of each route. ``unlisted`` are routes that are answered beside it, ``tools``
    what it offers to agents. A
    page that is not about the ``whole`` of a dialect need not have all of its errors.
    """

    client: Callable[[], Client]
    document: ApiDocument
    within: Callable[[str], bool] = lambda _: True
    whole: bool = True
    unlisted: tuple[tuple[str, str], ...] = ()
    tools: RouteTools | None = None

    @property
    def api(self) -> Api:
        return self.document.api

    @property
    def prefix(self) -> str:
        """What the page's paths begin with, where a dialect is served under several prefixes."""
        prefixes = self.document.prefixes
        return prefixes[0] if len(prefixes) > 1 else ""

    @property
    def routes(self) -> frozenset[Route]:
        listed = {(method, path) for method, path in routes_of(self.api) if path.startswith(self.prefix)}
        beside = (*self.unlisted, *((("POST", self.tools.endpoint.path),) if self.tools else ()))
        return frozenset(Route.of(method, path) for method, path in (*listed, *beside) if self.within(path))

    @property
    def errors(self) -> ErrorTable:
        return self.api.dialect.errors

    def parameters(self, route: Route) -> Mapping[str, frozenset[str]]:
        """The parameters of a route and the limits, choices and default of each.

        They have their names on the wire, those inside others as `outer.inner` and `list[].inner`.
        """
        return self._parameters.get(route, {})

    @cached_property
    def _parameters(self) -> dict[Route, Mapping[str, frozenset[str]]]:
        return {
            Route.of(one.route.method, self.document.prefixes[0] + one.route.path): _fields(
                one.operation.body
            )
            | {
                parameter.name: _facts(parameter.schema, {})
                for parameter in one.operation.parameters
                if parameter.where != "path"
            }
            for one in self.document.routes()
        }


_LIMITS = ("minimum", "maximum", "maxLength", "maxItems")


def _fields(model: type[BaseModel] | None) -> dict[str, frozenset[str]]:
    if model is None:
        return {}
    schema = model.model_json_schema(by_alias=True)
    return _named(schema, schema.get("$defs", {}), "")


def _named(schema: Schema, shared: Schema, outer: str) -> dict[str, frozenset[str]]:
    fields: dict[str, frozenset[str]] = {}
    if "$ref" in schema:
        return _named(_shared(schema, shared), shared, outer)
    for one in schema.get("anyOf", ()):
        fields |= _named(one, shared, outer)
    if "items" in schema:
        fields |= _named(schema["items"], shared, f"{outer}[]")
    for name, inner in schema.get("properties", {}).items():
        whole = f"{outer}.{name}" if outer else name
        fields |= {whole: _facts(inner, shared)} | _named(inner, shared, whole)
    return fields


def _facts(schema: Schema, shared: Schema) -> frozenset[str]:
    """What a page has to say of a parameter beside its name and meaning, as JSON spells it."""
    if "$ref" in schema:
        schema = {**_shared(schema, shared), **schema}
    parts = (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ()))
    facts = {fact for part in parts for fact in _facts(part, shared)}
    facts |= {str(one) for one in schema.get("enum", ())}
    facts |= {f"{schema[name]:.12g}" for name in _LIMITS if name in schema}
    default = schema.get("default")
    if default is not None and default != "" and not isinstance(default, dict | list):
        facts.add(default if isinstance(default, str) else json.dumps(default))
    return frozenset(facts)


def _shared(schema: Schema, shared: Schema) -> Schema:
    definition: Schema = shared[schema["$ref"].rpartition("/")[2]]
    return definition


def _is_webhooks(path: str) -> bool:
    return path.startswith("/memes/v1/webhooks")


def _is_brands(path: str) -> bool:
    return path.startswith(("/memes/v1/brand-kits", "/memes/v1/prompts"))


REFERENCES: Mapping[str, Reference] = {
    "agent": Reference(AgentClient, api_agent.operations.DOCUMENT, tools=api_agent.mcp.SERVER),
    "brands": Reference(MemesClient, api_memes.operations.DOCUMENT, within=_is_brands, whole=False),
    "gencraft": Reference(GencraftClient, api_gencraft.operations.DOCUMENT, tools=api_gencraft.mcp.SERVER),
    "memes": Reference(
        MemesClient,
        api_memes.operations.DOCUMENT,
        within=lambda path: not (_is_webhooks(path) or _is_brands(path)),
        tools=api_memes.mcp.SERVER,
    ),
    "moondraft": Reference(
        MoondraftClient, api_moondraft.operations.DOCUMENT, tools=api_moondraft.mcp.SERVER
    ),
    "pixeldrive": Reference(
        PixeldriveClient,
        api_pixeldrive.operations.DOCUMENT,
        unlisted=(
            ("GET", "/pixeldrive/img/t/{template}/{hash}.png"),
            ("GET", "/pixeldrive/img/s/{expiry}/{signature}/t/{template}/{hash}.png"),
            ("POST", api_pixeldrive.mcp.PATH),
        ),
    ),
    "platform": Reference(
        PlatformClient,
        api_platform.operations.DOCUMENT,
        unlisted=(("GET", "/files/{signature}/{path}"),),
    ),
    "webhooks": Reference(MemesClient, api_memes.operations.DOCUMENT, within=_is_webhooks, whole=False),
}


def all_routes() -> frozenset[Route]:
    """Every route of every dialect; of one that is served under two prefixes, those of the first."""
    apis = {id(one.api): one for one in REFERENCES.values()}.values()
    return frozenset(
        Route.of(method, path)
        for one in apis
        for method, path in routes_of(one.api)
        if path.startswith(one.prefix)
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it went out."""

    status: int
    body: str


class Subscriber:
    """A webhook endpoint out on the web, which answers every post with ``status``."""

    def __init__(self) -> None:
        self.status = 200

    def check(self, url: str) -> None:
        HttpSubscribers(SafeHttp()).check(url)

    def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], timeout_seconds: float
    ) -> WebhookResponse:
        return WebhookResponse(self.status, 12, "thanks" if self.status == 200 else "oops")


class Moltbook:
    """Knows one agent, by `an-identity-token`."""

    name = "moltbook"

    def verify(self, token: str) -> str:
        if token != "an-identity-token":
            raise InvalidKey("Moltbook does not know this token.")
        return "a1"


# Made only for the pages that name them, so that no other page lists keys nobody knows.
KEYS: Mapping[str, Mapping[str, Any]] = {
    "test_key": {"name": "test", "livemode": False, "dialect": "memes"},
    "read_key": {"name": "reads", "scopes": frozenset({Scope.READ})},
    "admin_key": {"name": "operator", "dialect": "admin", "scopes": frozenset(Scope)},
}


class Stage:
    """A page's own workspace, in which its examples take place; ``values`` is what requests can name."""

    def __init__(self, reference: Reference, text: str) -> None:
        self.client = reference.client()
        self.subscriber = Subscriber()
        vars(self.client.core).update(subscribers=self.subscriber, moltbook=Moltbook())
        self.announced: set[str] = set()
        self.values = {
            "key": self.client.key,
            "workspace_id": self.client.workspace.id,
            "picture": base64.b64encode(png()).decode(),
            **self._stored_file(),
            **{name: self.client.issue(**settings) for name, settings in KEYS.items() if f"<{name}>" in text},
        }
        if isinstance(self.client, PlatformClient):
            self.values["job_id"] = self.client.finished_job()
        self.client.fetcher.pages["https://dawnroasters.example"] = DAWN
        for url in ("https://yourcdn.example/logo.png", "https://example.com/cat.png"):
            self.client.fetcher.pages[url] = png()

    def _stored_file(self) -> dict[str, str]:
        self.client.blobs.put(FILE, png(), "image/png")
        address = self.client.core.links.file(FILE).removeprefix(f"{BASE_URL}/files/")
        signature, _, path = address.partition("/")
        return {"signature": signature, "path": path}

    def send(self, method: str, target: str, headers: Mapping[str, str], body: str) -> Answered:
        path, _, query = target.partition("?")
        spelled = {name.lower(): value for name, value in headers.items()}
        if body:
            spelled.setdefault("content-type", "application/json")
        event = gateway_event(method, path, spelled, _query(query))
        if body:
            event["body"] = body
        reply = self.client.send(event)
        return Answered(reply.status, reply.body or "")

    def direct(self, directive: str) -> None:
        """Do what a page's directive says.

        Raises
        ------
        ValueError
            There is no such directive.
        """
        name, *words = directive.split()
        directives: dict[str, Callable[..., None]] = {
            "work": self._work,
            "wait": self._wait,
            "end": self._end,
            "pause": self._pause,
            "resume": self._resume,
            "meanwhile": self._meanwhile,
            "mail": self._mail,
            "deliver": self._deliver,
            "spend": self._spend,
            "upload": self._upload,
            "rows": self._rows,
            "turn": self._turn,
            "count": self._count,
            "reconcile": self._reconcile,
        }
        if name not in directives:
            raise ValueError(f"no directive is called {name}")
        directives[name](*words)

    def _work(self) -> None:
        self.client.work()

    def _count(self) -> None:
        jobs = self.client.memory.jobs.values()
        self.client.core.count_usage([JobChange(job.id, None, job) for job in jobs])

    def _reconcile(self) -> None:
        core = self.client.core
        assert core.reconcile(core.reconcile.begin(), lambda: True) is None

    def _wait(self, seconds: str) -> None:
        self.client.clock.advance(float(seconds))

    def _end(self, job_id: str, *outcomes: str) -> None:
        self.client.end(job_id, *(None if one == "ok" else FailureCode(one) for one in outcomes))

    @property
    def _own(self) -> Any:
        """The client as what only its dialect's has."""
        return self.client

    def _pause(self) -> None:
        self._own.working = False

    def _resume(self) -> None:
        self._own.working = True

    def _meanwhile(self) -> None:
        self._own.meanwhile.append(self.client.work)

    def _mail(self) -> None:
        found = re.search(r"\b\d{6}\b", self._own.mailer.sent[-1].text)
        assert found is not None
        self.values["code"] = found[0]

    def _deliver(self, status: str = "200") -> None:
        self.subscriber.status = int(status)
        core = self.client.core
        for job in list(self.client.memory.jobs.values()):
            if job.terminal and job.id not in self.announced:
                self.announced.add(job.id)
                event = job_ended(job)
                core.fan_out(event, lambda event=event: payloads.data(event, core.links))  # type: ignore[misc]
        due, self.client.queues.deliveries[:] = list(self.client.queues.deliveries), []
        for sent in due:
            self.client.clock.advance(sent.delay_seconds)
            core.deliver_webhook(sent.message)

    def _spend(self) -> None:
        owner = Owner(self.client.workspace.id, True)
        wallet = self.client.memory.wallets[owner]
        self.client.memory.wallets[owner] = type(wallet)(owner)

    def _upload(self, file_id: str) -> None:
        """Put the picture where the file's upload goes, and let it be judged."""
        file = next(file for (_, known), file in self.client.memory.files.items() if known == file_id)
        self.client.blobs.put(upload_key(file), png(), file.mime)
        self.client.core.ingest_upload(BelievingInspector(), FakeFontInspector())(upload_key(file))

    def _rows(self, manifest_id: str) -> None:
        """Put a file of two rows, one of them bad, where the manifest's upload goes, and let it start."""
        core, memory = self.client.core, self.client.memory
        manifest = next(one for (_, known), one in memory.manifests.items() if known == manifest_id)
        file = self.client.manifest_files.put(
            manifest.source, b"prompt,aspect_ratio\na red kite,1:1\nkites,7:1\n"
        )
        core.start_manifest.arrived(SourceArrived(manifest.source, file.etag, file.size))

    def _turn(self) -> None:
        """The worker of manifests goes on with what it was told."""
        for sent in self.client.manifest_queue.sent[:]:
            self.client.manifest_queue.sent.remove(sent)
            self.client.core.advance_manifest(sent.message, lambda: True)


class BelievingInspector:
    """Finds every upload to be a square of two pixels, with nothing to clean."""

    def inspect(self, data: bytes, mime: str) -> CleanMedia:
        return CleanMedia(data, mime, 2, 2)


def _query(text: str) -> dict[str, str]:
    """The parameters as API Gateway gives them: of a repeated one, all values joined by commas."""
    joined: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined
