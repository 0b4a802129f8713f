"""In-memory worlds for unit tests: each fulfils one protocol of `hotelctl.core.ports`."""
