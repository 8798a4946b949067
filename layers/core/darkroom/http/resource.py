"""What the resources of all dialects are made of. Only documents and tests import it; no request needs it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict

from pydantic import AfterValidator, ConfigDict, Field, with_config


def _is_utc_text(text: str) -> str:
    datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    if not text.endswith("Z"):
        raise ValueError("must be in UTC")
    return text


type Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}), AfterValidator(_is_utc_text)]


@with_config(ConfigDict(extra="forbid"))
class Resource(TypedDict):
    """Base of what is answered. An answer has no members that are not declared."""
