"""`python -m tools.operator_key STACK`: the first admin key of a stack on AWS, printed once.

Uses the caller's own AWS credentials and region. The operator gets a workspace of its own; every later workspace
and key is made through the platform API with the key this prints.
"""

import argparse
import os
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from darkroom.domain.accounts.api_keys import Scope
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.settings import Settings
from darkroom.wiring import Container
from local.emulator.environ import variables_of
from tools.errors import LocalError
from tools.report import complain, say


def main() -> int:
    """Mint the key, or say in one line why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.operator_key", description=__doc__)
    parser.add_argument("stack", help="the CloudFormation stack's name")
    try:
        secret = mint(parser.parse_args().stack)
    except LocalError as error:
        complain(str(error))
        return 1
    say(secret)
    return 0


def mint(stack_name: str) -> str:
    """An admin key of a new operator's workspace on the named stack. Raises LocalError."""
    try:
        stacks = boto3.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])}
        os.environ.update(variables_of(outputs))
        core = Container(Settings.from_environment())
        operator = core.open_workspace("Operator")
        key_request = KeyRequest("operator", "admin", scopes=frozenset(Scope))
        return core.issue_key(operator.id, key_request)[1]
    except (ClientError, BotoCoreError) as error:
        raise LocalError(f"{stack_name}: {error}; are your AWS credentials and region set?") from error


if __name__ == "__main__":
    sys.exit(main())
