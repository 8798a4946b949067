"""Two variables, both needed; what cannot be right is said in a sentence."""

from __future__ import annotations

import pytest

from gencraft_mcp.settings import BASE_URL, KEY, Settings, SettingsError


@pytest.mark.parametrize("url", ["https://api.test/gencraft", " https://api.test/gencraft/ "])
def test_the_endpoint_is_below_the_base(url: str) -> None:
    settings = Settings.of({KEY: " k ", BASE_URL: url})
    assert (settings.endpoint, settings.api_key) == ("https://api.test/gencraft/mcp", "k")


@pytest.mark.parametrize(
    ("key", "url", "said"),
    [
        ("", "https://api.test", KEY),
        ("k", "", BASE_URL),
        ("k", "api.test", BASE_URL),
        ("k", "file:///etc", BASE_URL),
        ("k", "https://", BASE_URL),
        ("k", "https://api.test?x=1", BASE_URL),
        ("a\nb", "https://api.test", KEY),
        ("schlüssel", "https://api.test", KEY),
    ],
)
def test_what_cannot_be_right_is_said(key: str, url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings.of({KEY: key, BASE_URL: url})


def test_nothing_is_assumed() -> None:
    with pytest.raises(SettingsError):
        Settings.of({})
