"""Use cases of a workspace's own fonts."""
