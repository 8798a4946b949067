"""Words in a shape that is asked for: the three ways vendors have for it.

What is asked and what counts as an answer is the domain's; here it becomes a vendor's request, and a vendor's answer
becomes JSON or a failure. A text that breaks off or has another shape is for the next route; a refusal is for none.

None of these calls commits: a text costs a fraction of a cent and nothing is kept of it, so one whose answer was lost
is simply asked for again.
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

# Codes in a served answer's ``error`` and in a refused request's alike.
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
    order: TaskRequest, safety_identifier: str, refusal: Refusal, facts: FactsOf
) -> Flow[Finished]:
    """A text from OpenAI's Responses."""
    reply = yield _post("/responses", responses_request(order, safety_identifier))
    if not reply.ok:
        raise refusal(reply)
    said = reply.object()
    return _finished(
        order, _responded(said), facts(reply).updated(_usage(said, "input_tokens", "output_tokens"))
    )


def by_chat(order: TaskRequest, refusal: Refusal, facts: FactsOf) -> Flow[Finished]:
    """A text from an OpenAI-like ``/chat/completions``."""
    reply = yield _post("/chat/completions", chat_request(order))
    if not reply.ok:
        raise refusal(reply)
    said = reply.object()
    return _finished(
        order, _chatted(said), facts(reply).updated(_usage(said, "prompt_tokens", "completion_tokens"))
    )


def by_generate_content(
    order: TaskRequest, refusal: Refusal, refuse_blocked: Callable[[Mapping[str, Any]], None], facts: FactsOf
) -> Flow[Finished]:
    """A text from Google's ``generateContent``, whose refusals ``refuse_blocked`` knows."""
    body = generate_content_request(order)
    reply = yield _post(f"/v1/models/{order.model}:generateContent", body)
    if not reply.ok:
        raise refusal(reply)
    said = reply.object()
    refuse_blocked(said)
    return _finished(order, _generated(said), facts(reply))


def responses_request(order: TaskRequest, safety_identifier: str) -> dict[str, Any]:
    """The body for Responses. The vendor is told to keep nothing of it."""
    _known(order, RESPONSES)
    asked = request_of(order)
    pictures = [{"type": "input_image", "image_url": one.url} for one in order.pictures]
    return {
        "model": order.model,
        "instructions": asked.instructions,
        "input": [{"role": "user", "content": [{"type": "input_text", "text": asked.text}, *pictures]}],
        "text": {
            "format": {
                "type": "json_schema",
                "name": asked.name,
                "strict": True,
                "schema": asked.schema,
            }
        },
        "max_output_tokens": asked.max_tokens,
        "reasoning": {"effort": str(order.options.get("effort") or "low")},
        "store": False,
        "safety_identifier": safety_identifier,
    }


def chat_request(order: TaskRequest) -> dict[str, Any]:
    """The body for chat completions."""
    _known(order, CHAT)
    asked = request_of(order)
    pictures = [{"type": "image_url", "image_url": {"url": one.url}} for one in order.pictures]
    return {
        "model": order.model,
        "messages": [
            {"role": "system", "content": asked.instructions},
            {"role": "user", "content": [{"type": "text", "text": asked.text}, *pictures]},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": asked.name, "schema": asked.schema, "strict": True},
        },
        "max_completion_tokens": asked.max_tokens,
    }


def generate_content_request(order: TaskRequest) -> dict[str, Any]:
    """The body for ``generateContent``. Pictures go in line: addresses are not fetched."""
    _known(order, GENERATE_CONTENT)
    asked = request_of(order)
    pictures = [{"inlineData": _inline(one.data)} for one in order.pictures]
    return {
        "systemInstruction": {"parts": [{"text": asked.instructions}]},
        "contents": [{"role": "user", "parts": [{"text": asked.text}, *pictures]}],
        "generationConfig": {
            "responseMimeType": JSON,
            "responseJsonSchema": asked.schema,
            "maxOutputTokens": asked.max_tokens,
        },
    }


def _responded(said: Mapping[str, Any]) -> str:
    status = str(said.get("status") or "")
    if status == "incomplete":
        reason = str(mapping(said.get("incomplete_details")).get("reason") or status)
        raise (Blocked if reason in BLOCKED_CODES else RouteFailed)("the text breaks off", code=reason)
    if status != "completed":
        raise _failed(mapping(said.get("error")), status)
    written = [
        part
        for item in mappings(said.get("output"))
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


def _chatted(said: Mapping[str, Any]) -> str:
    choice = next(iter(mappings(said.get("choices"))), {})
    message, reason = mapping(choice.get("message")), str(choice.get("finish_reason") or "")
    if reason in BLOCKED_CODES or message.get("refusal"):
        raise Blocked("the model declined", code=reason if reason in BLOCKED_CODES else "refusal")
    if reason == "length":
        raise RouteFailed("the text breaks off", code=reason)
    return str(message.get("content") or "")


def _generated(said: Mapping[str, Any]) -> str:
    candidate = next(iter(mappings(said.get("candidates"))), {})
    reason = str(candidate.get("finishReason") or "")
    if reason == "MAX_TOKENS":
        raise RouteFailed("the text breaks off", code=reason)
    parts = mappings(mapping(candidate.get("content")).get("parts"))
    return "".join(str(part.get("text") or "") for part in parts if part.get("thought") is not True)


def _finished(order: TaskRequest, written: str, facts: VendorFacts) -> Finished:
    try:
        return Finished(Output(answer_of(order, written), JSON, ""), facts)
    except UnusableAnswer as error:
        raise RouteFailed(str(error), code="unusable_answer") from error


def _post(path: str, body: Mapping[str, Any]) -> VendorRequest:
    return VendorRequest("POST", path, body=body, timeout_seconds=TEXT_SECONDS)


def _known(order: TaskRequest, models: frozenset[str]) -> None:
    if order.model not in models:
        raise Rejected(f"no mapping for the model {order.model}")


def _usage(said: Mapping[str, Any], came_in: str, went_out: str) -> VendorFacts:
    usage = mapping(said.get("usage"))
    counted = {"input_tokens": usage.get(came_in), "output_tokens": usage.get(went_out)}
    return vendor_facts(**{name: value for name, value in counted.items() if isinstance(value, int)})


def _inline(data: bytes) -> dict[str, str]:
    media = sniff(data)
    if media is None:
        raise Rejected("a picture is of no known type")
    return {"mimeType": media.mime, "data": base64.b64encode(data).decode()}
