"""Masks for vendors that read brightness: the address of one whose white is to be repainted.

Callers mark what is to be repainted by transparency or, in a mask without any, by white, and in a size that need not
be the picture's. Vendors of open models know only white, in the picture's own size. So a mask is painted anew, and
goes along within the request, as these vendors allow for small files.
"""

from __future__ import annotations

import base64
from dataclasses import replace

from darkroom.domain.jobs.engine import InputFile, TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected, RouteFailed
from darkroom.ports.vendors import Masks
from darkroom_vendors.request_fields import source_size

MAX_BYTES = 190_000  # what vendors take within a request: 256 kB, of which base64 makes a quarter


def with_white_mask(order: TaskRequest, masks: Masks | None) -> TaskRequest:
    """The order with its mask, if there is one, in the form these vendors read.

    Raises
    ------
    Broken
        The mask cannot be prepared here, or is too large for the vendor.
    Rejected
        The picture or the mask cannot be decoded.
    """
    given = order.input_files_as("mask")
    if not given:
        return order
    if masks is None:
        raise RouteFailed("this worker cannot prepare masks", code="no_masks")
    size = source_size(order)
    if size is None:
        raise Rejected("the source is of no known type")
    data = masks.painted(given[0].data, *size)
    if len(data) > MAX_BYTES:
        raise RouteFailed("the mask is too detailed", code="mask_too_large")
    address = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    others = tuple(one for one in order.input_files if one.role != "mask")
    return replace(order, input_files=(*others, InputFile("mask", data, lambda: address)))
