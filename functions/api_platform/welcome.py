"""The page at the stack's own address, for whoever opens it in a browser or asks it with curl.

It says what this is and where to go on. It is for people, so it is not in the OpenAPI document.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import Any

from darkroom.http.serving import HttpResponse, empty
from darkroom.wiring import container

_ABOUT = "A self-hosted backend for metered media generation."
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Darkroom</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 10vh auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem 1rem .35rem 0 }}
code {{ overflow-wrap: anywhere }}
</style>
<h1>Darkroom</h1>
<p>{about} It speaks these APIs; a key works on every one of them.</p>
<table>
<thead><tr><th scope="col">API</th><th scope="col">Address</th><th scope="col">OpenAPI</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p>Is it up? <a href="{base}/platform/v1/health">{base}/platform/v1/health</a></p>
</html>
"""
_ROW = (
    '<tr><th scope="row">{name}</th><td><code>{base}{path}</code></td>'
    '<td><a href="{base}{openapi}">openapi.json</a></td></tr>'
)
_HEADERS = {
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class _Served:
    """One of the published APIs: what stands before its routes, and where its document is."""

    name: str
    path: str
    openapi: str


_APIS = (
    _Served("memes", "/memes/v1", "/memes/v1/openapi.json"),
    _Served("moondraft", "/moondraft/v1", "/moondraft/v1/openapi.json"),
    _Served("agent", "/agent/v1", "/agent/openapi.json"),
    _Served("gencraft", "/gencraft/api/v1", "/gencraft/api/v1/openapi.json"),
    _Served("pixeldrive", "/pixeldrive/v1", "/pixeldrive/v1/openapi.json"),
    _Served("platform", "/platform/v1", "/platform/v1/openapi.json"),
)


def serve(event: dict[str, Any]) -> HttpResponse:
    """Say what this is: as HTML to a browser, else as JSON."""
    method = event["requestContext"]["http"]["method"]
    if method not in ("GET", "HEAD"):
        return empty(405, {"Allow": "GET, HEAD"})
    base = container().settings.public_base_url
    wants_html = "text/html" in event.get("headers", {}).get("accept", "")
    content_type, body = ("text/html; charset=utf-8", _page(base)) if wants_html else _document(base)
    headers = {**_HEADERS, "Content-Type": content_type}
    return {"statusCode": 200, "headers": headers, "body": "" if method == "HEAD" else body}


def _page(base: str) -> str:
    shown = html.escape(base)
    rows = "\n".join(
        _ROW.format(name=api.name, base=shown, path=api.path, openapi=api.openapi) for api in _APIS
    )
    return _PAGE.format(about=_ABOUT, base=shown, rows=rows)


def _document(base: str) -> tuple[str, str]:
    apis = {api.name: {"url": base + api.path, "openapi": base + api.openapi} for api in _APIS}
    about = {"name": "Darkroom", "description": _ABOUT, "health": f"{base}/platform/v1/health", "apis": apis}
    return "application/json", json.dumps(about, indent=2) + "\n"
