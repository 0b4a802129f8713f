"""Checks of Dockerfiles and of what is sent to the engine with them (DKR)."""
