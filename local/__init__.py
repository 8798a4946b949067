"""The Docker-free AWS on this machine: start it, build, deploy the real template, seed it, try it."""
