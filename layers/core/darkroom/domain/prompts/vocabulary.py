"""The words that are understood, and what each one means."""

from typing import Final


def _table(text: str) -> dict[str, str]:
    """``meaning: word word word`` lines as word → meaning; an indented line continues the one above."""
    lines = (line.split(":") for line in text.strip().replace("\n ", " ").splitlines())
    return {word: meaning.strip() for meaning, words in lines for word in words.split()}


# Where the picture plays. The prompt's first word with a meaning wins.
SETTINGS: Final = _table("""
mountains: mountain mountains alps peak peaks hill hills cliff cliffs valley canyon hiking hike summit
  volcano everest
ocean: ocean sea beach coast coastal island surf surfing waves shore sailing sailboat boat yacht ship
  lighthouse bay
lake: lake river pond fjord reflection reflections kayak canoe
underwater: underwater reef coral fish whale shark diving scuba jellyfish aquarium turtle
desert: desert dune dunes sahara cactus oasis camel pyramid pyramids mesa mars
forest: forest woods woodland tree trees pine pines jungle rainforest camping campfire tent cabin deer bear
  wolf
field: field meadow fields farm countryside garden grass wheat vineyard lavender picnic tulips sunflower
  sunflowers prairie
snow: snow snowy winter ski skiing snowboard ice iceberg arctic christmas polar frozen glacier
city: city cityscape skyline street urban downtown building buildings skyscraper skyscrapers tokyo york
  london paris office business finance bank startup traffic
space: space galaxy planet planets cosmos cosmic nebula astronaut rocket moon lunar orbit universe alien ufo
  satellite saturn jupiter
cup: coffee espresso latte cappuccino tea matcha mug cafe cocoa barista
bowl: food ramen noodles soup salad bowl pasta rice curry sushi breakfast lunch dinner meal restaurant
  recipe pizza burger taco
cake: cake cupcake birthday dessert bakery pastry chocolate donut sweet
bottle: bottle perfume fragrance wine beer serum skincare cosmetic cosmetics shampoo lotion soda drink juice
  cocktail whisky kombucha
vase: flower flowers bouquet rose roses plant plants vase florist houseplant orchid peony
phone: phone smartphone app mobile iphone saas software dashboard website laptop computer tech gadget code
  coding developer
box: product package packaging box gift present unboxing parcel delivery
sneaker: sneaker sneakers shoe shoes trainers footwear running boot boots
fruit: fruit lemon orange apple apples citrus peach strawberry berries mango lime tomato avocado
portrait: portrait person woman man girl boy people founder face model headshot selfie chef doctor artist
  teacher employee boss manager intern customer ceo
cat: cat cats kitten kitty feline
dog: dog dogs puppy doge shiba corgi
fox: fox
panda: panda
rabbit: rabbit bunny hare
abstract: abstract pattern geometric gradient background wallpaper texture minimal minimalist generative
  shapes
""")

# The hour, the weather or the mood: which palette.
MOODS: Final = _table("""
sunset: sunset dusk evening twilight romantic
dawn: dawn sunrise morning
golden: golden gold warm-light wheat harvest honey sand sandy desert dune dunes sahara
night: night midnight moonlight moonlit starry dark nighttime stars
aurora: aurora northern borealis
fog: fog foggy mist misty haze hazy calm quiet
storm: storm stormy rain rainy thunder dramatic lightning monday
neon: neon cyberpunk synthwave vaporwave futuristic club party gaming arcade hacker
autumn: autumn fall october leaves harvest thanksgiving
spring: spring blossom cherry easter fresh
tropical: tropical summer beach palm palms caribbean vacation holiday paradise turquoise
winter: winter snow snowy ice icy frozen christmas ski arctic frost
warm: cozy cosy coffee espresso latte chocolate rustic bakery vintage retro autumnal wood wooden
noir: noir monochrome black-and-white luxury premium elegant black
pastel: pastel soft dreamy cute baby kawaii pink gentle
ember: fire lava volcano ember hell mars spicy explosion
deep: underwater reef diving deep submarine
day: day daylight sunny bright noon clear blue midday
""")

FAINT_MOODS: Final = frozenset(("day", "night", "fog", "warm", "pastel"))

# What a setting looks like when the prompt names no hour.
USUAL_MOODS: Final[dict[str, tuple[str, ...]]] = {
    "mountains": ("dawn", "day", "sunset", "fog"),
    "ocean": ("sunset", "day", "tropical", "golden"),
    "lake": ("dawn", "fog", "sunset"),
    "underwater": ("deep",),
    "desert": ("golden", "sunset"),
    "forest": ("fog", "golden", "spring", "autumn"),
    "field": ("spring", "golden", "day"),
    "snow": ("winter",),
    "city": ("night", "sunset", "neon", "dawn"),
    "space": ("night", "neon", "aurora"),
    "cup": ("warm",),
    "bowl": ("warm", "spring"),
    "cake": ("pastel",),
    "bottle": ("pastel", "golden", "noir"),
    "vase": ("spring", "pastel"),
    "phone": ("pastel", "neon", "day"),
    "box": ("pastel", "warm", "day"),
    "sneaker": ("neon", "day", "sunset"),
    "fruit": ("tropical", "spring"),
}

COLOURS: Final[dict[str, str]] = {
    "red": "#d7263d",
    "crimson": "#b3123b",
    "orange": "#f2762e",
    "yellow": "#f6c631",
    "green": "#2f9e5b",
    "emerald": "#0f8f68",
    "teal": "#14808a",
    "turquoise": "#27b7b5",
    "blue": "#2563eb",
    "navy": "#14275c",
    "indigo": "#4338ca",
    "purple": "#7c3aed",
    "violet": "#8b5cf6",
    "magenta": "#d6219c",
    "pink": "#f472b6",
    "brown": "#7a4a2b",
    "beige": "#dcc7a1",
}

STOP_WORDS: Final = frozenset(
    (
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "with",
        "and",
        "or",
        "by",
        "from",
        "into",
        "over",
        "under",
        "as",
        "is",
        "are",
        "be",
        "this",
        "that",
        "it",
        "its",
        "my",
        "your",
        "our",
        "their",
        "his",
        "her",
        "very",
        "some",
        "make",
        "create",
        "generate",
        "image",
        "picture",
        "photo",
        "illustration",
        "please",
        "me",
        "i",
        "we",
        "you",
    )
)
