"""Which packages of a folder a package needs, itself among them."""

import ast
from collections.abc import Iterator
from pathlib import Path


def closure(folder: Path, package: str) -> list[str]:
    """The sorted names of every package in ``folder`` that ``package`` imports, directly or not, and of itself."""
    needed: set[str] = set()
    waiting = [package]
    while waiting:
        name = waiting.pop()
        if name not in needed and (folder / name).is_dir():
            needed.add(name)
            waiting.extend(_imported(folder / name))
    return sorted(needed)


def _imported(package: Path) -> Iterator[str]:
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes(), path)):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]
