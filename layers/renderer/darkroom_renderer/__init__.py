"""Templates to pictures: a document, a payload and its pictures become one PNG."""
