"""Texts in a requested shape, over the three APIs that vendors have for it.

The domain says what to write and what a usable text is; here that becomes a vendor's request, and a vendor's response
becomes JSON or a failure. A text that breaks off or has another shape fails the route; a refusal ends the task.

None of these calls commits: a text costs a fraction of a cent and the vendor stores nothing of it, so one whose
response was lost is simply requested again.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from darkroom.domain.jobs.engine import Finished, Output, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    Blocked,
    EngineError,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.media.sniffing import sniff
from darkroom.domain.vendors.texts import JSON, WRITINGS, UnusableAnswer, answer_of, request_of
from darkroom_vendors.base import Flow, VendorRequest, VendorResponse
from darkroom_vendors.json_access import mapping, mappings, vendor_facts

KINDS = frozenset(WRITINGS)
TEXT_SECONDS = 45.0

RESPONSES = frozenset({"gpt-6-luna", "gpt-6-sol", "gpt-6.1-sol", "gpt-6.1-terra"})
CHAT = frozenset({"grok-4.6", "grok-4.7"})
GENERATE_CONTENT = frozenset({"gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-3.1-pro-preview"})

# Codes in the ``error`` of a 2xx response and of an error response alike.
BLOCKED_CODES = frozenset(
    {
        *("invalid_prompt", "image_content_policy_violation", "bio_policy", "cyber_policy"),
        *("misalignment_policy_violation", "content_filter"),
    }
)
_PASSING_CODES: Mapping[str, type[RateLimitedByVendor]] = {
    "rate_limit_exceeded": RateLimitedByVendor,
    "server_error": VendorUnavailable,
    "vector_store_timeout": VendorUnavailable,
}

type Refusal = Callable[[VendorResponse], EngineError]
type FactsOf = Callable[[VendorResponse], VendorFacts]


def by_responses(
    request: TaskRequest, safety_identifier: str, refusal: Refusal, facts: FactsOf
) -> Flow[Finished]:
    """A text from OpenAI's Responses."""
    response = yield _post("/responses", responses_request(request, safety_identifier))
    if not response.ok:
        raise refusal(response)
    content = response.object()
    return _finished(
        request,
        _responded(content),
        facts(response).updated(_usage(content, "input_tokens", "output_tokens")),
    )


def by_chat(request: TaskRequest, refusal: Refusal, facts: FactsOf) -> Flow[Finished]:
    """A text from an OpenAI-like ``/chat/completions``."""
    response = yield _post("/chat/completions", chat_request(request))
    if not response.ok:
        raise refusal(response)
    content = response.object()
    return _finished(
        request,
        _chatted(content),
        facts(response).updated(_usage(content, "prompt_tokens", "completion_tokens")),
    )


def by_generate_content(
    request: TaskRequest,
    refusal: Refusal,
    refuse_blocked: Callable[[Mapping[str, Any]], None],
    facts: FactsOf,
) -> Flow[Finished]:
    """A text from Google's ``generateContent``, whose refusals ``refuse_blocked`` recognises."""
    body = generate_content_request(request)
    response = yield _post(f"/v1/models/{request.model}:generateContent", body)
    if not response.ok:
        raise refusal(response)
    content = response.object()
    refuse_blocked(content)
    return _finished(request, _generated(content), facts(response))


def responses_request(request: TaskRequest, safety_identifier: str) -> dict[str, Any]:
    """The body for Responses. It asks the vendor to store nothing."""
    _known(request, RESPONSES)
    text_request = request_of(request)
    pictures = [{"type": "input_image", "image_url": one.url} for one in request.pictures]
    return {
        "model": request.model,
        "instructions": text_request.instructions,
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": text_request.text}, *pictures]}
        ],
        "text": {
            "format": {
                "type": "json_schema",
                "name": text_request.name,
                "strict": True,
                "schema": text_request.schema,
            }
        },
        "max_output_tokens": text_request.max_tokens,
        "reasoning": {"effort": str(request.options.get("effort") or "low")},
        "store": False,
        "safety_identifier": safety_identifier,
    }


