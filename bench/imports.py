"""What an API function's cold start costs beside bare boto3 with the same clients. Budget: 1.5 ×, aim 1.25 ×."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from tools.paths import ROOT

ROUNDS = 7

BARE = """
import boto3
for service in ("dynamodb", "sqs"):
    boto3.client(service)
"""
OURS = """
import api_memes.app
from darkroom.wiring import container
core = container()
core.submit_job, core.authenticate, core.queues
"""
ENVIRONMENT = {
    "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("layers/core", "functions")),
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "PATH": os.environ.get("PATH", ""),
}


def seconds(program: str) -> float:
    """Wall time of the program's own statements in a fresh interpreter, the interpreter's start left out."""
    timed = f"import time\nstarted = time.perf_counter()\n{program}\nprint(time.perf_counter() - started)"
    done = subprocess.run(
        [sys.executable, "-c", timed], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    return float(done.stdout.split()[-1])


def run() -> None:
    """Print both medians and their ratio. Rounds alternate, so that a busy machine hits both."""
    rounds = [(seconds(BARE), seconds(OURS)) for _ in range(ROUNDS + 1)][1:]
    bare, ours = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"bare boto3 with the same clients  {bare * 1000:6.0f} ms")
    print(f"api_memes, ready for a request    {ours * 1000:6.0f} ms")
    print(f"ratio                             {ours / bare:6.2f}  (budget 1.50, aim 1.25)")
