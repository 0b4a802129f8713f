"""Load on a server, made in a process of its own."""
