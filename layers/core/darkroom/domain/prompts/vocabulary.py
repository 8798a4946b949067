"""The words that are understood, and what each one means."""

from typing import Final


def _table(text: str) -> dict[str, str]:
    """``meaning: word word word`` lines as word → meaning; an indented line continues the one above."""
    lines = (line.split(":") for line in text.strip().replace("\n ", " ").splitlines())
    return {word: meaning.strip() for meaning, words in lines for word in words.split()}


def _words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


# What a picture can show, by the nouns for just that. A noun is here only if its scene shows the thing itself.
SETTINGS: Final = _table("""
mountains: mountain mountains alps peak peaks summit everest mountainside mountaintop
ocean: ocean sea beach coast coastline seaside seashore seascape island shore sailboat sailboats yacht
  lighthouse bay waves
lake: lake river pond fjord kayak canoe lakeside riverbank
underwater: underwater reef coral corals fish seabed aquarium
desert: desert dune dunes sahara cactus cacti
forest: forest woods woodland trees pines jungle rainforest campfire campsite tent cabin
field: field meadow countryside wheat lavender sunflower sunflowers prairie farmland
snow: snow snowfall snowscape
city: city cityscape skyline downtown skyscraper skyscrapers tokyo york manhattan shanghai metropolis
space: space galaxy planet planets cosmos nebula astronaut astronauts rocket moon saturn jupiter universe
cup: coffee espresso latte cappuccino tea matcha mug cup teacup
bowl: ramen noodles noodle
cake: cake
bottle: bottle perfume fragrance serum shampoo lotion
vase: flower flowers bouquet rose roses peony peonies vase
phone: phone smartphone iphone app
box: gift gifts present giftbox
sneaker: sneaker sneakers trainers
fruit: fruit lemon lemons orange oranges citrus grapefruit grapefruits lime limes
portrait: person woman man girl boy lady guy human businessman businesswoman founder entrepreneur ceo boss
  manager employee intern colleague developer portrait
cat: cat cats kitten kitty
dog: dog dogs puppy doge
fox: fox
panda: panda
rabbit: rabbit bunny hare
abstract: pattern shapes
""")

# Two words that mean something of their own; nothing after the colon: no scene shows it.
PAIRS: Final[dict[tuple[str, str], str]] = {
    ("palm", "tree"): "ocean",
    ("palm", "trees"): "ocean",
    ("running", "shoe"): "sneaker",
    ("running", "shoes"): "sneaker",
    ("tennis", "shoes"): "sneaker",
    ("hot", "dog"): "",
    ("hot", "dogs"): "",
    ("rose", "gold"): "",
    ("christmas", "trees"): "",
    ("red", "panda"): "",
    ("flying", "fox"): "",
    ("sea", "lion"): "",
}

# Words that make the whole picture abstract, whatever they describe.
ABSTRACT: Final = frozenset(("abstract", "geometric", "gradient", "bauhaus", "generative"))

# What a prompt shows that names an hour, a season or a kind of picture and no thing at all.
BARE_SETTINGS: Final = _table("""
ocean: sunset sunrise dusk twilight tropical summer
mountains: dawn aurora northern borealis landscape nature scenery
snow: winter snowy
forest: autumn
space: starry stars
abstract: background wallpaper texture
""")

# Measures: "a bowl of noodles" is about noodles.
MEASURES: Final = frozenset(
    _words("""cup mug glass bowl plate slice piece pile stack pair bunch basket bouquet vase portrait headshot cluster
    row rows handful drop close-up closeup view box""")
)

# Words beside the subject: they bend the picture or say what kind it is, and name nothing to show.
BESIDE: Final = frozenset(
    _words("""
    photo photos photograph photography picture image illustration painting drawing sketch render rendering artwork
    art shot scene view landscape scenery nature panorama close close-up closeup background wallpaper backdrop
    texture poster cover banner visual concept style styled aesthetic mood vibe vibes look feel atmosphere ambience
    product commercial advertising editorial studio lifestyle stock hero

    one two three four five six seven eight nine ten many few several single another other

    street streets path trail road box horizon sky skies cloud clouds cloudscape weather wind air
    light lights lighting sunlight sunshine sunbeam sunbeams ray rays glow shadow shadows reflection reflections
    sun moonlight star stars morning afternoon day time hour sunset water wave
    palm palms leaf leaves grass blossom blossoms hill hills top middle edge front back side left right center centre

    cinematic photorealistic realistic hyperrealistic surreal minimalist minimalistic minimal simple clean modern
    contemporary classic vintage retro rustic elegant luxury luxurious premium stylish chic bold vibrant vivid
    colorful colourful bright dark light soft warm cool cold hot dramatic epic majestic serene peaceful calm quiet
    tranquil beautiful gorgeous stunning breathtaking amazing lovely pretty cute adorable fluffy happy sad grumpy
    angry tired smiling sleeping playful curious wise old young new ancient big large huge giant small little tiny
    tall long short wide high low deep full empty lone lonely solitary single open closed fresh wild tame misty
    moody hazy aerial macro detailed intricate ultra high-resolution hd uhd digital analog analogue film grain
    watercolor watercolour oil acrylic pastel pencil charcoal ink flat isometric vector cartoon anime comic pixel
    lowpoly low-poly black white grey gray silver gold golden rainbow multicolored monochrome colored coloured
    red crimson yellow green emerald teal turquoise blue navy indigo purple violet magenta pink brown beige cream
    snow-capped snowcapped snow-covered stone wood wooden urban coastal tropical northern southern eastern western
    stylized premium high-quality quality professional perfect ideal best favourite favorite famous iconic
    domestic tabby ginger siamese persian house pet shiba inu corgi labrador retriever beagle poodle husky
    iced brew brewed steaming birthday wedding layered perfume gift mobile athletic sports running sport cosmic outer
    flowing rolling crashing falling setting rising floating drifting glowing burning frozen alpine arctic sand sandy
    dusty starry sunny rainy stormy foggy snowy windy cloudy
    """)
)

# Where a subject ends and what it does, or where it is, begins.
BOUNDARIES: Final = frozenset(
    _words("""
    in on at by near under over above below behind beside before after against along across around between among
    through throughout during into onto from to toward towards inside outside within without with via amid upon
    off down up as while when where who that which whose until since because if than like for about of and or but
    plus versus vs
    is are was were be been being has have had does do did can could will would should may might must
    stands stand sits sit lies lie runs run walks walk jumps jump flies fly sleeps sleep rises rise sets shines shine
    glows glow looks looking plays play eats eat drinks drink swims swim stares stare smiles smile waits wait meets
    meet wears wear holds hold rides ride drives drive sails sail floats float drifts drift crashes crash breaks
    break falls rolls roll reflects reflect surrounds surrounded covers covered fills filled overlooks overlooking
    learns learn chases chase enjoys enjoy watches watch sips sip naps nap hides hide explores explore drifts drift
    dances dance sings sing reads read works work sees hears feels thinks
    """)
)

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

STOP_WORDS: Final = frozenset(_words("""
a an the of in on at to for with and or by from into over under as is are be this that it its my your our their his
her very some make create generate image picture photo illustration please me i we you
"""))  # fmt: skip

# Words of asking, which are no part of what is asked for.
ASKING: Final = STOP_WORDS | frozenset(_words("""
design draw paint show give want need like imagine using use featuring feature featured showing depicting depicts
render produce can could would us there lets these those such so just really no not any each every all more most
much also too only
"""))  # fmt: skip
