"""Pure parsers."""
