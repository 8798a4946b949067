"""What vendors charge, each price with the day it was read and where.

The operator corrects them here: a new price is a line with the day it holds ``since``, before the old one's. A model
without a line is not free; what it makes is counted as unpriced.
"""

from __future__ import annotations

from datetime import date

from darkroom.domain.usage.vendor_prices import OUTPUT, SECOND, Term, VendorPrice, VendorPrices

_READ = date(2026, 11, 20)
_MILLION = 1_000_000
_TICKS = 10_000_000_000  # in a dollar


def _price(vendor: str, source: str, *models: str, terms: tuple[Term, ...]) -> VendorPrice:
    return VendorPrice(vendor, models, terms, _READ, source)


def _each(vendor: str, source: str, usd: str, *models: str, **resolutions: str) -> VendorPrice:
    """So much for an output."""
    terms = (Term(OUTPUT, usd, resolutions=_named(resolutions)),)
    return _price(vendor, source, *models, terms=terms)


def _second(vendor: str, source: str, usd: str, *models: str, **resolutions: str) -> VendorPrice:
    """So much for a second of an output."""
    terms = (Term(SECOND, usd, resolutions=_named(resolutions)),)
    return _price(vendor, source, *models, terms=terms)


def _metered(vendor: str, source: str, unit: str, usd: str, *models: str) -> VendorPrice:
    """So much for each of the units that fal says it billed."""
    return _price(vendor, source, *models, terms=(Term(unit, usd, figure="billable_units"),))


def _named(resolutions: dict[str, str]) -> dict[str, str]:
    """Resolutions by name; a keyword cannot begin with a digit."""
    return {name.removeprefix("at_"): usd for name, usd in resolutions.items()}


# Where a price was read at second hand, its source says so.
_OPENAI = "OpenAI's price list, confirmed by a reseller: $5/M text in, $8/M image in, $30/M image out"
_GEMINI = "Google's price list, second hand"
_XAI = "xAI's price list, second hand"
_XAI_COUNTS = "docs.x.ai: usage.cost_in_usd_ticks of the answer, 10^10 to the dollar"
_KIE_COUNTS = "docs.kie.ai: creditsConsumed of the task's record, about $0.005 each"
_FAL = "fal.ai/models/{model}/llms.txt"