def chat_request(request: TaskRequest) -> dict[str, Any]:
    """The body for chat completions."""
    _known(request, CHAT)
    text_request = request_of(request)
    pictures = [{"type": "image_url", "image_url": {"url": one.url}} for one in request.pictures]
    return {
        "model": request.model,
        "messages": [
            {"role": "system", "content": text_request.instructions},
            {"role": "user", "content": [{"type": "text", "text": text_request.text}, *pictures]},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": text_request.name, "schema": text_request.schema, "strict": True},
        },
        "max_completion_tokens": text_request.max_tokens,
    }


def generate_content_request(request: TaskRequest) -> dict[str, Any]:
    """The body for ``generateContent``. Pictures are inline, because the vendor fetches no URLs."""
    _known(request, GENERATE_CONTENT)
    text_request = request_of(request)
    pictures = [{"inlineData": _inline(one.data)} for one in request.pictures]
    return {
        "systemInstruction": {"parts": [{"text": text_request.instructions}]},
        "contents": [{"role": "user", "parts": [{"text": text_request.text}, *pictures]}],
        "generationConfig": {
            "responseMimeType": JSON,
            "responseJsonSchema": text_request.schema,
            "maxOutputTokens": text_request.max_tokens,
        },
    }


def _responded(content: Mapping[str, Any]) -> str:
    status = str(content.get("status") or "")
    if status == "incomplete":
        reason = str(mapping(content.get("incomplete_details")).get("reason") or status)
        raise (Blocked if reason in BLOCKED_CODES else RouteFailed)("the text breaks off", code=reason)
    if status != "completed":
        raise _failed(mapping(content.get("error")), status)
    written = [
        part
        for item in mappings(content.get("output"))
        if item.get("type") == "message"
        for part in mappings(item.get("content"))
    ]
    if any(part.get("type") == "refusal" for part in written):
        raise Blocked("the model declined", code="refusal")
    return "".join(str(part.get("text") or "") for part in written if part.get("type") == "output_text")


def _failed(error: Mapping[str, Any], status: str) -> EngineError:
    code = str(error.get("code") or status)
    if code in BLOCKED_CODES:
        return Blocked("the request was refused", code=code)
    if code in _PASSING_CODES:
        return _PASSING_CODES[code]("the text was not written", code=code)
    return (
        Rejected("a picture cannot be read", code=code)
        if "image" in code
        else RouteFailed("no text came", code=code)
    )


def _chatted(content: Mapping[str, Any]) -> str:
    choice = next(iter(mappings(content.get("choices"))), {})
    message, reason = mapping(choice.get("message")), str(choice.get("finish_reason") or "")
    if reason in BLOCKED_CODES or message.get("refusal"):
        raise Blocked("the model declined", code=reason if reason in BLOCKED_CODES else "refusal")
    if reason == "length":
        raise RouteFailed("the text breaks off", code=reason)
    return str(message.get("content") or "")


def _generated(content: Mapping[str, Any]) -> str:
    candidate = next(iter(mappings(content.get("candidates"))), {})
    reason = str(candidate.get("finishReason") or "")
    if reason == "MAX_TOKENS":
        raise RouteFailed("the text breaks off", code=reason)
    parts = mappings(mapping(candidate.get("content")).get("parts"))
    return "".join(str(part.get("text") or "") for part in parts if part.get("thought") is not True)


def _finished(request: TaskRequest, written: str, facts: VendorFacts) -> Finished:
    try:
        return Finished(Output(answer_of(request, written), JSON, ""), facts)
    except UnusableAnswer as error:
        raise RouteFailed(str(error), code="unusable_answer") from error


def _post(path: str, body: Mapping[str, Any]) -> VendorRequest:
    return VendorRequest("POST", path, body=body, timeout_seconds=TEXT_SECONDS)


def _known(request: TaskRequest, models: frozenset[str]) -> None:
    if request.model not in models:
        raise Rejected(f"no mapping for the model {request.model}")


def _usage(content: Mapping[str, Any], came_in: str, went_out: str) -> VendorFacts:
    usage = mapping(content.get("usage"))
    counted = {"input_tokens": usage.get(came_in), "output_tokens": usage.get(went_out)}
    return vendor_facts(**{name: value for name, value in counted.items() if isinstance(value, int)})


def _inline(data: bytes) -> dict[str, str]:
    media = sniff(data)
    if media is None:
        raise Rejected("a picture is of no known type")
    return {"mimeType": media.mime, "data": base64.b64encode(data).decode()}
