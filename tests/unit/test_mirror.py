"""Tests lie where what they test lies: the test of a module is found by the module's path."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.paths import ROOT

UNIT = ROOT / "tests/unit"

# Folder of tests → the source it mirrors. Files right in tests/unit are about the repository as a whole.
MIRRORED: dict[str, Path] = {
    "core": ROOT / "layers/core/darkroom",
    "vendors": ROOT / "layers/vendors/darkroom_vendors",
    "payments": ROOT / "layers/payments/darkroom_payments",
    "graphics": ROOT / "layers/graphics/darkroom_graphics",
    "type": ROOT / "layers/type/darkroom_type",
    "renderer": ROOT / "layers/renderer/darkroom_renderer",
    "fonts": ROOT / "layers/fonts/darkroom_fonts",
    "sandbox": ROOT / "layers/sandbox/darkroom_sandbox",
    "functions": ROOT / "functions",
    "gencraft_mcp": ROOT / "clients/gencraft-mcp/gencraft_mcp",
    "darkroom_client": ROOT / "clients/python/darkroom_client",
    "local": ROOT / "local",
    "tools": ROOT / "tools",
    "harness": ROOT / "tests/harness",
    "layers": ROOT / "layers",
    "template": ROOT / "infra",
}
WHOLE = {"layers", "template"}  # about a part of the repository that is no package

LONG = 40  # lines of code of a module of the inside that has tests of its own
INSIDE = ("domain", "services")

TESTS = sorted(path for path in UNIT.rglob("test_*.py") if path.parent != UNIT)


def subject(test: Path) -> Path | None:
    """The module or package that a test is about: the longest beginning of its name that is one.

    A package's folder may have tests of the package as a whole, named after it. The tests in a function's folder
    that name none of its modules are about the function as a whole.
    """
    room, *folders = test.relative_to(UNIT).parts[:-1]
    if room not in MIRRORED:
        return None
    source = MIRRORED[room].joinpath(*folders)
    words = test.stem.removeprefix("test_").split("_")
    for count in range(len(words), 0, -1):
        named = source / "_".join(words[:count])
        if named.is_dir() or named.with_suffix(".py").is_file():
            return named.with_suffix("")
    of_function = room == "functions" and len(folders) == 1 and source.is_dir()
    whole = room in WHOLE or of_function or words[0] == source.name
    return source if whole else None


def lines_of_code(path: Path) -> int:
    """The lines on which a statement begins, texts left out."""
    statements = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.stmt))
    return len({node.lineno for node in statements if not _is_text(node)})


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def long_modules() -> Iterator[Path]:
    """The modules of the inside that are long enough to have tests of their own."""
    for room in INSIDE:
        for path in sorted((MIRRORED["core"] / room).rglob("*.py")):
            if path.name != "__init__.py" and lines_of_code(path) > LONG:
                yield path.with_suffix("")


LONG_MODULES = list(long_modules())
SUBJECTS = {test: subject(test) for test in TESTS}


def test_there_are_tests_and_long_modules() -> None:
    assert len(TESTS) > 100
    assert len(LONG_MODULES) > 20


@pytest.mark.parametrize("test", TESTS, ids=lambda test: str(test.relative_to(UNIT)))
def test_a_test_lies_where_its_module_lies(test: Path) -> None:
    assert SUBJECTS[test] is not None, (
        "name it after a module at the same path, with what it is about after that"
    )


@pytest.mark.parametrize("module", LONG_MODULES, ids=lambda path: str(path.relative_to(MIRRORED["core"])))
def test_a_long_module_has_tests_of_its_own(module: Path) -> None:
    assert {module, module.parent} & set(SUBJECTS.values())
