"""Schema revisions, carried inside the package so that a release can migrate without a checkout."""
