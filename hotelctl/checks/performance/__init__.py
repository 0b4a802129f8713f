"""Performance targets: how fast the release that serves was, as `hotelctl bench` measured it."""
