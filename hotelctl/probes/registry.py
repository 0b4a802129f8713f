"""All probes by the type of the fact they return; each is read when somebody asks for its fact."""

from collections.abc import Iterator, Mapping

from hotelctl.core.by_name import ByName, full_name, read
from hotelctl.core.judging import Probe, needs
from hotelctl.probes.index import names


class Probes(Mapping[type, Probe]):
    """Probes by the type of the fact that they return. Only who goes through all of them has them read.

    `names` are the full names of the probes by those of their facts.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the names."""
        self.names = names
        self._by_fact = ByName(names)

    def __getitem__(self, kind: type) -> Probe:
        """What gives facts of that type. Raises `KeyError`."""
        probe: Probe = read(self._by_fact[kind])
        return probe

    def __contains__(self, kind: object) -> bool:
        """Whether anything gives facts of that type."""
        return kind in self._by_fact

    def __iter__(self) -> Iterator[type]:
        """The types of all facts."""
        return iter(self._by_fact)

    def __len__(self) -> int:
        """How many facts there are."""
        return len(self.names)

    def __or__(self, other: "Probes") -> "Probes":
        """The same, `other` in the stead of those whose facts it gives."""
        return Probes({**self.names, **other.names})


NONE = Probes({})
PROBES = Probes(names())
IN_A_SANDBOX = PROBES | Probes(names("in_a_sandbox"))
IN_A_DEPLOY = PROBES | Probes(names("in_a_deploy"))
IN_THE_PROJECT = Probes(names("in_the_project"))
OF_WHAT_IS_STAGED = Probes(names("of_what_is_staged"))
OF_WHAT_SERVES = Probes(names("of_what_serves"))
WHERE_NOTHING_IS_BUILT = Probes(names("where_nothing_is_built"))
WHERE_NO_TEST_RUNS = Probes(names("where_no_test_runs"))
WHERE_SQL_MIGRATES = Probes(names("where_sql_migrates"))


def builds_on(kind: type, fact: str, probes: Mapping[type, Probe] = PROBES) -> bool:
    """Whether `kind` is the fact of that full name, or cannot be had without it."""
    return full_name(kind) == fact or any(builds_on(one, fact, probes) for one in needs(probes[kind]))
