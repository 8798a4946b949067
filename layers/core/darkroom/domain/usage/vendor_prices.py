"""What vendors charge for one task: from their own count where they tell it, else from what was made.

Prices are data, each with the day it was read and where. What has no price is told apart from what is free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from darkroom.domain.jobs.job import Job, Task, TaskState
from darkroom.domain.jobs.spec import FilmSpec, MusicSpec, VisualSpec
from darkroom.domain.usage.measures import MILLI

MICROS = 1_000_000  # in a dollar

OUTPUT = "output"  # a unit that is counted by what was made: one output, or a second of it
SECOND = "second"


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a price: ``usd`` for ``per`` of a unit.

    ``figure`` is the vendor's own count of it, by the name its adapter gives; without one the unit is ``OUTPUT`` or
    ``SECOND`` and counted by what was made. ``less`` is a figure that the first one includes and another term has. A
    figure that is ``optional`` is zero where the vendor does not tell it.
    ``resolutions`` are prices of some resolutions, by their names in lower case.
    """

    unit: str
    usd: str
    figure: str = ""
    per: int = 1
    less: str = ""
    optional: bool = False
    resolutions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VendorPrice:
    """What a vendor charges for some of its models, all of them if none is named, from the day ``since`` on.

    ``read`` is the day on which the price was read at ``source``.
    """

    vendor: str
    models: tuple[str, ...]
    terms: tuple[Term, ...]
    read: date
    source: str
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Cost:
    """What one task cost: units in thousandths, money in millionths of a dollar; ``None`` where no price is known."""

    units: Mapping[str, int] = field(default_factory=dict)
    micros: int | None = None


FREE = Cost(micros=0)


@dataclass(frozen=True, slots=True)
class VendorPrices:
    """All prices, in the order in which they are tried; of two for the same model the later ``since`` goes first."""

    prices: Sequence[VendorPrice] = ()

    def cost(self, job: Job, task: Task) -> Cost:
        """What a finished task cost the operator, as far as that is known.

        A task that made nothing costs what the vendor itself counted, and nothing if it counted nothing.
        """
        route = job.route_of(task)
        if not route.is_vendor:
            return FREE
        made = task.state is TaskState.SUCCEEDED
        for price in self._of(route.engine, route.engine_model, job.created_at.date()):
            cost = _cost(price, job, task, made=made)
            if cost is not None:
                return cost
        return Cost() if made else FREE

    def _of(self, vendor: str, model: str, day: date) -> Sequence[VendorPrice]:
        fitting = [
            price
            for price in self.prices
            if price.vendor == vendor and price.since <= day and (not price.models or model in price.models)
        ]
        return sorted(fitting, key=lambda price: price.since, reverse=True)


def _cost(price: VendorPrice, job: Job, task: Task, *, made: bool) -> Cost | None:
    """The cost by one price; ``None`` if something it counts is not known."""
    units: dict[str, int] = {}
    dollars = Fraction(0)
    for term in price.terms:
        quantity = _counted(term, task) if term.figure else _made(term, job, task) if made else None
        if quantity is None:
            return None
        units[term.unit] = units.get(term.unit, 0) + round(quantity * MILLI)
        dollars += Fraction(term.resolutions.get(_resolution(job, task), term.usd)) * quantity / term.per
    return Cost({name: count for name, count in units.items() if count}, round(dollars * MICROS))


def _counted(term: Term, task: Task) -> Fraction | None:
    figures = task.vendor_facts.figures
    counted, included = figures.get(term.figure, 0 if term.optional else None), figures.get(term.less, 0)
    if isinstance(counted, str) or isinstance(included, str) or counted is None:
        return None
    return max(Fraction(counted) - Fraction(included), Fraction(0))


def _made(term: Term, job: Job, task: Task) -> Fraction | None:
    if term.unit == SECOND:
        seconds = job.spec.seconds if isinstance(job.spec, FilmSpec | MusicSpec) else None
        seconds = seconds or job.route_of(task).options.get("seconds")
        return None if seconds is None else Fraction(seconds)
    return Fraction(1)


def _resolution(job: Job, task: Task) -> str:
    requested = job.spec.resolution if isinstance(job.spec, VisualSpec) else None
    return str(requested or job.route_of(task).options.get("resolution", "")).lower()
