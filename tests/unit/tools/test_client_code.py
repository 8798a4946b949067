"""The Python client is the documents'."""

from __future__ import annotations

import pytest

from tools import client_code


def test_the_generated_modules_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert client_code.main(["--check"]) == 0, capsys.readouterr().err
