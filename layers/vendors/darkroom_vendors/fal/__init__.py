"""fal: a queue in front of many vendors' models.

``endpoints`` lists the models and makes their inputs, ``protocol`` speaks to the queue, ``errors`` interprets its
errors. ``callbacks`` needs a cryptography library that only the callbacks' function has, so nothing here imports it.
"""

from darkroom_vendors.fal.endpoints import MODELS
from darkroom_vendors.fal.protocol import Fal

__all__ = ["MODELS", "Fal"]
