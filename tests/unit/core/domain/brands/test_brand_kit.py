from __future__ import annotations

from darkroom.domain.brands.brand_kit import BrandKit, grounding_of
from darkroom.domain.jobs.spec import BrandProfile, Input
from tests.contract.examples import NOW, OWNER, brand_kit


def test_a_kit_grounds_in_words_and_pictures() -> None:
    grounding = grounding_of(brand_kit(), BrandProfile())
    assert grounding.profile == BrandProfile(
        company_name="Dawn Roasters", brand_colors=("#3B2A1A", "#E8C39E")
    )
    assert grounding.inputs == (
        Input("logo", "media/w/live/j/a-1.png", stored=True, asset_id="a-1"),
        Input("product", "media/w/live/j/a-2.png", stored=True, asset_id="a-2"),
    )


def test_what_comes_inline_counts_more_than_the_kit_member_by_member() -> None:
    inline = BrandProfile(company_name="Dusk", tone_of_voice="dry", brand_colors=())
    profile = grounding_of(brand_kit(industry="coffee"), inline).profile
    assert (profile.company_name, profile.tone_of_voice, profile.industry) == ("Dusk", "dry", "coffee")
    assert profile.brand_colors == ("#3B2A1A", "#E8C39E")
    assert grounding_of(None, inline).profile == inline


def test_a_logo_that_comes_along_replaces_the_kits() -> None:
    grounding = grounding_of(brand_kit(), BrandProfile())
    assert [one.role for one in grounding.inputs_beside((Input("ref", "u"),))] == ["logo", "product"]
    assert [one.role for one in grounding.inputs_beside((Input("logo", "u"),))] == ["product"]


def test_a_kit_that_says_nothing_grounds_nothing() -> None:
    bare = BrandKit(id="k", owner=OWNER, name="n", version=1, created_at=NOW, updated_at=NOW)
    assert grounding_of(bare, BrandProfile()).profile == BrandProfile()
    assert bare.inputs == ()
