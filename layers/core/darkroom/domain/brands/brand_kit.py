"""Brand kits: what a workspace keeps of a brand, to ground what it makes."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.spec import BrandProfile, Input

if TYPE_CHECKING:
    from darkroom.domain.jobs.assets import Asset

MAX_PRODUCTS: Final = 5
LOGO: Final = "logo"
PRODUCT: Final = "product"


@dataclass(frozen=True, slots=True)
class KitPicture:
    """A picture of a kit: a PNG of ours, which is the asset ``asset_id`` too."""

    id: str
    asset_id: str
    storage_key: str
    created_at: datetime
    aspect_ratio: str = ""

    @classmethod
    def of(cls, asset: Asset) -> KitPicture:
        """The picture that an asset is."""
        return cls(asset.id, asset.id, asset.storage_key, asset.created_at, asset.aspect_ratio)

    def as_input(self, role: str) -> Input:
        """The picture as a job's input."""
        return Input(role, self.storage_key, stored=True, asset_id=self.asset_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandKit:
    """One kit. Version 1 is the first, and every change counts one up.

    With ``auto_attach_product_references`` its products are filled from its website. ``is_default`` is kept beside
    the kits, so that there is one default at most.
    """

    id: str
    owner: Owner
    name: str
    version: int
    created_at: datetime
    updated_at: datetime
    company_name: str | None = None
    industry: str | None = None
    tone_of_voice: str | None = None
    brand_colors: tuple[str, ...] = ()
    target_audience: str | None = None
    website_url: str | None = None
    website_context: str | None = None
    auto_attach_product_references: bool = True
    logo: KitPicture | None = None
    products: tuple[KitPicture, ...] = ()
    is_default: bool = field(default=False, compare=False)

    @property
    def profile(self) -> BrandProfile:
        """What it says of the brand."""
        return BrandProfile(
            company_name=self.company_name,
            industry=self.industry,
            tone_of_voice=self.tone_of_voice,
            brand_colors=self.brand_colors,
            target_audience=self.target_audience,
            website_url=self.website_url,
            website_context=self.website_context,
        )

    @property
    def wants_products(self) -> bool:
        """Whether its products are to be filled from its website, and there is room for one."""
        has_room = len(self.products) < MAX_PRODUCTS
        return self.auto_attach_product_references and bool(self.website_url) and has_room

    @property
    def pictures(self) -> tuple[KitPicture, ...]:
        """The logo, then the products."""
        return (*((self.logo,) if self.logo else ()), *self.products)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Its pictures as a job's inputs: the logo, then the products."""
        logo = (self.logo.as_input(LOGO),) if self.logo else ()
        return (*logo, *(one.as_input(PRODUCT) for one in self.products))

    def changed(self, at: datetime, **members: Any) -> BrandKit:
        """The next version, with ``members`` put in place."""
        return replace(self, **members, version=self.version + 1, updated_at=at)


@dataclass(frozen=True, slots=True)
class Grounding:
    """The brand a request is for: in words, and in pictures of ours."""

    profile: BrandProfile
    inputs: tuple[Input, ...] = ()

    def inputs_beside(self, given: tuple[Input, ...]) -> tuple[Input, ...]:
        """The pictures that go along with those the request brought: a logo of its own replaces the kit's."""
        has_logo = any(one.role == LOGO for one in given)
        return tuple(one for one in self.inputs if not (has_logo and one.role == LOGO))


def grounding_of(kit: BrandKit | None, inline: BrandProfile) -> Grounding:
    """What a kit and an inline profile say together; of what both say, the inline profile's counts."""
    if kit is None:
        return Grounding(inline)
    own = {one.name: value for one in fields(inline) if (value := getattr(inline, one.name))}
    return Grounding(replace(kit.profile, **own), kit.inputs)
