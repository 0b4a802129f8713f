"""One pass over every object that the repository holds, for all who have to see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import WRITTEN_TO, Seen
from hotelctl.core.kept import ITSELF, Question
from hotelctl.core.ports import WorkTree
from hotelctl.facts.archives import INSIDE, Archives, Opened, kind, may_be
from hotelctl.facts.docker_secrets import DeclaredSecrets
from hotelctl.facts.encoding import is_utf_16, may_be_utf_16
from hotelctl.facts.lfs_pointer import may_point, pointed_at
from hotelctl.facts.object_search import ObjectHit, ObjectSearch, SearchedValues
from hotelctl.facts.secret_copies import NamedSecret, Search, search_for
from hotelctl.probes.clone_gap import clone_gap
from hotelctl.probes.context import Context
from hotelctl.probes.declared_secrets import live_secrets, secret_values
from hotelctl.probes.former_answer import MOST_IN_A_ROW, former

_WORDS = ("objects",)
_MOST_WALKS = 5


@dataclass(frozen=True, slots=True)
class _Walked:
    """What was found, and how many passes before it this one went on from."""

    before: int
    found: ObjectSearch


@dataclass(slots=True)
class _Pass:
    """What is found meanwhile."""

    context: Context
    search: Search
    archives: list[str] = field(default_factory=list)
    utf_16: list[str] = field(default_factory=list)
    large: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    objects: int = 0
    _hits: dict[tuple[str, NamedSecret], bool] = field(default_factory=dict)
    _last: str = ""

    def walk(self, seen: Collection[str]) -> None:
        """Every object outside the stores `seen`. Raises `Unavailable`: what was found until then stays.

        What was put into another store meanwhile is looked for there.
        """
        repository = self.context.repository
        for _ in range(_MOST_WALKS):
            before = repository.object_stores()
            self.objects += repository.each_object(self._look, self.search.longest, seen)
            after = repository.object_stores()
            if before == after:
                break
            seen = [one for one in after if one in before]
        else:
            raise Unavailable(f"the history cannot be read: {WRITTEN_TO}")
        if self.search.longest:
            self._open()

    def found(self, trouble: str = "") -> ObjectSearch:
        """All of it."""
        marked = [(name, one, self.context.mark(one.value.reveal())) for name, one in self._hits]
        hits = tuple(
            ObjectHit(name, one.names, mark, encoded)
            for (name, one, mark), encoded in zip(marked, self._hits.values(), strict=True)
        )
        return ObjectSearch(
            self.objects,
            hits,
            tuple(dict.fromkeys(self.archives)),
            tuple(dict.fromkeys(self.utf_16)),
            self.large,
            self.doubts,
            trouble,
        )

    def _look(self, data: bytes, windows: Sequence[Seen]) -> None:
        for object_id, start, end in windows:
            if object_id != self._last:
                self._last = object_id
                if may_be(data, start, end) or may_be_utf_16(data, start, end):
                    self._sort(object_id, data[start:end])
                elif may_point(data, start, end) and (digest := pointed_at(data[start:end])):
                    self.large[object_id] = digest
        # Nearly always nothing stands there, which is told of all at once in half the time.
        if any(True for _ in self.search(data[windows[0][1] : windows[-1][2]])):
            for object_id, start, end in windows:
                self._note(object_id, data[start:end])

    def _sort(self, object_id: str, begin: bytes) -> None:
        if kind(begin):
            self.archives.append(object_id)
        elif is_utf_16(begin):
            self.utf_16.append(object_id)

    def _note(self, object_id: str, data: bytes) -> None:
        for one, encoded, _ in self.search(data):
            self._hits[object_id, one] = self._hits.get((object_id, one), True) and encoded

    def _open(self) -> None:
        archives, opened = Archives(), Opened()
        self.context.repository.these_objects(archives, 0, self.archives)
        for object_id in list(archives.held):
            for _, data in opened(object_id, bytes(archives.held.pop(object_id))):
                self._note(object_id, data)
        self.doubts |= {**archives.left_out, **opened.left_out}


def searched_values(context: Context, declared: DeclaredSecrets) -> SearchedValues:
    """As `SecretValues`, but never in doubt: who only looks for archives needs no contract."""
    try:
        return SearchedValues(secret_values(context, live_secrets(context, declared)).known)
    except Unavailable:
        return SearchedValues()


def object_search(context: Context, tree: WorkTree, values: SearchedValues) -> ObjectSearch:
    """What the objects hold; only those are read that no earlier command saw with the same values.

    Of a clone that lacks something nothing is kept.
    """
    found = _Pass(context, search_for(values.known))
    try:
        tips = context.repository.tips()
        if clone_gap(context, tree):
            found.walk(())
            return replace(found.found(), tips=tips)
        return replace(_kept(found, values, context), tips=tips)
    except Unavailable as trouble:
        return found.found(trouble.reason)


def _kept(here: _Pass, values: SearchedValues, context: Context) -> ObjectSearch:
    stores = context.repository.object_stores()
    before = tuple(context.kept.hint(_question(values, (), context)).split())

    def ask() -> _Walked:
        old = former(_Walked, _question(values, before, context), context) if before else None
        if old is None or old.before == MOST_IN_A_ROW:
            here.walk(())
            return _Walked(0, here.found())
        here.walk(before)
        return _Walked(old.before + 1, _together(old.found, here.found(), context))

    if not stores:
        here.walk(())
        return here.found()
    walked = context.kept.once(_Walked, _question(values, stores, context), ask)
    if stores != before:
        context.kept.leave_hint(_question(values, (), context), " ".join(stores))
    return walked.found


def _together(old: ObjectSearch, new: ObjectSearch, context: Context) -> ObjectSearch:
    """Both, without what is gone meanwhile."""
    told = {name.partition(INSIDE)[0] for name in old.doubts}
    asked = {*(hit.object_id for hit in old.hits), *old.archives, *old.utf_16, *old.large, *told}
    there = context.repository.present(asked) if asked else frozenset()
    return replace(
        new,
        objects=old.objects + new.objects,
        hits=tuple(dict.fromkeys((*(hit for hit in old.hits if hit.object_id in there), *new.hits))),
        archives=tuple(dict.fromkeys((*(one for one in old.archives if one in there), *new.archives))),
        utf_16=tuple(dict.fromkeys((*(one for one in old.utf_16 if one in there), *new.utf_16))),
        large={**{one: digest for one, digest in old.large.items() if one in there}, **new.large},
        doubts={n: why for n, why in old.doubts.items() if n.partition(INSIDE)[0] in there} | {**new.doubts},
    )


def _question(values: SearchedValues, stores: tuple[str, ...], context: Context) -> Question:
    # No digest of a value may be kept that is not keyed by this project.
    known = [(one.names, context.mark(one.value.reveal())) for one in values.known]
    inputs = {"mark": context.mark(ITSELF).encode(), "values": repr(known).encode()}
    return Question(ITSELF, _WORDS, inputs | {"stores": " ".join(stores).encode()})
