"""Facts: frozen pictures of the world, and the pure parsers that make them. No effects."""
