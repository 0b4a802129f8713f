"""Outside services: one file each, its library loaded only where it is configured."""
