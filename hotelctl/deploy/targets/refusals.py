"""Why an edge refuses a switch, whatever runs it."""

from hotelctl.core.errors import StepFailed


def superseded(fence: int, highest: int | str) -> StepFailed:
    """A fence that is lower than one that was accepted."""
    return StepFailed(
        f"the switch carries fence {fence}, but {highest} was here: a newer one took over",
        "start a new deploy",
    )


def busy() -> StepFailed:
    """Somebody else holds the switch."""
    return StepFailed("another switch is under way", "try again")
