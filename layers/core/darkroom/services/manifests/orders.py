"""What a manifest is to become, from a request or from a file's metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.jobs.spec import PNG, Encoding, RenderFormat
from darkroom.domain.manifests.manifest import Make, Order
from darkroom.domain.renders.names import MEDIA, encoding

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.ports.renders import Templates


# What a file's metadata may say, each after x-amz-meta-.
TEMPLATE, RATIO, MODEL = "template-id", "pixel-ratio", "model"
FORMAT, QUALITY = "output-format", "quality"


@dataclass(frozen=True, slots=True)
class ResolveOrder:
    """Makes orders. ``models`` are the offers that rows can become, by the names that clients use."""

    templates: Templates
    render_offer: str
    models: Mapping[str, str]

    def renders(self, owner: Owner, template_id: str, ratio: float = 1.0, encoding: Encoding = PNG) -> Order:
        """Renders of a template, as it is now.

        Raises
        ------
        NotFound, InvalidParam
        """
        from darkroom.domain.templates.definition import output_size  # noqa: PLC0415 - templates load slowly

        template = self.templates.get(owner, template_id)
        if template is None:
            raise NotFound("No such template.", param="template_id")
        try:
            output_size(template.document, ratio)
        except InvalidParam as error:
            raise InvalidParam(
                error.detail.replace("pixelRatio", "pixel_ratio"), param="pixel_ratio"
            ) from error
        return Order(
            make=Make.RENDERS,
            offer_id=self.render_offer,
            template_id=template.id,
            template_version=template.version,
            ratio=ratio,
            encoding=None if encoding == PNG else encoding,
        )

    def generations(self, model: str) -> Order:
        """Outputs of a model.

        Raises
        ------
        InvalidParam
        """
        if model not in self.models:
            raise InvalidParam(f"model: must be one of {', '.join(self.models)}.", param="model")
        return Order(make=Make.GENERATIONS, offer_id=self.models[model], model=model)

    def from_metadata(self, owner: Owner, metadata: Mapping[str, str]) -> Order:
        """What a file's metadata asks for: either a template, or a model.

        Raises
        ------
        InvalidParam, NotFound
        """
        template_id, model = metadata.get(TEMPLATE), metadata.get(MODEL)
        if template_id is not None and model is None:
            try:
                ratio = float(metadata.get(RATIO, "1"))
            except ValueError as error:
                raise InvalidParam(f"{RATIO}: must be a number.", param=RATIO) from error
            return self.renders(owner, template_id, ratio, _encoding(metadata))
        if model is not None and template_id is None:
            return self.generations(model)
        raise InvalidParam(
            f"The file's metadata must have either x-amz-meta-{TEMPLATE} or x-amz-meta-{MODEL}.",
            param=TEMPLATE,
        )


def _encoding(metadata: Mapping[str, str]) -> Encoding:
    format, quality = metadata.get(FORMAT, "png"), metadata.get(QUALITY)
    if format not in MEDIA:
        raise InvalidParam(f"{FORMAT}: must be one of {', '.join(MEDIA)}.", param=FORMAT)
    if quality is not None and not (quality.isascii() and quality.isdigit() and 1 <= int(quality[:4]) <= 100):
        raise InvalidParam(f"{QUALITY}: must be a whole number from 1 to 100.", param=QUALITY)
    return encoding(cast("RenderFormat", format), None if quality is None else int(quality))
