"""Checks of the checkout, the running service and the way back."""
