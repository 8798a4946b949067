"""The rules. Pure: nothing in here reads a clock, makes an id or does I/O."""
