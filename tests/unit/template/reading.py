"""Which settings a function can read, seen from its source.

What counts is its own modules, what they ask the container for, and how the container makes that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

from darkroom.settings import Settings
from tools.paths import ROOT

CORE = ROOT / "layers/core"
FUNCTIONS = ROOT / "functions"
SHARED = ("darkroom.http", "darkroom.entrypoints")  # what entries are made of, and so may ask the container
SETTINGS = frozenset(field.name for field in fields(Settings))


@cache
def readable(function: str) -> frozenset[str]:
    """The settings that code of ``functions/<function>`` can come to read."""
    asked = {name for path in _modules(function) for name in _attributes(path)}
    seen: set[str] = set()
    waiting = [name for name in asked if name in _members()]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [used for used in _members()[name] if used in _members()]
    found = {used for name in seen for used in _members()[name] if used in SETTINGS}
    return frozenset(found | (asked & SETTINGS))


@cache
def _members() -> dict[str, frozenset[str]]:
    """The container's members by name, each with every attribute its body names."""
    members: dict[str, frozenset[str]] = {}
    for path in sorted((CORE / "darkroom/wiring").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                members[node.name] = members.get(node.name, frozenset()) | frozenset(_names(node))
    return members


def _modules(function: str) -> Iterator[Path]:
    """A function's own modules, and the shared ones they import, directly or not."""
    waiting = sorted((ROOT / "functions" / function).rglob("*.py"))
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imported(path)
            yield path


def _imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        modules = (
            [f"{node.module}.{name}" for name in names] + [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else names
        )
        for module in modules:
            found = CORE / f"{module.replace('.', '/')}.py"
            if module.startswith(SHARED) and found.exists():
                yield found
            of_another = FUNCTIONS / f"{module.replace('.', '/')}.py"
            if of_another.exists():
                yield of_another


def _attributes(path: Path) -> set[str]:
    return set(_names(ast.parse(path.read_text())))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
