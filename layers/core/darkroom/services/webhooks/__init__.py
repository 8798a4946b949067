"""Events, the endpoints they go to, and their delivery."""
