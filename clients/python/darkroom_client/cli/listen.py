"""`darkroom listen`: webhook deliveries, forwarded to a server on this machine.

The stack cannot reach this machine, so an endpoint is registered whose deliveries the stack itself accepts, and the
deliveries' log is asked again and again. What came while nobody listened is forwarded at the next start.
"""

from __future__ import annotations

import json
import socket
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated

import httpx
import typer
from standardwebhooks import Webhook

from darkroom_client import ConnectionFailed, Darkroom, NotFound, RateLimited, ServerError
from darkroom_client.cli import output, profile
from darkroom_client.cli.profile import Profile
from darkroom_client.memes import answers

POLL_SECONDS = 1.5
OVERLAP = 50  # deliveries that are looked at again, since one can be listed late and out of order
REMEMBERED = 500
SINK = "/platform/v1/webhook-sink"


@dataclass(frozen=True, slots=True)
class Listener:
    """The endpoint that was registered for a target, and its deliveries that were forwarded, the last one last."""

    endpoint_id: str
    secret: str
    forwarded: list[str] = field(default_factory=list)

    def having_forwarded(self, delivery_id: str) -> Listener:
        return replace(self, forwarded=[*self.forwarded, delivery_id][-REMEMBERED:])


def listen(
    forward_to: Annotated[str, typer.Option("--forward-to", "-f", help="Where your server listens.")],
    resend: Annotated[list[str] | None, typer.Option(help="Forward this delivery again, and end.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Forward what is there, and end.")] = False,
    as_json: output.AsJson = False,
) -> None:
    """Forward webhook deliveries to a server on this machine until Ctrl-C."""
    told = profile.load()
    target = forward_to if "://" in forward_to else f"http://{forward_to}"
    with told.client() as darkroom, httpx.Client(timeout=30) as local:
        listener = _listener(darkroom, told, target)
        for delivery_id in resend or ():
            _say(_forward(darkroom, local, target, listener, delivery_id), as_json=as_json)
        if resend:
            return
        output.err.print(f"Forwarding to {target}. Messages are signed with {listener.secret}", markup=False)
        while True:
            for delivery_id in _patiently(darkroom, listener):
                _say(_forward(darkroom, local, target, listener, delivery_id), as_json=as_json)
                listener = listener.having_forwarded(delivery_id)
                _keep(told, target, listener)
            if once:
                return
            time.sleep(POLL_SECONDS)


def _patiently(darkroom: Darkroom, listener: Listener) -> list[str]:
    """What is new; nothing, and a word of it, when the stack does not answer now."""
    try:
        return _unforwarded(darkroom, listener)
    except (ConnectionFailed, RateLimited, ServerError) as error:
        output.err.print(f"no answer from the stack ({error}); asking again", markup=False)
        return []


def _unforwarded(darkroom: Darkroom, listener: Listener) -> list[str]:
    """The deliveries that were not forwarded yet, the oldest first."""
    done = set(listener.forwarded)
    fresh: list[str] = []
    known = 0
    for delivery in darkroom.memes.iterate_deliveries(listener.endpoint_id, limit=100):
        if delivery.id in done:
            known += 1
        else:
            fresh.append(delivery.id)
        if known == OVERLAP:
            break
    return fresh[::-1]


@dataclass(frozen=True, slots=True)
class _Forwarded:
    delivery: str
    type: str
    outcome: str


def _forward(
    darkroom: Darkroom, local: httpx.Client, target: str, listener: Listener, delivery_id: str
) -> _Forwarded:
    """Post a delivery to the target, whatever it answers."""
    delivery = darkroom.memes.get_delivery(listener.endpoint_id, delivery_id).delivery
    try:
        answer = local.post(target, content=delivery.payload, headers=_headers(delivery, listener.secret))
        outcome = str(answer.status_code)
    except httpx.TransportError as error:
        outcome = f"no answer: {error}; send it again with --resend {delivery.id}"
    return _Forwarded(delivery.id, str(delivery.event_type), outcome)


def _headers(delivery: answers.DeliveryWithPayload, secret: str) -> dict[str, str]:
    """A delivery's headers, signed anew: receivers refuse a signature of the first try's time."""
    now = datetime.now(UTC)
    signed = {
        "id": delivery.event_id,
        "timestamp": str(int(now.timestamp())),
        "signature": Webhook(secret).sign(delivery.event_id, now, delivery.payload),
    }
    headers = {f"{kind}-{name}": value for kind in ("svix", "webhook") for name, value in signed.items()}
    return {"content-type": "application/json", **headers}


def _say(forwarded: _Forwarded, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(forwarded)))
    else:
        now = datetime.now().astimezone()
        typer.echo(f"{now:%H:%M:%S}  {forwarded.type:22}  {forwarded.delivery}  {forwarded.outcome}")


def _listener(darkroom: Darkroom, told: Profile, target: str) -> Listener:
    """The endpoint of an earlier time, or a new one."""
    kept = _kept().get(_name(told, target))
    if kept is not None and _works(darkroom, kept):
        return kept
    made = darkroom.memes.create_webhook(
        url=told.base_url.rstrip("/") + SINK, description=f"darkroom listen on {socket.gethostname()}"
    ).webhook
    listener = Listener(made.id, made.secret or "")
    _keep(told, target, listener)
    return listener


def _works(darkroom: Darkroom, listener: Listener) -> bool:
    try:
        return darkroom.memes.get_webhook(listener.endpoint_id).webhook.enabled
    except NotFound:
        return False


def _kept() -> dict[str, Listener]:
    try:
        told = json.loads(profile.path().with_name("listeners.json").read_text())
    except (OSError, ValueError):
        return {}
    return {name: Listener(**one) for name, one in told.items()}


def _keep(told: Profile, target: str, listener: Listener) -> None:
    listeners = {**_kept(), _name(told, target): listener}
    kept = {name: asdict(one) for name, one in listeners.items()}
    profile.keep(profile.path().with_name("listeners.json"), kept)


def _name(told: Profile, target: str) -> str:
    return f"{told.base_url} {told.key[:12]} {target}"
