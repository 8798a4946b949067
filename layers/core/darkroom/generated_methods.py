"""The methods that ``dataclasses`` writes, compiled when the stack is built instead of at every cold start.

A frozen dataclass is cheap to use and dear to define: its methods are written as text and compiled anew in each
process, which for our hundred and thirty was a fifth of an API function's cold start. The build records each text
with its code (``tools/artifacts/generated_methods.py``); a text that it did not record is compiled as always. The
record lies in the layer beside the code it is of, and nothing but the build can write there.
"""

from __future__ import annotations

import builtins
import dataclasses
import marshal
from collections.abc import Mapping
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any, Final

FILE: Final = "generated_methods.bin"


def use() -> None:
    """Let ``dataclasses`` take its methods from what the build recorded, if anything was."""
    if recorded := _recorded():
        vars(dataclasses)["exec"] = _executing(recorded)


def packed(codes: Mapping[str, bytes]) -> bytes:
    """The file's content: each text and its marshalled code, after the number of the Python that compiled them."""
    return MAGIC_NUMBER + marshal.dumps(dict(codes))


def unpacked(content: bytes) -> dict[str, bytes]:
    """What ``packed`` made; nothing if another Python compiled it."""
    if not content.startswith(MAGIC_NUMBER):
        return {}
    codes: dict[str, bytes] = marshal.loads(content[len(MAGIC_NUMBER) :])  # noqa: S302  (the layer's own)
    return codes


def _recorded() -> dict[str, bytes]:
    try:
        return unpacked(Path(__file__).with_name(FILE).read_bytes())
    except FileNotFoundError:
        return {}


def _executing(recorded: Mapping[str, bytes]) -> Any:
    def execute(text: str, *namespaces: dict[str, Any]) -> None:
        code = recorded.get(text)
        method = text if code is None else marshal.loads(code)  # noqa: S302  (the layer's own)
        builtins.exec(method, *namespaces)  # noqa: S102  (which dataclasses would do)

    return execute
