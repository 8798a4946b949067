"""Reads an instruction: which changes it asks for, and whether all of it was understood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from darkroom.domain.prompts.reading import PLACES, mood_of, setting_of, words_of
from darkroom.domain.prompts.vocabulary import ASKING, BESIDE, BOUNDARIES, COLOURS, MOODS, SETTINGS
from darkroom_sandbox.colours import Rgb, rgb

MOST_READ: Final = 2_000  # characters


class Change(StrEnum):
    """A change that is made to every pixel, or to all of them at once."""

    GREY = "grey"
    SEPIA = "sepia"
    INVERT = "invert"
    WARMER = "warmer"
    COOLER = "cooler"
    DARKER = "darker"
    LIGHTER = "lighter"
    CONTRAST = "contrast"
    FLATTER = "flatter"
    VIVID = "vivid"
    MUTED = "muted"
    BLUR = "blur"
    SHARPEN = "sharpen"
    PIXELATE = "pixelate"
    CARTOON = "cartoon"
    SKETCH = "sketch"
    GRAIN = "grain"
    VIGNETTE = "vignette"
    DREAMY = "dreamy"
    FLIP = "flip"
    UPEND = "upend"
    ZOOM = "zoom"
    BORDER = "border"
    SNOW = "snow"
    RAIN = "rain"
    STARS = "stars"
    FOG = "fog"
    RAYS = "rays"
    BOKEH = "bokeh"


_IT: Final = r"(?: it| the (?:image|picture|photo))?"
_ADD: Final = r"(?:add|with|put|let it|make it|some|falling|more|a bit of|in|of|and)\b[\w ]{0,16}?\b"

_WAYS: Final[dict[Change, tuple[str, ...]]] = {
    Change.GREY: (r"black[- ]?(?:and|&|n)[- ]?white", r"b ?& ?w", "bw", r"gr[ae]y ?scale", "monochrome",
                  r"remove (?:all )?(?:the )?colou?rs?"),
    Change.SEPIA: ("sepia", "vintage", "retro", r"old[- ]photo(?:graph)?", "aged", "nostalgic", "antique"),
    Change.INVERT: (r"invert(?:ed)?(?: the)?(?: colou?rs)?", r"(?:photo )?negative"),
    Change.FLATTER: (r"(?:less|reduced?|lower|decrease)(?: the)? contrast", r"flat(?:ter)?(?: contrast)?"),
    Change.CONTRAST: (r"(?:(?:more|high(?:er)?|increased?|boost|add)(?: the)? )?contrast", r"punch(?:y|ier)"),
    Change.MUTED: ("muted", "faded", r"desaturated?", r"less (?:saturat(?:ed|ion)|colou?r(?:ful)?)", r"paler?",
                   r"washed[- ]out"),
    Change.VIVID: (r"(?:more )?(?:saturated?|saturation|vivid|vibrant|colou?rful)", r"more colou?rs?", "pop"),
    Change.WARMER: (r"warm(?:er|th)?(?: tones?)?",),
    Change.COOLER: (r"cool(?:er)?(?: tones?)?", r"cold(?:er)?", r"chill(?:y|ier)"),
    Change.DARKER: (r"darken", "darker", r"dim(?:mer)?", r"less bright(?:ness)?", r"reduce(?: the)? brightness",
                    r"underexposed?"),
    Change.LIGHTER: (r"bright(?:en|er)(?: up)?", r"light(?:en|er)", r"(?:(?:more|increase)(?: the)? )?brightness",
                     "more light", r"overexposed?"),
    Change.BLUR: (r"blur(?:red|ry|rier)?", "out of focus", r"defocus(?:ed)?", "unfocused", "soften"),
    Change.SHARPEN: (r"sharp(?:en|er|ened)?", r"crisp(?:er)?", "in focus"),
    Change.PIXELATE: (r"pixel(?:ate|ated|[- ]?art|s)", "mosaic", r"8[- ]bit"),
    Change.CARTOON: (r"cartoon(?:ish|y)?", r"comic(?:[- ]book)?", r"poster(?:ized?|ised?)", r"pop[- ]art"),
    Change.SKETCH: (r"(?:pencil[- ])?sketch(?:ed)?", r"pencil(?:[- ]drawing)?", r"line[- ](?:drawing|art)"),
    Change.GRAIN: (r"(?:film )?grain(?:y)?", "noise", "noisy"),
    Change.VIGNETTE: ("vignette",),
    Change.DREAMY: ("dreamy", r"glow(?:ing)?", "bloom", "ethereal"),
    Change.UPEND: (r"upside[- ]down", rf"(?:flip|mirror)(?:ped)?{_IT} vertical(?:ly)?"),
    Change.FLIP: (rf"(?:flip|mirror)(?:ped|ed)?(?:{_IT} (?:horizontal(?:ly)?|left to right))?",),
    Change.ZOOM: (r"zoom(?:ed)?[- ]in", "zoom", r"crop(?:ped)?(?: in)?", "closer", r"close[- ]up"),
    Change.BORDER: (r"(?:add )?(?:a |an )?(?:\w+ )?(?:border|framed?)",),
    Change.SNOW: (r"snow(?:ing|fall|flakes|storm)", _ADD + "snow"),
    Change.RAIN: (r"rain(?:ing|fall|drops)", _ADD + "rain"),
    Change.STARS: (_ADD + "stars",),
    Change.FOG: (_ADD + r"(?:fog|mist|haze)",),
    Change.RAYS: (r"(?:sun|light) ?(?:rays|beams|light)", r"god ?rays", "lens flare", r"backlight(?:ing)?"),
    Change.BOKEH: ("bokeh", "fairy lights", r"sparkles?", _ADD + "lights"),
}  # fmt: skip
# In the order in which they are looked for. What one has matched the next ones do not see.
_PATTERNS: Final = tuple(
    (change, re.compile(rf"\b(?:{'|'.join(ways)})(?!\w)")) for change, ways in _WAYS.items()
)
_WORD: Final = re.compile(r"\w+")
_ROTATE: Final = re.compile(
    r"\b(?:rotat(?:e|ed|ing)|turn(?:ed)?|tilt(?:ed)?)\b(?P<rest>(?: (?:it|the|image|picture|photo|by|to))*"
    r"(?: (?P<angle>-?\d{1,3})(?: ?(?:°|deg(?:rees?)?))?)?"
    r"(?: (?:to the )?(?P<way>clockwise|counter-?clockwise|anti-?clockwise|left|right))?)"
)
_LETTERS: Final = re.compile(
    r"(?:\b(?:add|write|put|place|include|with|overlay|change|set)\b)?(?: \w+){0,4}?"
    r"(?: (?:text|words?|caption|title|headline|says?|saying|reads?|reading|message|label|letters))?:?\s*"
    r"[\"\u201c\u201e\u00ab](?P<said>[^\"\u201c\u201d\u201e\u00ab\u00bb]{1,300})[\"\u201d\u201c\u00bb]",
    re.IGNORECASE,
)
_TAKING_AWAY: Final = re.compile(
    r"\b(?:remov|delet|eras|without|get rid|take away|cut out|clean up|hide|fix|no)\w*"
)
_SNOWED_IN: Final = frozenset(("snowy", "winter"))
_EDITING: Final = (
    "replace change turn put place add set swap convert transform apply edit adjust modify keep color colors "
    "colour colours tint tinted tone toned toning filter effect scene setting everything whole entire overall same "
    "original subject it little bit slightly much lot way again now season weather looks like feels degrees falling "
    "version time photo "
)
_WORDS_OF_EDITING: Final = frozenset(_EDITING.split())


@dataclass(frozen=True, slots=True)
class Instruction:
    """What an instruction asks for.

    ``angle`` is clockwise, in degrees. ``place`` and ``mood`` are a scene's and a palette's; ``said`` are words to be
    set on the picture. ``is_understood`` is false where something of it was not.
    """

    text: str
    changes: tuple[Change, ...] = ()
    angle: int = 0
    place: str | None = None
    mood: str | None = None
    colours: tuple[Rgb, ...] = ()
    said: str = ""
    is_understood: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all."""
        return not self.text.strip()


