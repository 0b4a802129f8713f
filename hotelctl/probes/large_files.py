"""The search through files of the history that Git LFS keeps: a pointer says nothing of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from hotelctl.core.kept import ITSELF, Question
from hotelctl.facts.archives import INSIDE, Archives, Opened, named
from hotelctl.facts.lfs_pointer import NOT_FETCHED
from hotelctl.facts.object_search import LargeFileSearch, ObjectHit
from hotelctl.facts.secret_copies import NamedSecret, Search, search_for
from hotelctl.probes.context import Context

_WORDS = ("large files",)


@dataclass(slots=True)
class _Pass:
    """What is found meanwhile, by the sha256 of the file, and the member behind it."""

    search: Search
    opened: Opened = field(default_factory=Opened)
    archives: Archives = field(default_factory=Archives)
    hits: dict[tuple[str, NamedSecret], bool] = field(default_factory=dict)

    def look(self, digest: str, window: bytes) -> None:
        """Take the next window."""
        self.archives(digest, window)
        self._note(digest, window)

    def open(self) -> Mapping[str, str]:
        """The archives among them are searched, too; of others why not."""
        for digest in list(self.archives.held):
            for _, data in self.opened(digest, bytes(self.archives.held.pop(digest))):
                self._note(digest, data)
        return {**self.archives.left_out, **self.opened.left_out}

    def _note(self, digest: str, data: bytes) -> None:
        for one, encoded, _ in self.search(data):
            self.hits[digest, one] = self.hits.get((digest, one), True) and encoded


def large_file_search(
    pointers: Mapping[str, str], known: tuple[NamedSecret, ...], context: Context
) -> LargeFileSearch:
    """What those that are here hold of these values; what is not here is a doubt, by the object's id.

    They are read again when one came, went or was changed: that changes no object of the repository.
    """
    if not pointers:
        return LargeFileSearch()
    here = context.repository.large_files(frozenset(pointers.values()))
    values = [(one.names, context.mark(one.value.reveal())) for one in known]
    inputs = {"mark": context.mark(ITSELF).encode(), "values": repr(values).encode()}
    question = Question(ITSELF, _WORDS, inputs | {"files": state(here)})
    found = context.kept.once(LargeFileSearch, question, lambda: _searched(here, known, context))
    pointing = _pointing(pointers)
    hits = tuple(replace(hit, object_id=one) for hit in found.hits for one in pointing[hit.object_id])
    return LargeFileSearch(hits, by_pointer(pointers, found.doubts) | absent(pointers, here))


def state(here: Mapping[str, str]) -> bytes:
    """What an answer follows from that reads these."""
    return repr(sorted(here.items())).encode()


def by_pointer(pointers: Mapping[str, str], doubts: Mapping[str, str]) -> dict[str, str]:
    """The doubts about files, with the member behind it, told of each object that points at one."""
    pointing = _pointing(pointers)
    return {
        f"{one}{inside}{member}": why
        for name, why in doubts.items()
        for digest, inside, member in (name.partition(INSIDE),)
        for one in pointing[digest]
    }


def absent(pointers: Mapping[str, str], here: Collection[str]) -> dict[str, str]:
    """Why nothing is said of the others."""
    return {one: named(NOT_FETCHED, digest) for one, digest in pointers.items() if digest not in here}


def _pointing(pointers: Mapping[str, str]) -> Mapping[str, list[str]]:
    """By the sha256 the objects that point at it."""
    objects: defaultdict[str, list[str]] = defaultdict(list)
    for one, digest in pointers.items():
        objects[digest].append(one)
    return objects


def _searched(here: Collection[str], known: tuple[NamedSecret, ...], context: Context) -> LargeFileSearch:
    """One after another, so that no more than one archive is held; named by the sha256."""
    search = search_for(known)
    found, doubts = _Pass(search, archives=Archives(search.longest)), dict[str, str]()
    for digest in sorted(here):
        failed = context.repository.each_large_file(found.look, search.longest, (digest,))
        doubts |= {**found.open(), **{one: named(why, one) for one, why in failed.items()}}
    hits = tuple(
        ObjectHit(digest, one.names, context.mark(one.value.reveal()), encoded)
        for (digest, one), encoded in found.hits.items()
    )
    return LargeFileSearch(hits, doubts)
