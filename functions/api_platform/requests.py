"""The platform's request bodies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.spec import RenderFormat
from darkroom.http.request_models import Body

Name = Annotated[str, Field(min_length=1, max_length=100)]
Credits = Annotated[int, Field(ge=0, le=1_000_000_000)]
Ceiling = Annotated[int, Field(ge=0, le=1_000_000_000)]
DialectName = Literal["memes", "moondraft", "pixeldrive", "agent", "gencraft"]
Plan = Literal["trial", "starter", "standard", "pro", "metered"]


class NewKey(Body):
    """A key to mint: for which dialect it is spelled, what it may do, until when."""

    name: Name
    dialect: DialectName = "memes"
    livemode: bool = True
    scopes: Annotated[list[Annotated[Scope, Field(strict=False)]], Field(min_length=1)] | None = None
    expires_at: Annotated[AwareDatetime, Field(strict=False)] | None = None
    requests_per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    daily_credits: Ceiling | None = None
    monthly_credits: Ceiling | None = None


class KeyBudget(Body):
    """A key's ceilings from now on. What is left out has none."""

    daily_credits: Ceiling | None = None
    monthly_credits: Ceiling | None = None


class Allowances(Body):
    """Thirty-day allowances that replace the plan's."""

    images: Annotated[int, Field(ge=0)] | None = None
    video: Annotated[int, Field(ge=0)] | None = None


class NewManifest(Body):
    """A manifest to upload: what its rows become, and what its file is like.

    Either ``template_id`` or ``model`` says what they become. ``size`` is the file's, in bytes. ``output_format`` and
    ``quality`` are of renders.
    """

    format: Literal["csv", "jsonl"]
    size: Annotated[int, Field(ge=1, le=268_435_456)]
    template_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    pixel_ratio: Annotated[float, Field(strict=False, ge=0.1, le=4)] | None = None
    output_format: RenderFormat | None = None
    quality: Annotated[int, Field(ge=1, le=100)] | None = None
    model: Literal["forge-image", "forge-image-fast", "meme"] | None = None
    name: Annotated[str, Field(max_length=200)] = ""


class NewWorkspace(Body):
    """A workspace to open, with its first live credits and its first key."""

    name: Name
    plan: Plan = "trial"
    credits: Credits = 0
    allowances: Allowances = Allowances()
    email: Annotated[str, Field(max_length=254)] | None = None
    key_dialect: DialectName = "memes"


class Spread(Body):
    """Over how many shards a wallet is to be spread."""

    shards: Annotated[int, Field(ge=1, le=16)]
    livemode: bool = True


class NewGrant(Body):
    """Credits to add, without an end or until ``expires_at``. The same ``reference`` grants once, however often sent.

    ``expires_in_days`` says the end as so many times 24 hours from now.
    """

    credits: Annotated[int, Field(ge=1, le=1_000_000_000)]
    livemode: bool = True
    note: Annotated[str, Field(max_length=500)] = ""
    reference: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    expires_at: Annotated[AwareDatetime, Field(strict=False)] | None = None
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = None
