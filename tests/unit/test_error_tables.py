"""Every API's error table held against the tree of errors."""

from __future__ import annotations

from importlib import import_module

import pytest

from darkroom.domain import errors
from darkroom.http.errors import ErrorTable
from tools.paths import ROOT

# Vendors that call back are told nothing but a status, and what sells credits answers in its dialects' words.
DIALECTS = sorted(
    {folder.name for folder in (ROOT / "functions").glob("api_*")} - {"api_billing", "api_callbacks"}
)


def test_there_are_dialects() -> None:
    assert "api_platform" in DIALECTS


@pytest.mark.parametrize("package", DIALECTS)
def test_every_error_has_its_row_and_nothing_else_has(package: str) -> None:
    table: ErrorTable = import_module(f"{package}.errors").TABLE
    # Tests may have errors of their own.
    ours = {leaf for leaf in errors.leaves() if leaf.__module__.partition(".")[0] != "tests"}
    assert set(table.rows) == ours
