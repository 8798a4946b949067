"""A Model Context Protocol server without a framework: an HTTP request in, a reply out, nothing kept between two."""
