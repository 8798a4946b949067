"""Stand-ins for shared libraries that skia is linked to and the painter never calls."""
