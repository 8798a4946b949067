"""A Model Context Protocol server without a framework or sessions: an HTTP request in, a response out."""
