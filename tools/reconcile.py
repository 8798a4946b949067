"""`python -m tools.reconcile STACK`: recomputes balances, holds, charges and usage of a stack, and tells differences.

STACK is a CloudFormation stack's name, or `local` for the one on this machine. Uses the caller's own AWS credentials
and region; it changes nothing but what usage lacks. Exits with 1 if anything was found.
"""

import argparse
import os
import sys
from datetime import UTC, date, datetime
from urllib.parse import urljoin

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from darkroom.domain.reconcile.books import Reconciliation
from darkroom.settings import Settings
from darkroom.wiring import Container
from local.emulator import deploy
from local.emulator.clients import Clients
from local.emulator.environ import functions_environment, variables_of
from local.emulator.info import StackInfo
from tools.errors import LocalError
from tools.paths import LOCAL
from tools.report import complain, say

ON_THIS_MACHINE = "local"


def main() -> int:
    """Reconcile, or say in one line why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.reconcile", description=__doc__)
    parser.add_argument("stack", help="the CloudFormation stack's name, or local")
    parser.add_argument("--since", type=date.fromisoformat, help="from which day on charges are looked at")
    arguments = parser.parse_args()
    day: date | None = arguments.since
    since = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    try:
        result = _run(arguments.stack, since)
    except (ClientError, BotoCoreError, LocalError) as error:
        complain(f"{arguments.stack}: {error}; are the name, your AWS credentials and your region right?")
        return 1
    return told(result)


def _run(stack: str, since: datetime | None) -> Reconciliation:
    if stack == ON_THIS_MACHINE:
        clients = Clients(urljoin(StackInfo.read(LOCAL / "stack.json").base_url, "/").rstrip("/"))
        with functions_environment(clients.endpoint, deploy.outputs(clients)):
            return reconciled(Container(Settings.from_environment()), since)
    stacks = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])}
    os.environ.update(variables_of(outputs))
    return reconciled(Container(Settings.from_environment()), since)


def reconciled(core: Container, since: datetime | None) -> Reconciliation:
    """One run to its end, in this process."""
    turn = core.reconcile.begin(since)
    while (following := core.reconcile(turn, lambda: True)) is not None:
        turn = following
    result = core.book_reader.last()
    if result is None:
        raise LocalError("the result was not kept")
    return result


def told(result: Reconciliation) -> int:
    """Say what was found; the command's exit code."""
    for one in result.differences:
        complain(
            f"{one.kind} {one.owner.key}: {one.what} is {one.found}, not {one.expected} ({', '.join(one.rows)})"
        )
    say(
        f"{result.owners} wallets, {result.entries} entries, {result.jobs} jobs: {result.found} differences, "
        f"{result.recounted} recounted, {result.undecided} undecided"
    )
    return 1 if result.found else 0


if __name__ == "__main__":
    sys.exit(main())
