"""What a cold start of each API function costs beside bare boto3 with the same clients. Budget: 1.5 ×, aim 1.25 ×.

Both sides are as AWS has them: the artifacts `sam build` made and a copy of boto3 (which Lambda brings), compiled the
same way, in an interpreter that sees nothing else. Ours is the handler's module and what a typical request of the
function needs, with its clients made; theirs is `import boto3` and the same clients.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from typing import Any

import yaml

from tools import lambda_runtime
from tools.build import build
from tools.paths import BUILD

ROUNDS = 15

# What a typical request asks the container for; the clients come with it.
SUBMITTING = "core.authenticate, core.submit_job, core.queues"
READY = {
    "ApiAgent": SUBMITTING,
    "ApiCallbacks": "core.master_secret, core._master, core.jobs, core.queues",
    "ApiGencraft": SUBMITTING,
    "ApiMemes": SUBMITTING,
    "ApiMoondraft": SUBMITTING,
    "ApiPixeldrive": "core.authenticate, core.request_render, core.queues",
    "ApiPlatform": "core.authenticate, core.manage_keys",
}

OURS = """
import importlib
importlib.import_module({handler!r})
from darkroom.wiring import container
core = container()
{ready}
"""
BARE = """
import boto3
for service in {clients!r}:
    boto3.client(service)
"""
TIMED = """
import sys, time
sys.path[:0] = {path!r}
started = time.perf_counter(), time.process_time()
{program}
print(time.perf_counter() - started[0], time.process_time() - started[1])
"""
# Says which clients our side made, so that the other side makes the same.
COUNTED = """
import sys
sys.path[:0] = {path!r}
import botocore.session
made = []
create = botocore.session.Session.create_client
def counted(self, service, *args, **kwargs):
    made.append(service)
    return create(self, service, *args, **kwargs)
botocore.session.Session.create_client = counted
{program}
print(*made)
"""
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "SECRET_MASTER_ARN": "arn:aws:secretsmanager:us-east-1:1:secret:master",
}


def run() -> None:
    """Print, for each function, both medians and the median of the ratios of pairs run one after the other."""
    build()
    template = yaml.safe_load((BUILD / "template.yaml").read_text())
    print(
        "function        clients                     bare    ours   ratio  CPU ratio  (budget 1.50, aim 1.25)"
    )
    for name, ready in READY.items():
        _compare(name, ready, template)


def _compare(name: str, ready: str, template: dict[str, Any]) -> None:
    path, handler = _artifact(name, template)
    runtime = str(lambda_runtime.folder())
    ours = OURS.format(handler=handler, ready=ready)
    clients = _run(COUNTED, ours, [*path, runtime])
    bare = BARE.format(clients=clients)
    pairs = [(_seconds(bare, [runtime]), _seconds(ours, [*path, runtime])) for _ in range(ROUNDS + 1)][1:]
    wall, cpu = (statistics.median(our[kind] / bare[kind] for bare, our in pairs) for kind in (0, 1))
    medians = [statistics.median(side[0] for side in column) * 1000 for column in zip(*pairs, strict=True)]
    print(
        f"{name:15} {' '.join(clients):24} {medians[0]:5.0f} ms {medians[1]:5.0f} ms {wall:6.2f} {cpu:9.2f}"
    )


def _artifact(name: str, template: dict[str, Any]) -> tuple[list[str], str]:
    """A function's folders in the order Lambda looks at them, and its handler's module."""
    properties = template["Resources"][name]["Properties"]
    layers = [*template["Globals"]["Function"]["Layers"], *properties.get("Layers", ())]
    folders = [BUILD / name, *(BUILD / layer["Ref"] / "python" for layer in layers)]
    return [str(folder) for folder in folders], properties["Handler"].rpartition(".")[0]


def _seconds(program: str, path: list[str]) -> tuple[float, float]:
    wall, cpu = _run(TIMED, program, path)
    return float(wall), float(cpu)


def _run(template: str, program: str, path: list[str]) -> list[str]:
    """The words a program prints last, in a fresh interpreter that sees nothing but ``path``."""
    code = template.format(path=path, program=program)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    return done.stdout.splitlines()[-1].split()
