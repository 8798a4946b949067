"""What goes wrong on a developer's machine, said in one line."""


class LocalError(Exception):
    """Something the person at the keyboard can put right; the message says what to do.

    The command line prints it without a trace and exits with 1.
    """
