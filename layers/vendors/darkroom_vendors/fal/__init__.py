"""fal: a queue in front of many vendors' models.

``endpoints`` says which and how orders become their inputs, ``protocol`` how the queue is spoken to, ``errors`` what
its refusals mean. ``callbacks`` needs a cryptography library that only the function taking callbacks has, so nothing
here imports it.
"""

from darkroom_vendors.fal.endpoints import MODELS
from darkroom_vendors.fal.protocol import Fal

__all__ = ["MODELS", "Fal"]
