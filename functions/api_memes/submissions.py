"""Parsed bodies as submissions: what to make, in no dialect's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from api_memes.requests import (
    AnimateBody,
    Branded,
    CarouselBody,
    Creation,
    EditBody,
    EnhanceBody,
    ImageBody,
    MemeBody,
    PlanBody,
    Reference,
    ReframeBody,
    StoryboardBody,
    VideoBody,
)
from darkroom.catalog_data.memes import (
    CAROUSEL,
    EDITS,
    IMAGE,
    IMAGE_FAST,
    MEME,
    MOTION,
    REFRAMES,
    STORYBOARD,
    VIDEO,
)
from darkroom.domain.brands.brand_kit import Grounding, grounding_of
from darkroom.domain.brands.prefetch import BrandKitKey
from darkroom.domain.carousels.plan import NO_BRAND, CarouselPlan, PlanKey
from darkroom.domain.errors import InvalidAspectRatio, InvalidMask, InvalidParam, MissingParam, NotFound
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.spec import CarouselSpec, FilmSpec, ImageSpec, Input, StoryboardSpec, TextSpec
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.resolve_inputs import InputPolicy, NamedFile, Source
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container

REFERENCES = InputPolicy(sources=(Source.URL, Source.ASSET))
MASKS = InputPolicy(
    sources=(Source.BYTES, Source.URL, Source.ASSET),
    byte_media=frozenset({"image/png"}),
    refusal=InvalidMask,
)

PAGES = InputPolicy(sources=(Source.URL,))

SLIDE_RATIOS: Mapping[str | None, str] = {
    "ig-portrait": "4:5",
    "ig-square": "1:1",
    "linkedin": "4:5",
    "tiktok": "9:16",
    None: "4:5",
}
ANIMATION_SECONDS = 5
ANIMATION_RESOLUTION = "720p"

_OFFERS: Mapping[str, str] = {"forge-image": IMAGE, "forge-image-fast": IMAGE_FAST}


def image(body: ImageBody, caller: Caller) -> Submission:
    """One to four images.

    Raises
    ------
    MissingParam, FeatureUnavailable, NotFound, InvalidParam
    """
    body.require_brand_or("prompt", "reference_images")
    if body.quality == "premium":
        caller.workspace.require_extra("premium", param="quality")
    spec = replace(_spec(body, caller, quality=body.quality), controls=body.controls)
    return Submission(_OFFERS[body.model], spec, body.count)


def meme(body: MemeBody, caller: Caller) -> Submission:
    """One to four memes.

    Raises
    ------
    MissingParam, NotFound, InvalidParam
    """
    body.require_brand_or("prompt", "template_prompt")
    spec = replace(
        _spec(body, caller),
        format="meme",
        enhance=body.enhance,
        template_prompt=body.template_prompt or None,
    )
    return Submission(MEME, spec, body.count)


def edit(body: EditBody, caller: Caller) -> Submission:
    """An edit by an instruction, within a mask if there is one.

    Raises
    ------
    NotFound, InvalidParam, InvalidMask, InsufficientCredits
    """
    files = [NamedFile("source", body.image_id, "image_id", REFERENCES), *_references(body.reference_images)]
    if body.mask is not None:
        files.append(NamedFile("mask", body.mask, "mask", MASKS))
    checked = container().resolve_inputs.check(caller.owner, files)
    offer_id = _offer_id(checked[0].asset, EDITS)
    container().submit_job.check_credits(caller, offer_id)
    inputs = container().resolve_inputs.store(caller.owner, checked)
    return Submission(offer_id, ImageSpec(body.instruction, body.aspect_ratio, inputs=inputs))


def reframe(body: ReframeBody, caller: Caller) -> Submission:
    """The same picture in another aspect ratio.

    Raises
    ------
    NotFound, InvalidParam, InvalidAspectRatio
        The last if the picture has that ratio already.
    """
    source = NamedFile("source", body.image_id, "image_id", REFERENCES)
    (checked,) = container().resolve_inputs.check(caller.owner, [source])
    asset = checked.asset
    if asset is not None and asset.aspect_ratio == body.aspect_ratio:
        raise InvalidAspectRatio("aspect_ratio must differ from the image's.", param="aspect_ratio")
    inputs = container().resolve_inputs.store(caller.owner, [checked])
    prompt = asset.prompt if asset is not None else ""
    return Submission(_offer_id(asset, REFRAMES), ImageSpec(prompt, body.aspect_ratio, inputs=inputs))


def video(body: VideoBody, caller: Caller) -> Submission:
    """A film: of the one picture it starts from, or of words, with pictures to go by if there are any.

    Raises
    ------
    MissingParam, NotFound, InvalidParam
    """
    body.require_brand_or("prompt", "business_url")
    brand = grounding(body, caller)
    files = _references(body.reference_images)
    animated = [reference.type for reference in body.reference_images] == ["ref"]
    if animated:
        files = [replace(file, role="source") for file in files]
    if body.business_url is not None:
        files.append(NamedFile("page", body.business_url, "business_url", PAGES))
    given = container().resolve_inputs(caller.owner, files)
    # A film made from words alone, or from its first picture, is made by other models than one that goes by pictures.
    goes_by_pictures = bool(body.reference_images) and not animated
    spec = FilmSpec(
        body.prompt,
        body.aspect_ratio,
        inputs=(*given, *brand.inputs_beside(given)) if goes_by_pictures else given,
        brand=brand.profile,
        resolution=body.resolution,
        seconds=body.duration,
    )
    return Submission(MOTION if animated else VIDEO, spec)


def storyboard(body: StoryboardBody, caller: Caller) -> Submission:
    """One picture of three or four panels.

    Raises
    ------
    MissingParam, NotFound, InvalidParam
    """
    body.require_brand_or("goal")
    brand = grounding(body, caller)
    given = container().resolve_inputs(caller.owner, _references(body.reference_images))
    spec = StoryboardSpec(
        body.goal,
        body.aspect_ratio,
        inputs=(*given, *brand.inputs_beside(given)),
        brand=brand.profile,
        panel_count=body.panel_count,
        preset=body.preset,
        tone=body.tone,
        text_density=body.text_density,
        product_role=body.product_role,
        visual_style=body.visual_style,
    )
    return Submission(STORYBOARD, spec)


def brief(body: PlanBody, caller: Caller) -> tuple[TextSpec, tuple[Input, ...]]:
    """What a carousel's plan is to be made from, and the brand's pictures for when it is rendered.

    Raises
    ------
    NotFound
    """
    brand = grounding(body, caller)
    spec = TextSpec(
        body.brief,
        body.aspect_ratio or SLIDE_RATIOS[body.platform],
        brand=brand.profile,
        platform=body.platform,
        goal=body.goal,
        slide_count=body.slide_count,
    )
    return spec, tuple(brand.inputs_beside(()))


def carousel(body: CarouselBody, caller: Caller) -> Submission:
    """A set of slides, from a stored plan or from the one in the body.

    Raises
    ------
    MissingParam, FeatureUnavailable, NotFound, InvalidParam
    """
    if body.quality == "premium":
        caller.workspace.require_extra("premium", param="quality")
    plan = _stored_plan(body, caller) if body.plan_id else None
    spec = _of_stored(plan) if plan is not None else _of_inline(body)
    brand = grounding(body, caller)
    given = container().resolve_inputs(caller.owner, _references(body.reference_images))
    if plan is not None and brand == Grounding(NO_BRAND):
        brand = Grounding(plan.brand, container().resolve_inputs.still_there(caller.owner, plan.inputs))
    spec = replace(
        spec,
        aspect_ratio=body.aspect_ratio or spec.aspect_ratio,
        quality=body.quality,
        controls=body.controls,
        inputs=(*given, *brand.inputs_beside(given)),
        brand=brand.profile,
    )
    return Submission(CAROUSEL, spec, len(spec.slides))


def _stored_plan(body: CarouselBody, caller: Caller) -> CarouselPlan:
    if body.plan is not None:
        raise InvalidParam("Send plan_id or plan, not both.", param="plan")
    plan = caller.prefetched.get(PlanKey)
    if plan is None or plan.kept_until <= container().clock.now():
        raise NotFound("No such plan.", param="plan_id")
    return plan


def _of_stored(plan: CarouselPlan) -> CarouselSpec:
    return CarouselSpec(
        plan.concept_title,
        plan.aspect_ratio,
        slides=plan.slides,
        concept_title=plan.concept_title,
        viral_mechanic=plan.viral_mechanic,
        audience=plan.audience,
        cta=plan.cta,
        plan_id=plan.id,
    )


def _of_inline(body: CarouselBody) -> CarouselSpec:
    plan = body.plan
    if plan is None:
        raise MissingParam("Either plan_id, or plan is required.", param="plan_id")
    return CarouselSpec(
        plan.concept_title,
        plan.aspect_ratio or SLIDE_RATIOS[None],
        slides=tuple(one.slide(f"plan.slides.{index}") for index, one in enumerate(plan.slides)),
        concept_title=plan.concept_title or None,
        viral_mechanic=plan.viral_mechanic or None,
        audience=plan.audience or None,
        cta=plan.cta or None,
    )


def animation(body: AnimateBody, caller: Caller) -> Submission:
    """A film that brings a picture to life, in the picture's own ratio.

    Raises
    ------
    NotFound, InvalidParam
    """
    source = NamedFile("source", body.image_id, "image_id", REFERENCES)
    (checked,) = container().resolve_inputs.check(caller.owner, [source])
    spec = FilmSpec(
        checked.asset.prompt if checked.asset is not None else "",
        "auto",
        inputs=container().resolve_inputs.store(caller.owner, [checked]),
        resolution=ANIMATION_RESOLUTION,
        seconds=ANIMATION_SECONDS,
    )
    return Submission(MOTION, spec)


def rough_prompt(body: EnhanceBody, caller: Caller) -> TextSpec:
    """A prompt to enhance, with the pictures to consider.

    Raises
    ------
    NotFound, InvalidParam
    """
    files = [
        NamedFile("ref", source, f"reference_images.{index}", REFERENCES)
        for index, source in enumerate(body.reference_images)
    ]
    return TextSpec(
        body.prompt,
        body.aspect_ratio,
        inputs=container().resolve_inputs(caller.owner, files),
        mode="image",
        has_logo=body.has_logo,
        has_reference_image=body.has_reference_image or bool(files),
    )


def grounding(body: Branded, caller: Caller) -> Grounding:
    """The brand a request is for. Its kit was read together with its sender.

    Raises
    ------
    NotFound
    """
    kit = caller.prefetched.get(BrandKitKey) if body.brand_kit_id else None
    if body.brand_kit_id and kit is None:
        raise NotFound("No such brand kit.", param="brand_kit_id")
    return grounding_of(kit, body.brand_context.profile())


def _spec(body: Creation, caller: Caller, *, quality: str = "standard") -> ImageSpec:
    brand = grounding(body, caller)
    given = container().resolve_inputs(caller.owner, _references(body.reference_images))
    return ImageSpec(
        prompt=body.prompt,
        aspect_ratio=body.aspect_ratio,
        quality=quality,
        inputs=(*given, *brand.inputs_beside(given)),
        brand=brand.profile,
    )


def _references(references: Sequence[Reference]) -> list[NamedFile]:
    return [
        NamedFile(reference.type, reference.source, f"reference_images.{index}.source", REFERENCES)
        for index, reference in enumerate(references)
    ]


def _offer_id(asset: Asset | None, offers: Mapping[str, str]) -> str:
    """The offer whose outputs stay in the source's list; those of a picture from elsewhere are images."""
    return offers.get(asset.collection if asset is not None else "image", offers["image"])
