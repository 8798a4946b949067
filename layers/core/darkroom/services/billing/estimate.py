"""Estimating what a request costs. Charging uses the same function, so an estimate is what is charged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Catalog, Lifecycle, Offer, Units
from darkroom.domain.errors import (
    CountOutOfRange,
    InvalidAspectRatio,
    InvalidParam,
    InvalidRequest,
    MissingParam,
    UnsupportedVersion,
)
from darkroom.ports.system import Clock

AUTO = "auto"  # the shape of the input picture


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """What a client asks the price of. What it leaves out is ``None``; ``images`` counts input pictures."""

    model: str
    feature: Feature | None = None
    count: int | None = None
    resolution: str | None = None
    duration: int | None = None
    aspect_ratio: str | None = None
    images: int = 0
    price_version: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A completed and priced request: ``unit_price`` credits for each of ``count`` outputs.

    ``resolution``, ``duration`` (seconds) and ``aspect_ratio`` are ``None`` where the model has no such thing.
    """

    offer: Offer
    count: int
    resolution: str | None
    duration: int | None
    aspect_ratio: str | None
    images: int
    unit_price: int
    lifecycle: Lifecycle

    @property
    def credits(self) -> int:
        """Credits for the whole request."""
        return self.unit_price * self.count

    @property
    def units(self) -> Units:
        """What of the request determined the price."""
        return Units(self.resolution or "", image_input=self.images > 0)

    def require_inputs(self, prompt: str) -> None:
        """Refuse a request without the picture or prompt that the model needs.

        Raises
        ------
        MissingParam
        """
        if self.images:
            return
        if not self.offer.capabilities.from_text:
            raise MissingParam(
                f"input_image_urls is required for {self.offer.model}.", param="input_image_urls"
            )
        if not prompt.strip():
            raise MissingParam(f"prompt is required for {self.offer.model}.", param="prompt")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Prices requests of one dialect's clients, at ``price_version``."""

    catalog: Catalog
    clock: Clock
    dialect: str
    price_version: str

    def __call__(self, request: QuoteRequest) -> Quote:
        """What the request costs now.

        Raises
        ------
        UnknownOffer, RetiredOffer
        UnsupportedVersion
            The client expects prices of another version.
        InvalidParam, InvalidAspectRatio, CountOutOfRange
            The model does not do that.
        """
        now = self.clock.now()
        offer, _ = self.catalog.priced(self.catalog.named(self.dialect, request.model).id, now)
        if request.feature not in (None, offer.feature):
            raise InvalidParam(f"product contradicts the model {offer.model}.", param="product")
        if request.price_version not in (None, self.price_version):
            raise UnsupportedVersion(
                f"These prices no longer hold; the current price_version is {self.price_version}.",
                param="price_version",
            )
        _check_images(offer, request.images)
        takes = offer.capabilities
        resolution = _choice(offer, "resolution", request.resolution, takes.resolutions)
        units = Units(resolution or "", image_input=request.images > 0)
        _, price = self.catalog.priced(offer.id, now, units)
        return Quote(
            offer,
            _choice(offer, "count", request.count, takes.counts, CountOutOfRange) or 1,
            resolution,
            _choice(offer, "duration", request.duration, takes.durations),
            _choice(offer, "aspect_ratio", request.aspect_ratio, _ratios(offer, request), InvalidAspectRatio),
            request.images,
            price,
            offer.lifecycle(now),
        )

    def listed(self) -> Sequence[tuple[Offer, Lifecycle]]:
        """Every offer and its lifecycle, retired ones included."""
        now = self.clock.now()
        return [(offer, offer.lifecycle(now)) for offer in self.catalog.of_dialect(self.dialect)]


def _check_images(offer: Offer, images: int) -> None:
    most = offer.capabilities.max_images
    if images > most:
        allowed = f"at most {most}" if most else "none"
        raise InvalidParam(f"input_image_urls: {offer.model} takes {allowed}.", param="input_image_urls")


def _ratios(offer: Offer, request: QuoteRequest) -> Sequence[str]:
    """The aspect ratios to choose from; with an input picture its own shape is the default."""
    ratios = offer.capabilities.aspect_ratios
    return (AUTO, *ratios) if request.images else ratios


def _choice[V: (int, str)](
    offer: Offer,
    name: str,
    requested: V | None,
    allowed: Sequence[V],
    refusal: type[InvalidRequest] = InvalidParam,
) -> V | None:
    if requested is None:
        return allowed[0] if allowed else None
    if requested in allowed:
        return requested
    param = f"units.{name}"
    if not allowed:
        raise refusal(f"{param} does not apply to {offer.model}.", param=param)
    listed = ", ".join(str(one) for one in (sorted(allowed) if name == "duration" else allowed))
    raise refusal(f"{param} must be one of {listed} for {offer.model}.", param=param)
