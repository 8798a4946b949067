"""Dataclasses as plain JSON documents and back, from nothing but their fields.

A class is inspected once, when the first of its objects is met: the result is a plan with one line per field, and
an object is read or written by walking the plan. Absent and ``None`` are the same, unknown members are ignored, times
are ISO 8601, enumerations their values, sets sorted lists. A class that differs from that has a :class:`Shape`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeAliasType, Union, get_args, get_origin, get_type_hints

type Document = dict[str, Any]
type _Convert = Callable[[Any], Any]
type _Both = tuple[_Convert | None, _Convert | None]  # how to write and how to read; None: as it is
type _Choice = Callable[[Mapping[str, Any]], type]
type _Spelling = tuple[_Convert, Callable[[Mapping[str, Any]], Any]]  # reads from the whole

_PLAIN = (str, int, float, bool, Any)


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the documents of a class, and of those made from it, differ from its fields.

    ``renamed`` says what a field is called in the document. Fields in ``omitted`` are left out while they have their
    default, those in ``nullable`` are there as null when they are ``None``, and those in ``unstored`` are not kept.
    ``chosen`` tells from the whole document which class a field's member is read as. ``nested`` names the member that
    holds the fields a subclass adds, each left out while it has its default; ``rest`` names the field that takes
    every member no other field is for. ``spelled`` is for members whose meaning other members decide.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    omitted: frozenset[str] = frozenset()
    nullable: frozenset[str] = frozenset()
    unstored: frozenset[str] = frozenset()
    chosen: Mapping[str, _Choice] = field(default_factory=dict)
    nested: str = ""
    rest: str = ""
    spelled: Mapping[str, _Spelling] = field(default_factory=dict)


class _Line(NamedTuple):
    """What is done with one field. ``key`` is its member; one that is ``required`` cannot be absent."""

    name: str
    key: str
    write: _Convert | None
    read: _Convert | None
    chosen: _Choice | None
    spelled: Callable[[Mapping[str, Any]], Any] | None
    default: Any
    omitted: bool
    nullable: bool
    required: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    own: tuple[_Line, ...]
    added: tuple[_Line, ...]
    known: frozenset[str]
    shape: Shape


class Codec:
    """Reads and writes dataclasses in the given shapes."""

    def __init__(self, shapes: Mapping[type, Shape]) -> None:
        self._shapes = shapes
        self._plans: dict[type, _Plan] = {}

    def to_document(self, thing: Any) -> Document:
        """An object as plain JSON values.

        Raises
        ------
        TypeError
            Its class, or that of something in it, has no document.
        """
        plan = self._plan(type(thing))
        document = _written(plan.own, thing)
        if plan.shape.nested:
            document[plan.shape.nested] = _written(plan.added, thing)
        return {**getattr(thing, plan.shape.rest), **document} if plan.shape.rest else document

    def from_document[T](self, kind: type[T], document: Mapping[str, Any]) -> T:
        """The object of that class that :meth:`to_document` made the document of.

        Raises
        ------
        KeyError
            A member is missing that the class has no default for.
        """
        plan = self._plan(kind)
        values = self._values(plan.own, document)
        if plan.shape.nested:
            values |= self._values(plan.added, document.get(plan.shape.nested) or {})
        if plan.shape.rest:
            values[plan.shape.rest] = {name: it for name, it in document.items() if name not in plan.known}
        return kind(**values)

    def _values(self, lines: tuple[_Line, ...], document: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for line in lines:
            value = document.get(line.key)
            if value is None:
                if line.required:
                    raise KeyError(line.key)
                if line.default is MISSING:
                    values[line.name] = None
            elif line.spelled is not None:
                values[line.name] = line.spelled(document)
            elif line.chosen is not None:
                values[line.name] = self.from_document(line.chosen(document), value)
            else:
                values[line.name] = value if line.read is None else line.read(value)
        return values

    def _plan(self, kind: type) -> _Plan:
        plan = self._plans.get(kind)
        if plan is None:
            plan = self._plans[kind] = self._planned(kind)
        return plan

    def _planned(self, kind: type) -> _Plan:
        if not is_dataclass(kind):
            raise TypeError(f"{kind.__name__} is no dataclass")
        base = next((one for one in kind.__mro__ if one in self._shapes), kind)
        shape, hints = self._shapes.get(base, Shape()), get_type_hints(kind)
        inherited = {one.name for one in fields(base)} if shape.nested else frozenset(hints)
        kept = [one for one in fields(kind) if one.name not in shape.unstored and one.name != shape.rest]
        lines = [self._line(one, hints[one.name], shape, added=one.name not in inherited) for one in kept]
        return _Plan(
            own=tuple(line for line in lines if line.name in inherited),
            added=tuple(line for line in lines if line.name not in inherited),
            known=frozenset(line.key for line in lines),
            shape=shape,
        )

    def _line(self, one: Field[Any], hint: Any, shape: Shape, *, added: bool) -> _Line:
        chosen = shape.chosen.get(one.name)
        write, read = (self.to_document, None) if chosen else self._conversions(hint)
        write, spelled = shape.spelled.get(one.name, (write, None))
        default = one.default if one.default_factory is MISSING else one.default_factory()
        return _Line(
            name=one.name,
            key=shape.renamed.get(one.name, one.name),
            write=write,
            read=read,
            chosen=chosen,
            spelled=spelled,
            default=default,
            omitted=added or one.name in shape.omitted,
            nullable=one.name in shape.nullable,
            required=default is MISSING and type(None) not in get_args(_plain_hint(hint)),
        )

    def _conversions(self, hint: Any) -> _Both:
        """How a value of that type is written and read.

        Raises
        ------
        TypeError
            There is no rule for the type.
        """
        hint = _plain_hint(hint)
        origin, inside = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            inside = tuple(one for one in inside if one is not type(None))
            if len(inside) == 1:
                return self._conversions(inside[0])
        if origin is Literal or all(one in _PLAIN for one in (inside if origin in _UNIONS else (hint,))):
            return None, None
        if origin is not None:
            return self._conversions_of_many(origin, inside)
        return self._conversions_of_class(hint)

    def _conversions_of_many(self, origin: Any, inside: tuple[Any, ...]) -> _Both:
        if issubclass(origin, Mapping):
            return dict, None
        write, read = self._conversions(inside[0])
        if origin is frozenset:
            return (sorted if write is None else _each(write, sorted)), _each(read, frozenset)
        if origin is tuple:
            return _each(write, list), _each(read, tuple)
        raise TypeError(f"a {origin.__name__} has no document")

    def _conversions_of_class(self, kind: type) -> _Both:
        if issubclass(kind, Enum):
            return attrgetter("value"), kind
        if kind is datetime:
            return datetime.isoformat, datetime.fromisoformat
        if is_dataclass(kind):
            return self.to_document, lambda document: self.from_document(kind, document)
        if issubclass(kind, tuple):  # a named one
            return list, lambda items: kind(*items)
        if hasattr(kind, "model_validate_json"):
            # Validated models come with aliases of their own, and nothing ever looks inside: they are kept as text.
            return _model_text, kind.model_validate_json
        raise TypeError(f"{kind.__name__} has no document")


_UNIONS = (Union, types.UnionType)


def _written(lines: tuple[_Line, ...], thing: Any) -> Document:
    document: Document = {}
    for line in lines:
        value = getattr(thing, line.name)
        if value is None:
            if line.nullable:
                document[line.key] = None
        elif not (line.omitted and value == line.default):
            document[line.key] = value if line.write is None else line.write(value)
    return document


def _plain_hint(hint: Any) -> Any:
    return hint.__value__ if isinstance(hint, TypeAliasType) else hint


def _each(convert: _Convert | None, collect: Callable[[Any], Any]) -> _Convert:
    return collect if convert is None else lambda items: collect(map(convert, items))


def _model_text(model: Any) -> str:
    return str(model.model_dump_json(by_alias=True, exclude_none=True))
