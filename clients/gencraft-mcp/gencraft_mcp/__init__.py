"""GenCraft's tools over stdio: a local server that passes what a host asks on to the API's own server."""
