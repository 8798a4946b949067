"""Text for a file's metadata tags."""

MAX_LENGTH = 120


def plain(text: str) -> str:
    """A caller's text as a tag can hold it: one line of valid characters, at most 120."""
    valid = text.encode("utf-8", "ignore").decode()
    shown = "".join(character if character.isprintable() else " " for character in valid)
    return " ".join(shown.split())[:MAX_LENGTH]
