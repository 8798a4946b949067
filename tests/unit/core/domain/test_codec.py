from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

import pytest
from pydantic import BaseModel

from darkroom.domain.accounts.api_keys import ApiKey
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.billing.ledger import LedgerEntry
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.codec import Codec, Shape
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.serialization import SHAPES, from_document
from darkroom.domain.templates.template import Template
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.webhooks.events import Event

NOON = datetime(2026, 6, 18, 12, tzinfo=UTC)

KEPT: tuple[type[Any], ...] = (
    *(ApiKey, OneTimePassword, Workspace, LedgerEntry, AutoReload, Asset, Job, Rendered, Template),
    *(Delivery, Endpoint, Event, TaskMessage, DeliveryMessage),
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Place(NamedTuple):
    row: int
    column: int


class Design(BaseModel):
    layers: int


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    colours: frozenset[Colour]
    parts: tuple[Part, ...]
    place: Place
    size: tuple[int, int]
    figures: Mapping[str, str | int | float]
    design: Design
    weight: int | None
    until: datetime = NOON
    secret: str = ""
    free: bool = False
    note: str | None = None


THING = Thing(
    "t1",
    frozenset(Colour),
    (Part("a", NOON), Part("b")),
    Place(1, 2),
    (3, 4),
    {"n": 1.5},
    Design(layers=2),
    None,
)


@dataclass(frozen=True, slots=True)
class Base:
    kind: str
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Song(Base):
    key: str = "c"
    extra: bool | None = None


@dataclass(frozen=True, slots=True)
class Loose:
    name: str = ""
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holder:
    kind: str
    inside: Base | Part


def test_an_object_comes_back_from_its_document() -> None:
    codec = Codec({})
    document = codec.to_document(THING)
    assert document == {
        "id": "t1",
        "colours": ["blue", "red"],
        "parts": [{"name": "a", "at": "2026-06-18T12:00:00+00:00"}, {"name": "b"}],
        "place": [1, 2],
        "size": [3, 4],
        "figures": {"n": 1.5},
        "design": '{"layers":2}',
        "until": "2026-06-18T12:00:00+00:00",
        "secret": "",
        "free": False,
    }
    assert codec.from_document(Thing, document) == THING


def test_a_shape_renames_leaves_out_and_keeps_nulls() -> None:
    shape = Shape(
        renamed={"until": "ends"},
        omitted=frozenset({"free"}),
        nullable=frozenset({"note"}),
        unstored=frozenset({"secret"}),
    )
    codec = Codec({Thing: shape})
    document = codec.to_document(THING)
    assert document.keys() - {"ends", "note"} == {one.name for one in fields(Thing)} - {
        *("until", "note", "free", "secret", "weight")
    }
    assert document["note"] is None
    assert codec.from_document(Thing, document) == THING


def test_what_a_subclass_adds_is_nested_and_left_out_while_it_is_the_default() -> None:
    codec = Codec({Base: Shape(nested="settings")})
    assert codec.to_document(Base("x")) == {"kind": "x", "amount": 0, "settings": {}}
    song = Song("x", extra=False)
    assert codec.to_document(song) == {"kind": "x", "amount": 0, "settings": {"extra": False}}
    assert codec.from_document(Song, codec.to_document(song)) == song


def test_members_without_a_field_are_ignored_or_taken_by_the_one_that_takes_the_rest() -> None:
    assert Codec({}).from_document(Part, {"name": "a", "new": {"of": "later"}}) == Part("a")
    codec = Codec({Loose: Shape(rest="others")})
    loose = Loose("a", {"tokens": 3})
    assert codec.to_document(loose) == {"name": "a", "tokens": 3}
    assert codec.from_document(Loose, {"name": "a", "tokens": 3}) == loose


def test_the_document_says_which_class_a_member_is_of() -> None:
    chosen = {"inside": lambda document: Song if document["kind"] == "song" else Part}
    codec = Codec({Holder: Shape(chosen=chosen)})
    for holder in (Holder("song", Song("x")), Holder("part", Part("b", NOON))):
        assert codec.from_document(Holder, codec.to_document(holder)) == holder


def test_a_missing_member_that_was_always_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        Codec({}).from_document(Part, {})


def test_what_has_no_document_is_noticed() -> None:
    @dataclass
    class Odd:
        value: set[int]

    with pytest.raises(TypeError):
        Codec({}).to_document(Odd({1}))
    with pytest.raises(TypeError):
        Codec({}).to_document("text")


@pytest.mark.parametrize("kind", KEPT)
def test_what_is_kept_can_be_read(kind: type[Any]) -> None:
    with pytest.raises(KeyError):
        from_document(kind, {})


@pytest.mark.parametrize("kind", SHAPES)
def test_a_shape_names_fields_that_there_are(kind: type[Any]) -> None:
    shape, names = SHAPES[kind], {one.name for one in fields(kind)}
    assert {*shape.renamed, *shape.omitted, *shape.nullable, *shape.unstored, *shape.chosen} <= names
    assert not shape.rest or shape.rest in names


@pytest.mark.parametrize("kind", KEPT)
def test_what_can_be_nothing_is_nothing_by_default(kind: type[Any]) -> None:
    """Nothing is kept as absence, and absence is read as the default."""
    optional = [one for one in fields(kind) if "None" in str(one.type)]
    assert all(one.default in (None, MISSING) for one in optional)
