"""What an API's function loads before its first request: nothing that only documents, tests or workers need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.paths import ROOT

HEAVY = frozenset({"httpx", "PIL", "numpy", "skia", "boto3"})
DOCUMENTING = frozenset(
    {
        "aws_lambda_powertools.event_handler.openapi.models",
        "email_validator",
        "darkroom.http.openapi",
        "darkroom.http.resource",
        "darkroom.http.generation_resources",
    }
)
FETCHING = frozenset({"darkroom.adapters.fetch"})


def dialect(package: str) -> frozenset[str]:
    return HEAVY | DOCUMENTING | FETCHING | {f"{package}.operations", f"{package}.resources"}


# Package → what it must not have loaded.
UNWANTED: dict[str, frozenset[str]] = {
    "api_agent": dialect("api_agent"),
    "api_callbacks": HEAVY | {"darkroom.services.jobs.execute_task", "darkroom_vendors.client"},
    "api_gencraft": dialect("api_gencraft"),
    "api_memes": dialect("api_memes"),
    "api_moondraft": dialect("api_moondraft"),
    "api_pixeldrive": dialect("api_pixeldrive"),
    "api_platform": dialect("api_platform"),
}


def test_every_api_is_looked_at() -> None:
    assert {folder.name for folder in (ROOT / "functions").glob("api_*")} == set(UNWANTED)


@pytest.mark.parametrize("package", UNWANTED)
def test_a_function_loads_only_what_requests_need(package: str) -> None:
    unwanted = sorted(UNWANTED[package])
    code = f"import sys, {package}.app\nprint(sorted(set({unwanted!r}) & set(sys.modules)))"
    paths = [str(ROOT / "layers" / "core"), str(ROOT / "functions")]
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(paths)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"
