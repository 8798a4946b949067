"""The template as it is written, its short forms read as the functions they stand for."""

from __future__ import annotations

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
