"""What the environment says of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

KEY, BASE_URL = "GENCRAFT_API_KEY", "GENCRAFT_BASE_URL"


class SettingsError(Exception):
    """A setting is missing or cannot be right. The text is for the user."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the API is, and the account's key."""

    base_url: str
    api_key: str

    @property
    def endpoint(self) -> str:
        """The address of the API's own server."""
        return f"{self.base_url}/mcp"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        """Read the environment.

        Raises
        ------
        SettingsError
        """
        values = {name: environment.get(name, "").strip() for name in (KEY, BASE_URL)}
        for name, value in values.items():
            if not value:
                raise SettingsError(f"{name} is not set.")
        url = urlsplit(values[BASE_URL])
        if url.scheme not in ("http", "https") or not url.netloc or url.query or url.fragment:
            raise SettingsError(f"{BASE_URL} must be an address such as https://api.example.com/gencraft.")
        key = values[KEY]
        if not (key.isascii() and key.isprintable()):
            raise SettingsError(f"{KEY} is not a key.")
        return cls(values[BASE_URL].rstrip("/"), key)