PRICES = VendorPrices(
    (
        # What a vendor itself says a task cost goes before everything else.
        _price("xai", _XAI_COUNTS, terms=(Term("usd_ticks", "1", figure="cost_in_usd_ticks", per=_TICKS),)),
        _price("kie", _KIE_COUNTS, terms=(Term("credits", "0.005", figure="cost_credits"),)),
        # OpenAI
        _price(
            "openai",
            _OPENAI,
            "gpt-image-2",
            terms=(
                Term("input_tokens", "5", figure="input_tokens", less="input_image_tokens", per=_MILLION),
                Term("input_image_tokens", "8", figure="input_image_tokens", per=_MILLION, optional=True),
                Term("output_tokens", "30", figure="output_tokens", per=_MILLION),
            ),
        ),
        # Google
        _price(
            "google",
            f"{_GEMINI}: $1.50/M in, $30/M image out",
            "gemini-nano-banana-2.1",
            terms=(
                Term("input_tokens", "1.5", figure="input_tokens", per=_MILLION),
                Term("output_tokens", "30", figure="output_tokens", per=_MILLION),
            ),
        ),
        _each("google", f"{_GEMINI}: $0.0336 at 1K", "0.0336", "gemini-nano-banana-2.1"),
        _each("google", f"{_GEMINI}: $0.134, $0.24 at 4K", "0.134", "gemini-3-pro-image", at_4k="0.24"),
        _each("google", f"{_GEMINI}: about $0.034", "0.034", "gemini-3.1-flash-lite-image"),
        _second(
            "google",
            f"{_GEMINI}: $0.10/s at 720p, $0.15/s at 1080p",
            "0.10",
            "gemini-omni-1.1-flash",
            at_1080p="0.15",
        ),
        _price(
            "google",
            f"{_GEMINI}: $0.75/M in, $3.75/M out, until 2026-12-31",
            "gemini-3.8-flash",
            terms=(
                Term("input_tokens", "0.75", figure="input_tokens", per=_MILLION),
                Term("output_tokens", "3.75", figure="output_tokens", per=_MILLION),
            ),
        ),
        VendorPrice(
            "google",
            ("gemini-3.8-flash",),
            (
                Term("input_tokens", "1.5", figure="input_tokens", per=_MILLION),
                Term("output_tokens", "7.5", figure="output_tokens", per=_MILLION),
            ),
            _READ,
            f"{_GEMINI}: twice as much from 2027-01-01 on",
            since=date(2027, 1, 1),
        ),
        # xAI, where it does not tell what it charged
        _each("xai", f"{_XAI}: $0.02", "0.02", "grok-imagine-image"),
        _second(
            "xai", f"{_XAI}: $0.05/s at 480p, $0.07/s at 720p", "0.07", "grok-imagine-video", at_480p="0.05"
        ),
        _second(
            "xai",
            f"{_XAI}: $0.08/s at 480p, $0.14/s at 720p, $0.25/s at 1080p",
            "0.14",
            "grok-imagine-video-1.5",
            at_480p="0.08",
            at_1080p="0.25",
        ),
        # fal: by the units it bills, where it tells them
        _metered("fal", _FAL, "megapixels", "0.02", "fal-ai/qwen-image"),
        _metered("fal", _FAL, "megapixels", "0.005", "fal-ai/z-image/turbo"),
        _metered("fal", _FAL, "megapixels", "0.03", "fal-ai/clarity-upscaler"),
        _metered("fal", _FAL, "megapixels", "0.001", "fal-ai/seedvr/upscale/image"),
        _each("fal", _FAL, "0.0398", "fal-ai/nano-banana"),
        _each("fal", _FAL, "0.15", "fal-ai/nano-banana-pro"),
        _each("fal", f"{_FAL}: $0.04 to $0.06", "0.05", "openai/gpt-image-2"),
        _each("fal", _FAL, "0.02", "xai/grok-imagine-image", "xai/grok-imagine-image/edit"),
        _each("fal", f"{_FAL}: balanced", "0.06", "fal-ai/ideogram/v3/reframe"),
        _second(
            "fal",
            f"{_FAL}: $0.05/s at 480p, $0.07/s at 720p",
            "0.07",
            "xai/grok-imagine-video/text-to-video",
            at_480p="0.05",
        ),
        _second(
            "fal",
            f"{_FAL}: $0.06/s at 1080p",
            "0.06",
            "fal-ai/ltx-2/image-to-video",
            at_1440p="0.12",
            at_2160p="0.24",
        ),
        _second(
            "fal",
            f"{_FAL}: $1/M tokens, height x width x 24 x seconds / 1024 of them",
            "0.0216",
            "fal-ai/bytedance/seedance/v1/pro/fast/text-to-video",
            at_480p="0.0096",
            at_1080p="0.0486",
        ),
        _second("fal", _FAL, "0.15", "wan/v2.6/text-to-video", at_720p="0.10"),
        _second("fal", f"{_FAL}: with sound", "0.40", "fal-ai/veo3.1"),
        _second("fal", f"{_FAL}: with sound", "0.15", "fal-ai/veo3.1/fast"),
        _second("fal", _FAL, "0.16", "fal-ai/bytedance/omnihuman/v1.5"),
        # kie, where it does not tell its credits
        _each("kie", "docs.kie.ai: 6 credits at 1K", "0.03", "gpt-image-2-text-to-image"),
        _each("kie", "docs.kie.ai: 18 credits, 24 at 4K", "0.09", "nano-banana-pro", at_4k="0.12"),
        _each("kie", "docs.kie.ai: about 12 credits a call", "0.06", "V5", "V4_5PLUS", "V4_5", "V4"),
    )
)
