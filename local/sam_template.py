"""The built template as `sam local` can run it: every function with the variables it has on the running local stack.

`sam local` runs functions in Docker and knows nothing of what the stack deployed: a `!Ref` of a table would be a name
that nothing has, and AWS the real one.
"""

from pathlib import Path

import yaml

from local.emulator import deploy, package
from local.emulator.clients import Clients
from tools.paths import BUILD


def write(clients: Clients) -> Path:
    """Write it beside the built template, whose folders it names; returns where. The stack must be up."""
    template = package.load()
    functions = deploy.resources(clients, "AWS::Lambda::Function")
    for name in package.resource_names(template, "AWS::Serverless::Function"):
        deployed = clients.functions.get_function_configuration(FunctionName=functions[name])
        variables = {**deployed["Environment"]["Variables"], "AWS_ENDPOINT_URL": clients.endpoint}
        template["Resources"][name]["Properties"]["Environment"] = {"Variables": variables}
    path = BUILD / "local.yaml"
    path.write_text(yaml.safe_dump(template, sort_keys=False))
    return path
