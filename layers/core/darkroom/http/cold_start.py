"""What makes an API function's cold start shorter; imported before anything else by each of them.

Powertools' packages import all they hold: asking for the HTTP resolver alone would also load the resolvers of AppSync
and Bedrock, asyncio and thirty kinds of event, a tenth of a cold start. Here a package is put in place without being
run: a name it imports comes from where it would import it from, a module's own name is that module, and only what
the package itself defines runs it after all.

Python's collector looks for garbage after every two thousand objects, and loading modules makes hundreds of thousands
that stay: looking them through is another twentieth. So it looks less often.
"""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.util import find_spec, module_from_spec
from typing import Any, Final

_PUBLIC: Final = frozenset({"__all__", "__version__"})

# Parents come before what they hold.
PACKAGES: Final = (
    "aws_lambda_powertools",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.data_classes",
)

# New objects before the collector looks for garbage: some tens of megabytes at worst.
OBJECTS: Final = 200_000


def load_lazily() -> None:
    """Put each package in place, unless something has loaded it already."""
    for package in PACKAGES:
        if package not in sys.modules:
            _place(package)


def _place(package: str) -> None:
    spec = find_spec(package)
    if spec is None or not isinstance(spec.loader, InspectLoader):
        raise ModuleNotFoundError(package)
    module, loader = module_from_spec(spec), spec.loader

    @cache
    def origins() -> Mapping[str, str]:
        return _origins(package, loader.get_source(package) or "")

    def attribute(name: str) -> Any:
        if name in origins():
            # Kept, because a module of the same name has just become the package's attribute.
            vars(module)[name] = getattr(import_module(origins()[name]), name)
            return vars(module)[name]
        if name.startswith("__") and name not in _PUBLIC:
            raise AttributeError(name)  # Python looks for some that no package has
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


def _origins(package: str, source: str) -> dict[str, str]:
    """Each name a package's source imports, and the module it imports it from."""
    return {
        alias.name: f"{package}.{node.module}" if node.level else node.module
        for node in ast.parse(source).body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
load_lazily()
