"""Sets text: cleans it, orders it, chooses faces, shapes glyphs, breaks lines and places them."""
