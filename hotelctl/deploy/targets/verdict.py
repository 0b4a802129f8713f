"""Whether an instance ended as its service file says that it ends, whatever it ran as."""

from collections.abc import Callable
from typing import Protocol

from hotelctl.deploy.target import Drained

NEVER_RAN = "never ran"


class Declared(Protocol):
    """What was said of its end when it was started."""

    @property
    def stop_timeout_s(self) -> float:
        """How long its requests are waited for."""
        ...

    @property
    def clean_exit(self) -> tuple[int, ...]:
        """The exit codes of a clean end."""
        ...

    @property
    def clean_log(self) -> str | None:
        """The line that it prints last; None where it prints none."""
        ...


def verdict(
    declared: Declared, exit_code: int | None, said: Callable[[str], bool], waited_s: float, left: int
) -> Drained:
    """Clean needs a declared exit code, the declared last line, and no request cut off.

    `said` tells whether the instance printed a line, `left` how many requests were open when it was stopped.
    """
    faults = []
    if left:
        faults.append(f"{left} requests still open at the limit of {declared.stop_timeout_s:g} s")
    if exit_code not in declared.clean_exit:
        faults.append(f"exit code {'unknown' if exit_code is None else exit_code}")
    if declared.clean_log and not said(declared.clean_log):
        faults.append(f"no line {declared.clean_log!r} in its log")
    return Drained(not faults, waited_s, "; ".join(faults) or f"exit code {exit_code}")
