"""A small notes service on the standard library and one database driver."""
