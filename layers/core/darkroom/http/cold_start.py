"""What makes an API function's cold start shorter; imported before anything else by each of them.

Powertools' packages import all they hold: asking for the HTTP resolver alone would also load the resolvers of AppSync
and Bedrock, asyncio and thirty kinds of event, a tenth of a cold start. Here a package is put in place without being
run: a name it is known to take from one of its modules comes from there, a module's own name is that module, and any
other name runs the package after all.

Python's collector looks for garbage after every two thousand objects, and loading modules makes hundreds of thousands
that stay: looking them through is another twentieth. So it looks less often.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any, Final

# Package → name → the package's module it comes from. Parents come before what they hold.
ORIGINS: Final[dict[str, dict[str, str]]] = {
    "aws_lambda_powertools": {
        "Logger": "logging",
        "Metrics": "metrics",
        "single_metric": "metrics",
        "Tracer": "tracing",
    },
    "aws_lambda_powertools.event_handler": {
        "APIGatewayHttpResolver": "api_gateway",
        "ApiGatewayResolver": "api_gateway",
        "CORSConfig": "api_gateway",
        "Response": "api_gateway",
    },
    "aws_lambda_powertools.utilities.data_classes": {
        "ALBEvent": "alb_event",
        "APIGatewayProxyEvent": "api_gateway_proxy_event",
        "APIGatewayProxyEventV2": "api_gateway_proxy_event",
        "BedrockAgentEvent": "bedrock_agent_event",
        "LambdaFunctionUrlEvent": "lambda_function_url_event",
        "VPCLatticeEvent": "vpc_lattice",
        "VPCLatticeEventV2": "vpc_lattice",
    },
}

_PUBLIC: Final = frozenset({"__all__", "__version__"})

# New objects before the collector looks for garbage: some tens of megabytes at worst.
OBJECTS: Final = 100_000


def load_lazily() -> None:
    """Put each package in place, unless something has loaded it already."""
    for package, origins in ORIGINS.items():
        if package not in sys.modules:
            _place(package, origins)


def _place(package: str, origins: Mapping[str, str]) -> None:
    spec = find_spec(package)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(package)
    module, loader = module_from_spec(spec), spec.loader

    def attribute(name: str) -> Any:
        if name.startswith("__") and name not in _PUBLIC:
            raise AttributeError(name)  # Python looks for some that no package has
        if name in origins:
            return getattr(import_module(f"{package}.{origins[name]}"), name)
        if find_spec(f"{package}.{name}"):
            return import_module(f"{package}.{name}")
        del vars(module)["__getattr__"]
        loader.exec_module(module)
        return getattr(module, name)

    vars(module)["__getattr__"] = attribute
    sys.modules[package] = module
    parent, _, child = package.rpartition(".")
    if parent:
        setattr(import_module(parent), child, module)


gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
load_lazily()
