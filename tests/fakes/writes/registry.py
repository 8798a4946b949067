"""What every write does to the memory: registered where it is, looked up by its class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from darkroom.domain.writes import Write, WriteRefused
from tests.fakes.memory import Memory

type Effect = Callable[[], object]


@dataclass(frozen=True)
class Registered:
    """``row`` names the row a write touches; ``plan`` refuses it or answers what it does, without doing it."""

    row: Callable[[Any], tuple[object, ...]]
    plan: Callable[[Memory, Any], Effect]


EFFECTS: dict[type[Write], Registered] = {}


def effect[W: Write](
    kind: type[W], *, row: Callable[[W], tuple[object, ...]]
) -> Callable[[Callable[[Memory, W], Effect]], Callable[[Memory, W], Effect]]:
    """Register a function as the effect of a class of writes."""

    def register(plan: Callable[[Memory, W], Effect]) -> Callable[[Memory, W], Effect]:
        EFFECTS[kind] = Registered(row, plan)
        return plan

    return register


def refuse_if_there(write: Write, stored: Any) -> None:
    if stored is not None:
        raise WriteRefused(write, stored)
