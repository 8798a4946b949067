"""Which writes a function can come to commit, seen from its source.

What counts is its own modules, what they import, and how the container makes what they ask it for. A module that is
imported for one of its names counts as a whole, so this may say too much and never too little.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.paths import ROOT

CORE = ROOT / "layers/core"
WIRING = "darkroom.wiring"
WRITES = "darkroom.domain.writes"
ROOTS = (CORE, ROOT / "functions", *sorted((ROOT / "layers").glob("*")))


@cache
def committed(function: str) -> frozenset[str]:
    """The names of the writes that modules which ``functions/<function>`` can come to run import."""
    found: set[str] = set()
    for path in _reached(function):
        if not path.is_relative_to(CORE / "darkroom/domain/writes") and "adapters" not in path.parts:
            found |= {name for module, name in _imports(_tree(path)) if module.startswith(WRITES)}
    return frozenset(found)


@cache
def mentions(function: str, text: str) -> bool:
    """Whether one of those modules, adapters left out, has the text."""
    return any(text in path.read_text() for path in _reached(function) if "adapters" not in path.parts)


@cache
def called(function: str) -> frozenset[str]:
    """The names of all that those modules, adapters left out, take from anything."""
    own = (path for path in _reached(function) if "adapters" not in path.parts)
    return frozenset(name for path in own for name in _attributes(_tree(path)))


@cache
def _reached(function: str) -> frozenset[Path]:
    waiting: list[ast.AST | Path] = [*sorted((ROOT / "functions" / function).rglob("*.py"))]
    seen: set[Path] = set()
    asked: set[str] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Path):
            if one in seen:
                continue
            seen.add(one)
        tree = _tree(one) if isinstance(one, Path) else one
        waiting += [path for module, name in _imports(tree) for path in _files(module, name)]
        in_services = isinstance(one, Path) and "services" in one.parts
        # Services are given what they use; entries, presenters and the container itself ask for it.
        new = set() if in_services else {name for name in _attributes(tree) if name in _members()} - asked
        asked |= new
        waiting += [member for name in new for member in _members()[name]]
    return frozenset(seen)


@cache
def _files(module: str, name: str) -> tuple[Path, ...]:
    if module.startswith(WIRING):
        return ()
    return tuple(_existing(module)) + tuple(_existing(f"{module}.{name}"))


def _existing(dotted: str) -> Iterator[Path]:
    place = dotted.replace(".", "/")
    both = (root / name for root in ROOTS for name in (f"{place}.py", f"{place}/__init__.py"))
    return (file for file in both if file.exists())


@cache
def _members() -> dict[str, tuple[ast.FunctionDef, ...]]:
    members: dict[str, tuple[ast.FunctionDef, ...]] = {}
    for path in sorted((CORE / "darkroom/wiring").rglob("*.py")):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef):
                members[node.name] = (*members.get(node.name, ()), node)
    return members


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def _imports(tree: ast.AST) -> tuple[tuple[str, str], ...]:
    """Every name that is imported to be used, not only for annotations, with its module."""
    found: list[tuple[str, str]] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found += ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            found += ((alias.name, "") for alias in node.names)
        waiting += ast.iter_child_nodes(node)
    return tuple(found)


@cache
def _attributes(tree: ast.AST) -> frozenset[str]:
    return frozenset(node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))
