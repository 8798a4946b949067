"""Templates: what a picture is made of, and what a caller may fill in."""
