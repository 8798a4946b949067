"""Finished renders, and the renderer, in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.spec import PNG, Encoding
from darkroom.domain.renders.rendered import Picture, Rendered, RenderRefused, RenderWarning
from darkroom.domain.templates.payload import Payload, payload_json
from darkroom.domain.templates.template import Template
from tests.fakes.memory import Memory

UNDRAWABLE = b"not a picture"


class FakeRenders:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def find(self, owner: Owner, template_id: str, payload_keys: Sequence[str]) -> Mapping[str, Rendered]:
        if len(set(payload_keys)) > 100:
            raise ValueError("a batched read takes a hundred rows")
        found = ((key, self._memory.rendered.get((owner, template_id, key))) for key in payload_keys)
        return {key: rendered for key, rendered in found if rendered is not None}


class FakeRenderer:
    """Writes down what it was given instead of drawing it.

    ``fails`` has texts it breaks at, each so many times; at one of ``kills`` its whole worker dies. ``warnings`` is
    what it says of every picture.
    """

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.fails: dict[str, int] = {}
        self.kills: set[str] = set()
        self.death: type[BaseException] = SystemExit
        self.warnings: tuple[RenderWarning, ...] = ()

    def render(
        self,
        template: Template,
        payload: Payload,
        pictures: Mapping[str, bytes],
        ratio: float,
        *,
        watermark: bool,
        encoding: Encoding = PNG,
    ) -> Picture:
        texts = {value.text for value in payload.values() if value.text is not None}
        if texts & self.kills:
            raise self.death
        for text in texts & self.fails.keys():
            self.fails[text] -= 1
            if self.fails[text] >= 0:
                raise RuntimeError(f"cannot draw {text}")
        for element_id, value in payload.items():
            if value.src is not None and pictures[value.src] == UNDRAWABLE:
                raise RenderRefused(element_id, "src", "the picture cannot be decoded")
        shown = [template.id, template.version, payload_json(payload), ratio, watermark]
        if encoding != PNG:
            shown += [encoding.format, encoding.quality]
        self.drawn.append(json.dumps(shown, sort_keys=True))
        return Picture(b"\x89PNG" + self.drawn[-1].encode(), self.warnings)
