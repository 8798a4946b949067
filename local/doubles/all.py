"""All the doubles together, and the parameters that make a local stack use them as its vendors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from local.doubles import fal, google, kie, moltbook, openai, replicate, xai
from local.doubles.base import Double


@dataclass(frozen=True)
class Doubles:
    """One double of each vendor, and one of the service that knows agents."""

    openai: openai.OpenAIDouble = field(default_factory=openai.OpenAIDouble)
    google: google.GoogleDouble = field(default_factory=google.GoogleDouble)
    xai: xai.XAIDouble = field(default_factory=xai.XAIDouble)
    fal: fal.FalDouble = field(default_factory=fal.FalDouble)
    kie: kie.KieDouble = field(default_factory=kie.KieDouble)
    replicate: replicate.ReplicateDouble = field(default_factory=replicate.ReplicateDouble)
    moltbook: moltbook.MoltbookDouble = field(default_factory=moltbook.MoltbookDouble)

    def each(self) -> tuple[Double, ...]:
        """All vendors' doubles."""
        return (self.openai, self.google, self.xai, self.fal, self.kie, self.replicate)

    def addresses(self) -> Mapping[str, str]:
        """Each double's base URL, by its vendor's name."""
        return {double.name: double.url for double in self.each()}

    def keys(self) -> Mapping[str, str]:
        """What the stack's secret must hold: the keys they take, and those their callbacks are signed with."""
        return {
            "openai": openai.KEY,
            "google": google.KEY,
            "xai": xai.KEY,
            "fal": fal.KEY,
            "kie": kie.KEY,
            "replicate": replicate.KEY,
            "kie_webhook": kie.CONSOLE_KEY,
            "replicate_webhook": replicate.WEBHOOK_SECRET,
        }

    def parameters(self) -> Mapping[str, str]:
        """The stack's parameters, but for the ARN of the secret with Moltbook's app key."""
        return {
            "Vendors": ",".join(self.addresses()),
            "VendorEndpoint": json.dumps(self.addresses()),
            "MoltbookUrl": self.moltbook.url,
        }


@contextmanager
def doubles() -> Iterator[Doubles]:
    """All of them, listening on free ports until the block ends."""
    with ExitStack() as listening:
        made = Doubles()
        for double in made.each():
            listening.enter_context(double)
        listening.enter_context(made.moltbook)
        yield made
