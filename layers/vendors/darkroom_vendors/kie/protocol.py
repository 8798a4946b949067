"""kie's task API: start a task, poll its record.

Nothing can be canceled. Results expire within the hour, so they are copied when they are first seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from darkroom.domain.jobs.engine import Download, Finished, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, RouteFailed
from darkroom.domain.jobs.facts import VendorFacts
from darkroom_vendors.base import Flow, VendorRequest, VendorResponse, garbled, pending
from darkroom_vendors.json_access import mapping, vendor_facts
from darkroom_vendors.kie.errors import POLICY, content_of, refusal
from darkroom_vendors.kie.models import MODELS, MUSIC_MODELS, music_request, task_request

MARKET, MUSIC = "market", "music"


class Kie:
    """kie.ai's contract."""

    name = "kie"
    base_url = "https://api.kie.ai"
    hosts = ("api.kie.ai",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"Authorization": f"Bearer {key}"}

    def start(self, request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        """Start a picture, a film or a song."""
        if request.model in MUSIC_MODELS:
            call = VendorRequest(
                "POST", "/api/v1/generate", body=music_request(request, callback_url), commits=True
            )
            return (yield from _started(request, call, MUSIC))
        body = task_request(request, callback_url)
        return (
            yield from _started(
                request, VendorRequest("POST", "/api/v1/jobs/createTask", body=body, commits=True), MARKET
            )
        )

    def poll(self, request: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look a task up. A bare id, which is what a callback names, is a handle too."""
        if ":" not in handle:
            handle = f"{MUSIC if request.model in MUSIC_MODELS else MARKET}:{handle}"
        kind, _, task_id = handle.partition(":")
        path = "/api/v1/generate/record-info" if kind == MUSIC else "/api/v1/jobs/recordInfo"
        response = yield VendorRequest("GET", f"{path}?taskId={task_id}")
        content = content_of(response)
        data = mapping(content.get("data"))
        return (
            _song(request, handle, response, data)
            if kind == MUSIC
            else _task(request, handle, response, data)
        )

    def cancel(self, handle: str) -> Flow[None]:  # noqa: ARG002
        """Do nothing: the market has no way to stop a task."""
        yield from ()


def _started(request: TaskRequest, call: VendorRequest, kind: str) -> Flow[Finished | Pending]:
    response = yield call
    content = content_of(response, committed=True)
    task_id = mapping(content.get("data")).get("taskId")
    if not isinstance(task_id, str) or not task_id:
        raise garbled(response)
    return _later(request, f"{kind}:{task_id}", response, vendor_facts(task_id))


def _task(
    request: TaskRequest, handle: str, response: VendorResponse, data: Mapping[str, Any]
) -> Finished | Pending:
    state, facts = data.get("state"), _facts(data)
    if state == "success":
        return Finished(_download(_result_url(data)), facts)
    if state == "fail":
        code = str(data.get("failCode") or "")
        raise refusal(response, int(code) if code.isdigit() else 501, str(data.get("failMsg") or "failed"))
    return _later(request, handle, response, facts)


def _result_url(data: Mapping[str, Any]) -> object:
    """The first result; the record holds its results as JSON within JSON."""
    results = data.get("resultJson")
    try:
        result = json.loads(results) if isinstance(results, str) else results
    except ValueError:
        result = None
    urls = mapping(result).get("resultUrls")
    return urls[0] if isinstance(urls, list) and urls else None


def _song(
    request: TaskRequest, handle: str, response: VendorResponse, data: Mapping[str, Any]
) -> Finished | Pending:
    """The outcome that a song's record means. Of its two songs one is delivered: the first that is there."""
    status = str(data.get("status") or "")
    if status == "SENSITIVE_WORD_ERROR":
        raise Blocked(str(data.get("errorMessage") or status), code=status)
    if status in ("CREATE_TASK_FAILED", "GENERATE_AUDIO_FAILED"):
        message = str(data.get("errorMessage") or status)
        raise (Blocked if POLICY.search(message) else RouteFailed)(message, code=status)
    songs = mapping(data.get("response")).get("sunoData")
    ready = [one["audioUrl"] for one in songs or () if isinstance(one, dict) and one.get("audioUrl")]
    # A failed callback to us says nothing about the song.
    if ready and status in ("FIRST_SUCCESS", "SUCCESS", "CALLBACK_EXCEPTION"):
        return Finished(_download(ready[0]), _facts(data))
    if status == "SUCCESS":
        raise RouteFailed("a finished song without an address", code="no_media")
    return _later(request, handle, response, _facts(data))


def _download(url: object) -> Download:
    if not isinstance(url, str) or not url:
        raise RouteFailed("a finished task without an address", code="no_media")
    return Download(url)


def _later(request: TaskRequest, handle: str, response: VendorResponse, facts: VendorFacts) -> Pending:
    model = MODELS.get(request.model)
    slow = model is None or model.moving
    first, longest = (10.0, 60.0) if slow else (2.0, 15.0)
    return pending(request, handle, response, facts, first=first, longest=longest)


def _facts(data: Mapping[str, Any]) -> VendorFacts:
    return vendor_facts(
        data.get("taskId"), cost_credits=data.get("creditsConsumed"), vendor_ms=data.get("costTime")
    )
