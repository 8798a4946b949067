"""Which stack the command talks to, with which key: as the environment says, else as `darkroom login` kept it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from darkroom_client import Darkroom, DarkroomError


class NotLoggedIn(DarkroomError):
    """Neither the environment nor a profile says where to go."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A stack's address and a key; ``admin_key`` for the operator's commands. Never printed."""

    base_url: str
    key: str
    admin_key: str | None = None

    def client(self) -> Darkroom:
        return Darkroom(self.base_url, self.key)

    def admin_client(self) -> Darkroom:
        """A client with the operator's key.

        Raises
        ------
        NotLoggedIn
        """
        if not self.admin_key:
            raise NotLoggedIn(
                "this needs the operator's key: set DARKROOM_ADMIN_KEY or log in with --admin-key"
            )
        return Darkroom(self.base_url, self.admin_key)


def path() -> Path:
    """Where the profile is kept: ``DARKROOM_CONFIG`` or the system's place for settings."""
    told = os.environ.get("DARKROOM_CONFIG")
    return Path(told) if told else user_config_path("darkroom") / "profile.json"


def load() -> Profile:
    """The profile, its members replaced by what the environment says.

    Raises
    ------
    NotLoggedIn
    """
    stored = _stored()
    base_url = os.environ.get("DARKROOM_BASE_URL") or (stored.base_url if stored else "")
    key = os.environ.get("DARKROOM_KEY") or (stored.key if stored else "")
    if not base_url or not key:
        raise NotLoggedIn("run `darkroom login`, or set DARKROOM_BASE_URL and DARKROOM_KEY")
    admin_key = os.environ.get("DARKROOM_ADMIN_KEY") or (stored.admin_key if stored else None)
    return Profile(base_url, key, admin_key)


def save(profile: Profile) -> Path:
    """Keep a profile."""
    return keep(path(), asdict(profile))


def keep(file: Path, document: Any) -> Path:
    """Write a JSON file whole, where only this user can read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(document, indent=2) + "\n")
    draft.replace(file)
    return file


def _stored() -> Profile | None:
    try:
        return Profile(**json.loads(path().read_text()))
    except (OSError, ValueError, TypeError):
        return None
