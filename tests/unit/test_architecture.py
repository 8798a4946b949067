"""The imports point one way: functions → http, wiring → services → domain; the rest implements ports."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.paths import ROOT

SOURCES = {
    "darkroom": ROOT / "layers/core",
    "darkroom_vendors": ROOT / "layers/vendors",
    "darkroom_payments": ROOT / "layers/payments",
    "darkroom_graphics": ROOT / "layers/graphics",
    "darkroom_type": ROOT / "layers/type",
    "darkroom_renderer": ROOT / "layers/renderer",
    "darkroom_fonts": ROOT / "layers/fonts",
    "darkroom_sandbox": ROOT / "layers/sandbox",
    "": ROOT / "functions",
}

_INSIDE = ("darkroom.domain", "darkroom.ports")
_SERVED = ("darkroom.services", "darkroom.wiring", "darkroom.domain")
_ENTRY = ("darkroom.entrypoints", "darkroom.wiring", "darkroom.domain")

# Package → what else of ours it imports. The longest matching package name decides.
ALLOWED: dict[str, tuple[str, ...]] = {
    "darkroom.domain": (),
    "darkroom.ports": ("darkroom.domain",),
    "darkroom.catalog_data": ("darkroom.domain",),
    "darkroom.services": _INSIDE,
    "darkroom.adapters": _INSIDE,
    "darkroom.http": ("darkroom.services", *_INSIDE),
    "darkroom.entrypoints": ("darkroom.adapters.queue_messages", "darkroom.domain", "darkroom.wiring"),
    "darkroom.settings": (),
    "darkroom.wiring": ("darkroom", "darkroom_payments", "darkroom_vendors"),
    "darkroom": (),
    "darkroom_vendors": _INSIDE,
    "darkroom_payments": ("darkroom.domain",),
    "darkroom_graphics": ("darkroom.domain",),
    "darkroom_type": ("darkroom_graphics", "darkroom.domain.caching"),
    "darkroom_fonts": ("darkroom_graphics", "darkroom.domain"),
    "darkroom_renderer": ("darkroom_type", "darkroom_graphics", "darkroom.domain"),
    "darkroom_sandbox": ("darkroom_type", "darkroom_graphics", *_INSIDE),
    "api": ("darkroom.http", "darkroom.catalog_data", *_SERVED),
    "worker_renderer": ("darkroom.services", "darkroom_renderer", "darkroom_graphics", *_ENTRY),
    "api_billing": ("api_moondraft", "darkroom.domain", "darkroom.http", "darkroom.wiring"),
    "worker_vendors": ("darkroom_graphics", *_ENTRY),
    "worker_sandbox": ("darkroom_sandbox", "darkroom_graphics", *_ENTRY),
    "worker_reconcile": ("darkroom.adapters.reconcile_messages", "darkroom.wiring"),
    "worker_manifests": ("darkroom.adapters.queue_messages", *_ENTRY),
    "worker_billing": ("darkroom.adapters", *_ENTRY),
    "worker_mail": ("darkroom.adapters.eventbridge", "darkroom.wiring"),
    "worker_webhooks": ("darkroom.adapters.queue_messages", "darkroom.services", "darkroom.wiring"),
    "events": (
        "darkroom.adapters",
        "darkroom.http.files",
        "darkroom.http.generations",
        "darkroom.http.links",
        "darkroom.http.manifests",
        *_SERVED,
    ),
    "uploads": ("darkroom_graphics", "darkroom_fonts", "darkroom.services", *_ENTRY),
    "housekeeping": ("darkroom.wiring",),
    "usage": ("darkroom.adapters.dynamodb.rows", "darkroom.services", "darkroom.wiring"),
}
PURE = {"darkroom.domain": {"pydantic"}, "darkroom.ports": set(), "darkroom.services": set()}
MEDIA_LIBRARIES = {
    *("skia", "numpy", "PIL", "av", "cv2", "uharfbuzz", "icu4py"),
    *("darkroom_graphics", "darkroom_type", "darkroom_renderer", "darkroom_fonts", "darkroom_sandbox"),
    *("fontTools", "brotli"),
}
OURS = ("darkroom", "api_", "worker_", "events_", "uploads_", "usage_", "housekeeping")


def modules() -> Iterator[tuple[str, Path]]:
    for package, folder in SOURCES.items():
        for path in sorted((folder / package).rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def entry_for(module: str) -> str | None:
    """The package in the table that says what a module may import."""
    matches = [name for name in ALLOWED if module == name or module.startswith((f"{name}.", f"{name}_"))]
    return max(matches, key=len, default=None)


def is_allowed(target: str, rule: tuple[str, ...]) -> bool:
    return any(target == name or target.startswith((f"{name}.", f"{name}_")) for name in rule)


MODULES = dict(modules())


def own_package(module: str) -> str:
    """The package within which a module imports what it likes: a room of the core, a layer or a function."""
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] == "darkroom" else 1])


def outward(module: str) -> set[str]:
    """What of ours a module imports from other packages."""
    own = own_package(module)
    ours = {name for name in imported(MODULES[module]) if name.startswith(OURS)}
    return {name for name in ours if name != own and not name.startswith(f"{own}.")}


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_inward(module: str) -> None:
    entry = entry_for(module)
    assert entry is not None, f"{module} belongs to no layer; add it to the table on purpose"
    assert not {name for name in outward(module) if not is_allowed(name, ALLOWED[entry])}


@pytest.mark.parametrize("package", ALLOWED)
def test_no_arrow_is_allowed_that_nobody_needs(package: str) -> None:
    modules = [module for module in MODULES if entry_for(module) == package]
    names = {name for module in modules for name in outward(module)}
    assert modules
    assert [
        target for target in ALLOWED[package] if not any(is_allowed(name, (target,)) for name in names)
    ] == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith(tuple(PURE))])
def test_the_inside_uses_no_outside_library(module: str) -> None:
    extra = next(libraries for name, libraries in PURE.items() if module.startswith(name))
    roots = {name.split(".")[0] for name in imported(MODULES[module])} - {"darkroom"}
    assert roots <= set(sys.stdlib_module_names) | extra


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith(("api_", "darkroom."))])
def test_api_functions_never_load_the_media_layer(module: str) -> None:
    roots = {name.split(".")[0] for name in imported(MODULES[module])}
    assert not roots & MEDIA_LIBRARIES


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.startswith(("darkroom.domain", "darkroom.services"))]
)
def test_time_and_ids_come_through_ports(module: str) -> None:
    source = MODULES[module].read_text()
    assert "datetime.now(" not in source
    assert "uuid4(" not in source
    assert "utcnow(" not in source


def test_only_settings_reads_the_environment() -> None:
    readers = {module for module, path in MODULES.items() if "os.environ" in path.read_text()}
    assert readers == {"darkroom.settings"}


def test_only_the_function_that_takes_callbacks_needs_the_crypto_layer() -> None:
    """What verifies fal's callbacks is loaded by its name in the registry, and by nothing else."""
    users = {module for module, path in MODULES.items() if any(n.startswith("nacl") for n in imported(path))}
    assert users == {"darkroom_vendors.fal.callbacks"}
    assert not {module for module, path in MODULES.items() if imported(path) & users}


