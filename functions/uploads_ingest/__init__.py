"""Takes in what was uploaded to the bucket."""
