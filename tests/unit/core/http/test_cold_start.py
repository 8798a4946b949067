"""Powertools' packages, put in place without being run, give what they give when they are run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from darkroom.http.cold_start import ORIGINS
from tools.paths import ROOT


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "layers" / "core")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("package", "name"), [(package, name) for package in ORIGINS for name in ORIGINS[package]]
)
def test_a_name_comes_from_where_the_package_takes_it(package: str, name: str) -> None:
    module = f"{package}.{ORIGINS[package][name]}"
    assert run(
        f"from importlib import import_module as load; print(load({package!r}).{name} is load({module!r}).{name})"
    )


def test_a_known_name_does_not_run_the_package() -> None:
    code = """
import sys
import darkroom.http.cold_start
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, content_types
print("asyncio" in sys.modules, APIGatewayHttpResolver.__module__, content_types.APPLICATION_JSON)
"""
    assert run(code) == "False aws_lambda_powertools.event_handler.api_gateway application/json"


def test_any_other_name_runs_the_package() -> None:
    code = """
import darkroom.http.cold_start
from aws_lambda_powertools import __version__
from aws_lambda_powertools.event_handler import AppSyncResolver, Response, api_gateway
from aws_lambda_powertools.utilities.data_classes import SQSEvent
print(AppSyncResolver.__name__, SQSEvent.__name__, Response is api_gateway.Response)
"""
    assert run(code) == "AppSyncResolver SQSEvent True"


def test_a_name_nobody_has_is_an_import_error() -> None:
    code = """
import darkroom.http.cold_start
try:
    from aws_lambda_powertools.event_handler import Nothing
except ImportError as error:
    print(error.name)
"""
    assert run(code) == "aws_lambda_powertools.event_handler"


def test_packages_that_are_loaded_already_stay_as_they_are() -> None:
    code = """
import aws_lambda_powertools as before
import darkroom.http.cold_start, sys
print(sys.modules["aws_lambda_powertools"] is before)
"""
    assert run(code) == "True"
