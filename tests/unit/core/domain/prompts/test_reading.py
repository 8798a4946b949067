"""Prompts are read honestly: a setting is chosen only where its scene shows what the prompt is about."""

from __future__ import annotations

from random import Random

import pytest

from darkroom.domain.prompts.reading import mood_of, named_in, scene_of, setting_of, words_of

KNOWN = {
    "mountains at sunset": "mountains",
    "a snowy mountain": "mountains",
    "Majestic mountains with a lake": "mountains",
    "minimalist poster of mountains": "mountains",
    "In the style of Van Gogh, mountains at night": "mountains",
    "a mountain lake at dawn": "lake",
    "northern lights over a frozen lake": "lake",
    "a red canoe on a lake": "lake",
    "the coast at sunset": "ocean",
    "A lighthouse on the coast": "ocean",
    "a lighthouse stands on a cliff": "ocean",
    "Photorealistic, 4k, a lighthouse at dawn": "ocean",
    "sunset": "ocean",
    "palm trees on a beach": "ocean",
    "coral reef with fish": "underwater",
    "a cactus in the desert": "desert",
    "trees in autumn": "forest",
    "forest path in the fog": "forest",
    "A cozy cabin in the snowy woods at night": "forest",
    "a field of sunflowers": "field",
    "lavender field": "field",
    "snowy winter morning": "snow",
    "tokyo at night in the rain": "city",
    "new york skyline": "city",
    "neon city": "city",
    "starry night": "space",
    "astronaut floating in space": "space",
    "a galaxy with planets": "space",
    "a cup of coffee": "cup",
    "iced latte": "cup",
    "a steaming cup of tea": "cup",
    "a bowl of ramen": "bowl",
    "birthday cake": "cake",
    "a perfume bottle on marble": "bottle",
    "a bouquet of red roses": "vase",
    "smartphone on a desk": "phone",
    "gift box with a ribbon": "box",
    "sneakers": "sneaker",
    "product photo of white sneakers": "sneaker",
    "running shoes on a track": "sneaker",
    "a bowl of oranges": "fruit",
    "portrait of a woman": "portrait",
    "person holding an umbrella": "portrait",
    "an orange cat": "cat",
    "black and white cat": "cat",
    "a portrait of a cat": "cat",
    "sleeping kitten on a sofa": "cat",
    "a dog running along the beach": "dog",
    "A curious fox": "fox",
    "panda": "panda",
    "fluffy bunny": "rabbit",
    "abstract waves": "abstract",
    "geometric pattern": "abstract",
}

UNKNOWN = """
pizza
a pizza with basil
slice of pizza
sushi
burger and fries
hot dog
ice cream
orange juice
apple pie
a glass of wine
a bowl of soup
temple
a japanese temple at dawn
castle on a hill
eiffel tower
paris
a red bicycle leaning against a wall in the city
a vintage car parked on a city street
train
airplane
a container ship
cozy coffee shop interior
logo for a coffee shop
a poster for a jazz night
city map
map of the city
space station
christmas tree
family tree
guitar
piano
robot
robot cat
portrait of a robot
a cat and a robot
a cat and a dog
coffee and a croissant
unicorn
dinosaur
a dragon flying over a mountain
fire-breathing dragon
a whale in the ocean
camel in the desert
horse
elephant
butterfly on a flower
a red panda
volcano
laptop on a desk
leather dress shoes
rose gold ring
a wedding
two people talking
a doctor in a hospital
chef cooking pasta
football stadium
office meeting
yoga class
laboratory
cardboard box
a red kite
Happy birthday, Mom!
Summer sale 50% off
Hello world
Ein Hund am Strand
un chat sur le toit
кот на крыше
γάτα στην παραλία
قطة على الشاطئ
חתול על הגג
समुद्र के किनारे बिल्ली
猫が海で泳ぐ
一只熊猫
🐈
?!
""".strip().splitlines()


@pytest.mark.parametrize(("prompt", "setting"), KNOWN.items())
def test_what_a_scene_shows_is_known(prompt: str, setting: str) -> None:
    assert setting_of(prompt) == setting


@pytest.mark.parametrize("prompt", [*UNKNOWN, "", " \n", "\x00\ud800", "x" * 10_000])
def test_what_no_scene_shows_is_not_guessed(prompt: str) -> None:
    assert setting_of(prompt) is None
    assert scene_of(prompt, Random(1)).setting is None


def test_a_hundred_everyday_prompts_are_decided() -> None:
    assert len(KNOWN) + len(UNKNOWN) >= 120


def test_the_mood_is_the_one_named_and_else_one_that_suits_the_setting() -> None:
    assert scene_of("mountains in autumn", Random(1)).mood == "autumn"
    assert scene_of("pizza at night", Random(1)).mood == "night"
    assert scene_of("a coral reef", Random(1)).mood == "deep"
    assert mood_of(words_of("a calm sunset")) == "sunset"
    assert mood_of(words_of("pizza")) is None


def test_a_caption_is_read_loosely() -> None:
    assert named_in("when the robot sees the cat") == "cat"
    assert named_in("when the code compiles") is None


def test_words_are_found_without_accents_and_are_bounded() -> None:
    assert words_of("Café, l'été") == ("cafe", "l", "ete")
    assert len(words_of("word " * 2_000)) == 400
