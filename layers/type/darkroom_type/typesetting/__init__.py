"""From a text to glyphs at their places: cleaned, ordered, given faces, shaped, broken into lines."""
