"""Powertools' packages, put in place without being run, give what they give when they are run."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from darkroom.http.cold_start import PACKAGES
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


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_the_one_the_package_gives_when_it_is_run(package: str) -> None:
    """Compared by where it was defined: the two packages are of two processes."""
    code = f"""
import {package} as package
names = {_names(package)!r}
print([(name, getattr(package, name).__module__, getattr(package, name).__qualname__) for name in names])
"""
    assert run("import darkroom.http.cold_start\n" + code) == run(code)


def _names(package: str) -> list[str]:
    return list(import_module(package).__all__)


@pytest.mark.parametrize(
    "module",
    ["utilities.data_classes.sqs_event", "utilities.batch", "event_handler.appsync", "event_handler.router"],
)
def test_any_module_can_be_the_first_to_be_imported(module: str) -> None:
    code = f"import darkroom.http.cold_start, aws_lambda_powertools.{module} as found\nprint(found.__name__)"
    assert run(code) == f"aws_lambda_powertools.{module}"


def test_a_known_name_does_not_run_the_package() -> None:
    code = """
import sys
import darkroom.http.cold_start
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, content_types
print("asyncio" in sys.modules, APIGatewayHttpResolver.__module__, content_types.APPLICATION_JSON)
"""
    assert run(code) == "False aws_lambda_powertools.event_handler.api_gateway application/json"


def test_what_the_package_defines_is_had_by_running_it() -> None:
    code = """
import darkroom.http.cold_start
from aws_lambda_powertools import __version__
from aws_lambda_powertools.event_handler import AppSyncResolver, Response, api_gateway
from aws_lambda_powertools.utilities.data_classes import SQSEvent
print(AppSyncResolver.__name__, SQSEvent.__name__, Response is api_gateway.Response, type(__version__).__name__)
"""
    assert run(code) == "AppSyncResolver SQSEvent True str"


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
