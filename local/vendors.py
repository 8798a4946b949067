"""The local stack with doubles as its vendors; shows every request to them until interrupted."""

import time
from contextlib import suppress
from itertools import islice

from local.doubles.all import Doubles, doubles
from local.doubles.moltbook import MoltbookDouble
from local.emulator.stack import Stack
from tools.report import say

_SECONDS = 0.2


def run(stack: Stack) -> None:
    """Bring the stack up with the doubles, show their requests, and take them away again. Raises LocalError."""
    with doubles() as made:
        info = stack.up(made)
        try:
            say(f"up at {info.base_url}, live keys are served by doubles of the vendors:")
            for name, address in made.addresses().items():
                say(f"  {name:10} {address}")
            _introduce_agent(made.moltbook)
            say("prompts with [[block]] are refused; tests/e2e/test_vendors.py shows their other markers")
            say("requests to them follow; Ctrl-C gives the stack back its sandbox, and so does `make up`")
            with suppress(KeyboardInterrupt):
                _show(made)
        finally:
            say("back to the sandbox")
            stack.up()


def _introduce_agent(moltbook: MoltbookDouble) -> None:
    """Sign an agent up, and say how it comes to an access token."""
    agent = moltbook.state.join("00000000-0000-4000-8000-000000000001")
    address = f"{moltbook.url}/api/v1/agents/me/identity-token"
    say("agents are known to a double of Moltbook; it gives out identity tokens, each good for an hour:")
    say(f"  curl -X POST {address} -H 'Authorization: Bearer {agent.key}' -d '{{}}'")
    say("  and POST /agent/auth/moltbook/exchange takes them")


def _show(made: Doubles) -> None:
    seen = dict.fromkeys(made.addresses(), 0)
    while True:
        for double in made.each():
            for request in islice(double.received, seen[double.name], None):
                seen[double.name] += 1
                say(f"  {double.name:10} {request.method:4} {request.path}")
        time.sleep(_SECONDS)
