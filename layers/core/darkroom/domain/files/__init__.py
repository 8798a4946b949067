"""Files that clients upload: what is expected, what was found, how much one owner may have."""
