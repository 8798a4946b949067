"""Masks for vendors that read brightness: white is what to repaint.

Callers mark what to repaint by transparency or, in a mask without any, by white, and in any size. Vendors of open
models read only white, in the picture's own size. So a mask is converted, and is sent within the request as a data
URL, which these vendors allow for small files.
"""

from __future__ import annotations

import base64
from dataclasses import replace

from darkroom.domain.jobs.engine import InputFile, TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected, RouteFailed
from darkroom.ports.vendors import Masks
from darkroom_vendors.request_fields import source_size

MAX_BYTES = 190_000  # what vendors take within a request: 256 kB, of which base64 makes a quarter


def with_white_mask(request: TaskRequest, masks: Masks | None) -> TaskRequest:
    """The request with its mask, if there is one, in the form these vendors read.

    Raises
    ------
    RouteFailed
        The mask cannot be prepared here, or is too large for the vendor.
    Rejected
        The picture or the mask cannot be decoded.
    """
    mask_files = request.input_files_as("mask")
    if not mask_files:
        return request
    if masks is None:
        raise RouteFailed("this worker cannot prepare masks", code="no_masks")
    size = source_size(request)
    if size is None:
        raise Rejected("the source is of no known type")
    data = masks.painted(mask_files[0].data, *size)
    if len(data) > MAX_BYTES:
        raise RouteFailed("the mask is too detailed", code="mask_too_large")
    address = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    others = tuple(one for one in request.input_files if one.role != "mask")
    return replace(request, input_files=(*others, InputFile("mask", data, lambda: address)))
