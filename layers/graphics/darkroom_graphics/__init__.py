"""Skia behind one door: guarded decoding, PNG writing, masks and the watermark, for the workers that need them."""
