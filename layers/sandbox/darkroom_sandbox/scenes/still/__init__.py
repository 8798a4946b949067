"""Still lifes: one thing on a table in good light."""

from __future__ import annotations

from collections.abc import Callable

from darkroom_sandbox.scenes.still.bottle import bottle
from darkroom_sandbox.scenes.still.bowl import bowl
from darkroom_sandbox.scenes.still.box import box
from darkroom_sandbox.scenes.still.cake import cake
from darkroom_sandbox.scenes.still.cup import cup
from darkroom_sandbox.scenes.still.fruit import fruit
from darkroom_sandbox.scenes.still.phone import phone
from darkroom_sandbox.scenes.still.sneaker import sneaker
from darkroom_sandbox.scenes.still.vase import vase
from darkroom_sandbox.stage import Stage

SCENES: dict[str, Callable[[Stage], None]] = {
    "cup": cup,
    "bowl": bowl,
    "cake": cake,
    "bottle": bottle,
    "vase": vase,
    "phone": phone,
    "box": box,
    "sneaker": sneaker,
    "fruit": fruit,
}
