"""Stand-ins for shared libraries that skia is linked to and nothing here calls."""
