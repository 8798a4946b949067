"""The route table against what is sold: whatever can be asked for has somebody to make it, and somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from darkroom.catalog_data import catalog, memes
from darkroom.catalog_data.routes import LIMITS, ONLY_ONE, ROUTES
from darkroom.domain.catalog.offers import Lifecycle, Offer, usable_routes
from darkroom.domain.catalog.routes import Queue, Route, Work, work_of
from darkroom.domain.errors import Unavailable
from darkroom_vendors.registry import VENDORS

NOW = datetime(2026, 11, 20, tzinfo=UTC)
OFFERS = catalog().offers


# What can be asked for by dialect and kind, where it is more than the kind itself.
_WORKS = {
    ("memes", "edit"): {Work.EDIT, Work.INPAINT},
    ("moondraft", "video"): {Work.VIDEO, Work.ANIMATE, Work.AVATAR},
    ("gencraft", "image"): {Work.IMAGE},
}


_BY_OFFER: dict[str, set[str]] = {
    memes.CAROUSEL: {Work.IMAGE, Work.REFERENCES},
    memes.STORYBOARD: {Work.IMAGE, Work.REFERENCES},
    memes.VIDEO: {Work.VIDEO, Work.REFERENCE_FILM},
    memes.MOTION: {Work.ANIMATE},
}


def works(offer: Offer) -> set[str]:
    """What an offer can be asked for."""
    takes = offer.capabilities
    from_pictures = {"image": Work.EDIT, "video": Work.ANIMATE}.get(offer.kind)
    if offer.dialect == "agent" and from_pictures:
        alone = {work_of(offer.kind, ())} if takes.from_text else set()
        return alone | ({from_pictures} if takes.max_images else set())
    if offer.id in _BY_OFFER:
        return _BY_OFFER[offer.id]
    if offer.kind in ("image", "meme") and offer.dialect != "gencraft":
        return {Work.IMAGE, Work.REFERENCES}
    return set(_WORKS.get((offer.dialect, offer.kind), {offer.kind}))


def asked_for() -> Iterator[tuple[str, str]]:
    for offer in OFFERS.values():
        if offer.dialect != "pixeldrive" and offer.lifecycle(NOW) is not Lifecycle.RETIRED:
            yield from ((offer.id, work) for work in sorted(works(offer)))


def route_for(offer: Offer, work: str, engines: set[str], **changes: object) -> tuple[Route, ...]:
    return usable_routes(
        offer,
        work,
        livemode=bool(changes.get("livemode", True)),
        engines=engines,
        sandbox=bool(changes.get("sandbox", True)),
        sandbox_fallback=bool(changes.get("fallback")),
        now=NOW,
    )


@pytest.mark.parametrize(("offer_id", "work"), list(asked_for()))
def test_whatever_is_sold_can_be_made_in_two_ways_or_there_is_a_reason(offer_id: str, work: str) -> None:
    routes = route_for(OFFERS[offer_id], work, set(VENDORS))
    assert len(routes) >= (1 if offer_id in ONLY_ONE else 2)
    assert len({(route.engine, route.engine_model) for route in routes}) == len(routes)


def test_the_exceptions_are_no_longer_than_they_have_to_be() -> None:
    for offer_id in ONLY_ONE:
        assert len(OFFERS[offer_id].routes) == 1


def test_routes_belong_to_offers_and_go_to_vendors_there_are() -> None:
    assert set(ROUTES) <= set(OFFERS)
    for routes in ROUTES.values():
        for route in routes:
            assert route.engine in VENDORS
            assert route.queue is Queue.VENDORS
            assert route.kinds <= set(Work)
    assert set(LIMITS) == set(VENDORS)


def test_a_retired_offer_has_nobody_to_make_it() -> None:
    retired = [offer for offer in OFFERS.values() if offer.lifecycle(NOW) is Lifecycle.RETIRED]
    assert retired
    assert not any(offer.routes for offer in retired)


def test_only_vendors_that_are_switched_on_are_asked_in_the_tables_order() -> None:
    offer = OFFERS["agent.nano-banana-pro"]
    assert [route.engine for route in route_for(offer, Work.IMAGE, {"kie", "fal"})] == ["fal", "kie"]


def test_a_mask_is_not_sent_to_who_has_no_field_for_it() -> None:
    offer = OFFERS["memes.edit"]
    assert [route.engine for route in route_for(offer, Work.INPAINT, {"google", "fal"})] == ["fal"]
    with pytest.raises(Unavailable):
        route_for(offer, Work.INPAINT, {"google", "xai"})


def test_the_sandbox_steps_in_only_where_there_is_nobody() -> None:
    offer = OFFERS["agent.z-image"]
    assert [route.engine for route in route_for(offer, Work.IMAGE, set(), fallback=True)] == ["sandbox"]
    assert "sandbox" not in [route.engine for route in route_for(offer, Work.IMAGE, {"fal"}, fallback=True)]
    with pytest.raises(Unavailable):
        route_for(offer, Work.IMAGE, {"openai"})


@pytest.mark.parametrize("livemode", [True, False])
def test_a_stack_without_the_sandbox_never_falls_back_on_it(livemode: bool) -> None:
    offer = OFFERS["agent.z-image"]
    with pytest.raises(Unavailable) as refused:
        route_for(offer, Work.IMAGE, set(), livemode=livemode, sandbox=False, fallback=True)
    assert ("deployed without the sandbox" in str(refused.value)) is not livemode
    vendors = {route.engine for route in route_for(offer, Work.IMAGE, {"fal"}, sandbox=False, fallback=True)}
    assert vendors == {"fal"}


def test_every_model_named_is_one_its_vendor_knows() -> None:
    """Whoever adds a route adds its model to the adapter, or the order is refused when it is too late."""
    from darkroom_vendors import google, openai, replicate, texts, xai  # noqa: PLC0415
    from darkroom_vendors.fal import endpoints  # noqa: PLC0415
    from darkroom_vendors.kie import models as kie  # noqa: PLC0415

    known = {
        "google": {*google.MODELS, *texts.GENERATE_CONTENT},
        "kie": {*kie.MODELS, *kie.MUSIC_MODELS},
        "openai": {*openai.IMAGES, *texts.RESPONSES},
        "replicate": set(replicate.MODELS),
        "fal": set(endpoints.MODELS),
        "xai": {*xai.MODELS, *texts.CHAT},
    }
    named = {(route.engine, route.engine_model) for routes in ROUTES.values() for route in routes}
    assert not {(vendor, model) for vendor, model in named if model not in known[vendor]}
