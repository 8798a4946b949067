"""Writes of templates and of what was rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.renders.rendered import Rendered
    from darkroom.domain.templates.template import Template


@dataclass(frozen=True, slots=True)
class SaveRender(Write):
    """Put a finished render. Condition: none of its template and payload is stored, or one of a lower version.

    It comes with the task it was made for being charged, so that of two who made the same only one is.
    """

    rendered: Rendered


@dataclass(frozen=True, slots=True)
class SaveTemplate(Write):
    """Put a template. Condition: its version is one more than the stored one's; only version 1 may be new."""

    template: Template


@dataclass(frozen=True, slots=True)
class RetireTemplate(Write):
    """Keep a version that is no longer the current one until ``until``, for who began to work with it.

    No condition. Comes with ``SaveTemplate`` or ``DeleteTemplate``, whose condition says that it was current.
    """

    template: Template
    until: datetime


@dataclass(frozen=True, slots=True)
class CountTemplate(Write):
    """Count one more of an owner's templates. Condition: fewer than ``limit`` are counted."""

    owner: Owner
    limit: int


@dataclass(frozen=True, slots=True)
class UncountTemplate(Write):
    """Count one less of an owner's templates. No condition: those from before they were counted go too."""

    owner: Owner


@dataclass(frozen=True, slots=True)
class DeleteTemplate(Write):
    """Remove a template. Condition: ``version`` is the stored one."""

    owner: Owner
    template_id: str
    version: int
