"""Workspaces and what their plans allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from darkroom.domain.errors import FeatureUnavailable


class Feature(StrEnum):
    """What a plan counts over thirty days."""

    IMAGES = "images"
    VIDEO = "video"
    MUSIC = "music"
    RENDERS = "renders"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace's plan includes: thirty-day allowances per feature, and extras by name.

    A feature without an allowance is limited by the credits alone: renders are, on every plan.
    """

    name: str
    allowances: Mapping[Feature, int]
    extras: frozenset[str] = frozenset()


UNLIMITED = 1_000_000_000


PLANS: Mapping[str, Plan] = {
    plan.name: plan
    for plan in (
        Plan("trial", {Feature.IMAGES: 50, Feature.VIDEO: 5, Feature.MUSIC: 5}),
        Plan("starter", {Feature.IMAGES: 250, Feature.VIDEO: 25, Feature.MUSIC: 25}, frozenset({"premium"})),
        Plan(
            "standard", {Feature.IMAGES: 1_000, Feature.VIDEO: 50, Feature.MUSIC: 50}, frozenset({"premium"})
        ),
        Plan(
            "pro",
            {Feature.IMAGES: 100_000, Feature.VIDEO: 5_000, Feature.MUSIC: 5_000},
            frozenset({"premium"}),
        ),
        # Pays for each credit, so that nothing but the credits limits it.
        Plan("metered", dict.fromkeys(Feature, UNLIMITED), frozenset({"premium"})),
    )
}


@dataclass(frozen=True, slots=True)
class Owner:
    """A workspace in live or in test mode, which every object belongs to and every read is scoped by."""

    workspace_id: str
    livemode: bool

    @property
    def key(self) -> str:
        """The owner as one string, for storage keys."""
        return f"{self.workspace_id}#{'live' if self.livemode else 'test'}"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The billed account. ``key_changes`` counts changes of its keys, so that none is decided on an old list."""

    id: str
    name: str
    plan: str
    created_at: datetime
    allowances: Mapping[str, int] = field(default_factory=dict)
    api_version: str | None = None
    email: str | None = None
    key_changes: int = 0

    def allowance(self, feature: Feature) -> int:
        """How many outputs of ``feature`` thirty days allow; the operator's figure overrides the plan's."""
        return self.allowances.get(feature, PLANS[self.plan].allowances.get(feature, UNLIMITED))

    @property
    def extras(self) -> frozenset[str]:
        """The names of what the plan includes beside its allowances."""
        return PLANS[self.plan].extras

    def require_extra(self, extra: str, *, param: str) -> None:
        """Raise unless the plan includes the extra.

        Raises
        ------
        FeatureUnavailable
        """
        if extra not in self.extras:
            raise FeatureUnavailable(f"The {self.plan} plan does not include {extra}.", param=param)
