"""Probes: whether a deployed instance does what people need, asked from outside as people would."""