def understand(text: str, *, masked: bool = False) -> Instruction:
    """Reads an instruction. Under a mask a thing may be painted; on a whole picture only a place is."""
    plain = unicodedata.normalize("NFKC", text[:MOST_READ]).casefold()
    said = _LETTERS.search(unicodedata.normalize("NFKC", text[:MOST_READ]))
    rest = _LETTERS.sub(" ", plain) if said else plain
    removes = _TAKING_AWAY.search(rest) is not None
    rest, angle = _angle(rest)
    changes, rest = _changes(rest)
    instruction = Instruction(text, changes, angle, said=said["said"].strip() if said else "")
    if removes and Change.GREY not in changes:
        return replace(instruction, is_understood=False)
    words = words_of(rest)
    place = setting_of(_subject(rest), bare=False)
    if place not in PLACES and not masked:
        place = None
    if place is None and not _SNOWED_IN.isdisjoint(words):
        place = "snow"
    unknown = [word for word in words if not _is_known(word, place)]
    mood = mood_of([word for word in words if word not in COLOURS])
    colours = tuple(rgb(COLOURS[word]) for word in words_of(plain) if word in COLOURS)[:3]
    instruction = replace(instruction, place=place, mood=mood, colours=colours)
    does = bool(changes or angle or place or mood or colours or instruction.said)
    seen = _seen(rest) if not words else ""
    return replace(instruction, is_understood=not unknown and not seen and (does or instruction.is_empty))


def _angle(rest: str) -> tuple[str, int]:
    match = _ROTATE.search(rest)
    if match is None or not (match["angle"] or match["way"] or match[0].startswith("rotat")):
        return rest, 0
    angle = int(match["angle"] or 90)
    if (match["way"] or "").startswith(("counter", "anti", "left")):
        angle = -angle
    return f"{rest[: match.start()]} {rest[match.end() :]}", angle % 360


def _changes(rest: str) -> tuple[tuple[Change, ...], str]:
    found = []
    for change, pattern in _PATTERNS:
        if pattern.search(rest):
            found.append(change)
            rest = pattern.sub(" ", rest)
    return tuple(found), rest


def _subject(rest: str) -> str:
    """What is left without the words of editing, which would otherwise seem to be what it is about."""
    return _WORD.sub(lambda match: "" if match[0] in _WORDS_OF_EDITING else match[0], rest)


def _is_known(word: str, place: str | None) -> bool:
    if len(word) < 2 or word in ASKING or word in BESIDE or word in BOUNDARIES or word in _WORDS_OF_EDITING:
        return True
    named = SETTINGS.get(word) or SETTINGS.get(word.removesuffix("s"))
    return word in MOODS or word in COLOURS or (named is not None and named == place)


def _seen(rest: str) -> str:
    """What is left that is no word but can be seen, such as emoji."""
    return "".join(each for each in rest if unicodedata.category(each)[0] == "S")
