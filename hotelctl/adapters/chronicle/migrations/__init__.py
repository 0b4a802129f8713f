"""The revisions of the shared history; `hotelctl.adapters.chronicle.revising` runs them."""
