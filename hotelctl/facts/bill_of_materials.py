"""The bill of materials of an environment, written by cyclonedx-py, held against the lock.

Source: CycloneDX 1.6, JSON.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.lock import Lock
from hotelctl.facts.program_answer import ended, json_of

PROGRAM = "cyclonedx-py"


@dataclass(frozen=True, slots=True)
class BillOfMaterials:
    """Every library with its version; `own` is the artifact, which its lock does not hold."""

    argv: tuple[str, ...]
    own: NormalizedName
    components: Mapping[NormalizedName, Version]

    def against(self, lock: Lock) -> Iterator[tuple[str, str]]:
        """Each package that only one of the two holds, or both in different versions, in words."""
        wanted = lock.here()
        for name in sorted(wanted.keys() | self.components.keys() - {self.own}):
            here, pin = self.components.get(name), wanted.get(name)
            if here is None:
                version = f" {pin}" if pin is not None else ""
                yield name, f"{lock.path} holds {name}{version}, and the bill of materials does not"
            elif name not in wanted:
                yield name, f"the bill of materials holds {name} {here}, and {lock.path} does not"
            elif pin is not None and pin != here:
                yield name, f"the bill of materials holds {name} {here}, and {lock.path} {pin}"


def command(python: str) -> tuple[str, ...]:
    """The words of a run over the environment of an interpreter; the answer goes to stdout.

    It is parsed here; its own validation of it takes eight seconds.
    """
    settings = ("--output-format", "JSON", "--output-reproducible", "--no-validate", "--output-file", "-")
    return ("environment", *settings, python)


def components(done: Completed) -> dict[NormalizedName, Version]:
    """The libraries of the answer.

    Raises:
        Unavailable: it was killed or crashed, or its answer is no bill of materials, or an empty one.

    """
    ended(PROGRAM, done, (0,))
    bill = json_of(PROGRAM, done.stdout)
    try:
        if bill["bomFormat"] != "CycloneDX":
            raise Unavailable("cyclonedx-py's answer is no bill of materials")
        found = dict(_component(one) for one in bill.get("components", ()))
    except (KeyError, TypeError, InvalidVersion) as error:
        raise Unavailable("cyclonedx-py's answer is not the JSON that it promises") from error
    if not found:
        raise Unavailable("cyclonedx-py found no package")
    return found


def _component(item: Any) -> tuple[NormalizedName, Version]:  # noqa: ANN401 - JSON is any shape
    return canonicalize_name(str(item["name"])), Version(str(item["version"]))
