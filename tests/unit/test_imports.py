"""What an API's function loads before its first request: nothing that only documents, tests or workers need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.paths import ROOT

HEAVY = frozenset({"httpx", "PIL", "numpy", "skia", "boto3", "stripe", "jinja2"})
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
    "api_billing": dialect("api_moondraft") | {"stripe", "darkroom_payments.stripe_payments"},
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


# Modules loaded when a function can take its first request, boto's own left out (and Brotli, which urllib3 loads
# where it is installed, as for tests): every module costs some time, which
# is measured in bench/. A number goes up by decision only.
CEILINGS = {
    "api_agent": 265,
    "api_billing": 250,
    "api_callbacks": 135,
    "api_gencraft": 250,
    "api_memes": 265,
    "api_moondraft": 255,
    "api_pixeldrive": 265,
    "api_platform": 250,
}


@pytest.mark.parametrize("package", CEILINGS)
def test_a_function_loads_no_more_modules_than_it_did(package: str) -> None:
    ready = "core.verifier, core.jobs" if package == "api_callbacks" else "core.authenticate, core.queues"
    code = f"""
import sys, {package}.app
from darkroom.wiring import container
core = container()
{ready}
of_boto = ("botocore", "urllib3", "brotli", "_brotli", "dateutil", "s3transfer")
print(len([name for name in sys.modules if name.partition(".")[0] not in (*sys.stdlib_module_names, *of_boto)]))
"""
    assert int(_run(code)) <= CEILINGS[package]


@pytest.mark.parametrize("package", UNWANTED)
def test_a_function_prepares_for_its_cold_start_before_it_loads_powertools(package: str) -> None:
    code = f"""
import sys, {package}
loaded = list(sys.modules)
assert "darkroom.http.cold_start" in loaded
print([name for name in loaded if name.startswith("aws_lambda_powertools.") and name.count(".") > 2])
"""
    assert _run(code) == "[]"


def _run(code: str) -> str:
    paths = [str(ROOT / "layers" / "core"), str(ROOT / "layers" / "vendors"), str(ROOT / "functions")]
    environment = {"PYTHONPATH": ":".join(paths), "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
