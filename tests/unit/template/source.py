"""The template as it is written, its short forms read as the functions they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import yaml

from tools.paths import ROOT

type Block = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms: ``!Ref X`` as ``{"Ref": "X"}``."""


def _short(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> Any:
    key = name if name in ("Ref", "Condition") else f"Fn::{name}"
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    if isinstance(node, yaml.MappingNode):
        return {key: loader.construct_mapping(node, deep=True)}
    text = loader.construct_scalar(cast("yaml.ScalarNode", node))
    return {key: str(text).split(".", 1)} if name == "GetAtt" else {key: text}


_Loader.add_multi_constructor("!", _short)


@cache
def read(name: str = "template.yaml") -> Block:
    """A template of the project by its path."""
    block: Block = yaml.load((ROOT / name).read_text(), _Loader)  # noqa: S506 - a SafeLoader
    return block


def resources(kind: str, name: str = "template.yaml") -> dict[str, Block]:
    """The properties of every resource of a type, by logical id."""
    every = read(name)["Resources"].items()
    return {id_: resource.get("Properties", {}) for id_, resource in every if resource["Type"] == kind}


def named(value: Any) -> Iterator[str]:
    """The logical ids a value refers to."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key == "Ref":
                yield inside
            elif key == "Fn::GetAtt":
                yield inside[0]
            elif key == "Fn::Sub":
                yield from re.findall(r"\$\{(\w+)", inside if isinstance(inside, str) else inside[0])
            else:
                yield from named(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from named(inside)


def statements(value: Any) -> Iterator[Block]:
    """The statements of policies, however deep they are."""
    if isinstance(value, dict) and {"Effect", "Action"} <= value.keys():
        yield value
    elif isinstance(value, dict | list):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from statements(inside)