FUNCTIONS = ROOT / "functions"
DIALECTS = ("agent", "gencraft", "memes", "moondraft", "pixeldrive", "platform")
FLOOR_PLAN = {
    *("__init__.py", "app.py", "errors.py", "operations.py", "presenters.py"),
    *("requests.py", "resources.py", "submissions.py", "openapi.json", "routes"),
}
# What a dialect has of its own, beside the floor plan.
OWN_FILES: dict[str, set[str]] = {
    "agent": {"llms.txt", "mcp.py"},
    "gencraft": {"mcp.py", "task_ids.py"},
    "memes": {"mcp.py", "prefetch.py", "versions.py"},
    "moondraft": {"dialect.py", "mcp.py", "outputs.py"},
    "pixeldrive": {"images.py", "mcp.py", "mcp_tools.py", "prefetch.py"},
    "platform": {"files.py", "webhook_sink.py", "welcome.py"},
}


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_has_the_same_floor_plan(name: str) -> None:
    here = {path.name for path in (FUNCTIONS / f"api_{name}").iterdir()} - {"__pycache__"}
    assert here == FLOOR_PLAN | OWN_FILES[name]


def test_every_api_with_a_contract_is_a_dialect() -> None:
    apis = {folder.name.removeprefix("api_") for folder in FUNCTIONS.glob("api_*")}
    assert apis == {*DIALECTS, "billing", "callbacks"}


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("api_")])
def test_functions_never_import_each_other(module: str) -> None:
    """But for the one that sells credits: it answers in the words of the dialects whose buying routes it serves."""
    own = module.split(".", maxsplit=1)[0]
    functions = {folder.name for folder in FUNCTIONS.iterdir() if folder.is_dir()}
    others = {name for name in imported(MODULES[module]) if name.split(".")[0] in functions - {own}}
    sold = ("api_moondraft.dialect", "api_moondraft.routes.credits") if own == "api_billing" else ()
    assert not {name for name in others if not is_allowed(name, sold)}


@pytest.mark.parametrize("name", DIALECTS)
def test_presenters_are_pure_and_typed(name: str) -> None:
    """They answer resources, and read neither the container nor the request."""
    source = MODULES[f"api_{name}.presenters"].read_text()
    assert "container" not in source
    assert not re.search(r"-> (?:dict|Mapping|Json|Any)\b", source.replace("-> dict[str, str]:", ""))


@pytest.mark.parametrize(
    "module", [m for m in MODULES if re.fullmatch(r"api_\w+\.(?!operations|mcp)\w+.*", m)]
)
def test_what_documents_an_api_is_imported_by_its_operations_and_tools_alone(module: str) -> None:
    """Types of answers are for mypy: a module that is loaded for requests names them under TYPE_CHECKING."""
    tree = ast.parse(MODULES[module].read_text())
    checked = {id(one) for node in ast.walk(tree) if _is_type_checking(node) for one in ast.walk(node)}
    loaded = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in checked
        for alias in node.names
    }
    package = module.split(".", maxsplit=1)[0]
    documenting = (f"{package}.resources", f"{package}.operations", "darkroom.http.openapi")
    if module != f"{package}.resources":
        assert not {name for name in loaded if name.startswith((*documenting, "darkroom.http.resource."))}


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
