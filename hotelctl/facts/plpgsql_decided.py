"""Whether an expression of PL/pgSQL comes to the same on a copy of the schema, whatever the rows are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hotelctl.facts.plpgsql_body import Body, Guard


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIGNS = _words(
    "and or not is null true false in between like ilike similar to any all some case when then else "
    "end distinct from select where exists as on limit union intersect except order group by having "
    "join left right inner outer cross full natural lateral with using asc desc nulls first last "
    "filter over array row cast collate perform offset only values into strict materialized unknown "
    "for if elsif loop text int integer bigint smallint boolean bool name regclass regtype regproc "
    "regprocedure regnamespace regrole oid varchar char character numeric ordinality "
)
# Of these, with brackets behind them, none is a function of somebody's own.
_CALLS = _words(
    "coalesce nullif greatest least count min max sum bool_or bool_and array_agg string_agg lower "
    "upper length char_length replace left right substr substring split_part position strpos trim "
    "btrim ltrim rtrim concat concat_ws format quote_ident quote_literal quote_nullable "
    "regexp_replace regexp_match regexp_matches starts_with unnest array_length cardinality "
    "array_position array_to_string string_to_array any all current_schema current_schemas "
    "generate_series generate_subscripts parse_ident row_number chr md5 "
)
_ASKING = _words(
    "to_regclass to_regtype to_regproc to_regprocedure to_regnamespace to_regrole format_type "
    "pg_get_expr pg_get_constraintdef pg_get_indexdef pg_get_viewdef pg_get_functiondef "
    "pg_get_triggerdef pg_get_serial_sequence pg_get_function_identity_arguments "
    "pg_get_function_arguments pg_table_is_visible pg_type_is_visible pg_function_is_visible "
    "has_table_privilege has_schema_privilege has_column_privilege has_function_privilege "
    "pg_has_role obj_description col_description current_schema current_schemas enum_range "
    "enum_first enum_last regclass regtype regproc regprocedure regnamespace regrole "
)
_BEHIND_FROM = frozenset({"where", "group", "order", "having", "limit", "union", "intersect", "except"})
# What the catalogue knows of the rows, of other sessions or of this server alone.
_OF_ROWS = _words(
    "reltuples relpages relallvisible relfilenode relfrozenxid last_value n_live_tup seq_scan "
    "idx_scan indisvalid indisready is_called xmin ctid current_timestamp current_date current_time "
    "localtime localtimestamp current_user session_user current_role current_catalog user sqlerrm "
    "sqlstate table "
)
_OTHERS = tuple(
    _words(
        "pg_stat pg_settings pg_locks pg_database pg_prepared pg_largeobject pg_cursors pg_replication "
        "pg_file pg_hba pg_shmem pg_backend pg_config pg_timezone"
    )
)
# Errors that the schema brings, not its rows.
_ERRORS = tuple(
    _words(
        "duplicate_ undefined_ ambiguous_ invalid_table_definition invalid_object_definition "
        "wrong_object_type dependent_objects_still_exist invalid_schema_name reserved_name"
    )
)
_CODES = ("'42", "'0A", "'2B", "'3F")
_NO_CALL = _SIGNS - {"left", "right", "any", "all"}


@dataclass(frozen=True, slots=True)
class Deciding:
    """What an expression may name: variables, those of them that are open, and the catalogue if `live`."""

    names: Collection[str]
    open: Collection[str]
    live: bool

    def guard(self, guard: Guard) -> bool:
        """Whether it decides here as it would on the live database."""
        return self._errors(guard.words) if guard.handler else self.words(guard.words)

    def words(self, words: Sequence[str]) -> bool:
        """Whether they come to the same there."""
        small = [one[1:-1] if one.startswith('"') else one.lower() for one in words]
        asked = _relations(small)
        reads = bool(asked) or not _ASKING.isdisjoint(small)
        if (reads and not self.live) or not all(_in_catalogue(one) for one in asked):
            return False
        return all(self._word(small, place, reads=bool(asked)) for place in range(len(small)))

    def _word(self, small: Sequence[str], place: int, *, reads: bool) -> bool:
        word, former, call = (
            small[place],
            small[place - 1] if place else "",
            small[place + 1 : place + 2] == ["("],
        )
        if word in self.open or word in _OF_ROWS or word == "execute":
            return False
        if word.endswith("'") or not (word[:1].isalpha() or word[:1] == "_" or word == "$"):
            return True
        if word == "$":
            return "$" in self.names
        if call and word not in _NO_CALL:
            return word in _CALLS or word in _ASKING
        return reads or word in _SIGNS or word in self.names or former.endswith((".", ":", "::"))

    def _errors(self, words: Sequence[str]) -> bool:
        said = [one for one in words if one.lower() not in {"or", "sqlstate"}]
        return self.live and all(one.lower().startswith(_ERRORS) or one.startswith(_CODES) for one in said)


def deciding(body: Body, *, live: bool, given: bool = True) -> Deciding:
    """What its expressions may name; `given` says whether what it was called with is the same there."""
    names = set(body.names) | {"$"}
    found: set[str] = set() if given else {"$", *(names - {one.name for one in body.assigned})}
    while True:
        now = Deciding(names, found, live=live)
        more = {
            one.name
            for one in body.assigned
            if not now.words(_value(one.words)) or not all(map(now.guard, one.guards))
        } - found
        if not more:
            return now
        found |= more


def _value(words: Sequence[str]) -> Sequence[str]:
    """What an assignment gives, without whom: the names there are no columns."""
    start = next((n for n, one in enumerate(words[:6]) if one[:2] == ":=" or (n == 1 and one == "=")), None)
    if start is not None:
        return words[start + 1 :]
    small = [one.lower() for one in words]
    if "into" not in small or small[:1] in (["insert"], ["merge"]):
        return words
    place = small.index("into")
    end = next((n for n in range(place, len(small)) if small[n] in {"from", "where"}), len(small))
    return (*words[:place], *words[end:])


def _relations(small: Sequence[str]) -> list[str]:
    """What stands behind FROM and JOIN, and behind the commas there; what WITH names is left out."""
    made = {one for one, sign in pairwise(small) if sign == "as"}
    found: list[str] = []
    inside: list[bool] = [False]
    for place, word in enumerate(small):
        if word == "(":
            inside.append(False)
        elif word == ")":
            inside = inside[:-1] or [False]
        elif word in _BEHIND_FROM:
            inside[-1] = False
        starts = (word == "from" and small[place - 1] != "distinct") or word == "join"
        if starts or (word == "," and inside[-1]):
            inside[-1] = True
            if name := _name(small, place + 1):
                found.append(name)
    return [one for one in found if one not in made]


def _name(small: Sequence[str], place: int) -> str:
    """The name there; none for a query in brackets, and for a function, which is judged by its own name."""
    while small[place : place + 1] in (["only"], ["lateral"]):
        place += 1
    end = place + 1
    while small[end : end + 1] == ["."]:
        end += 2
    brackets = small[place : place + 1] == ["("]
    if brackets and small[place + 1 : place + 2] not in (["select"], ["with"], ["values"]):
        return _name(small, place + 1)
    return "" if brackets or small[end : end + 1] == ["("] else "".join(small[place:end])


def _in_catalogue(name: str) -> bool:
    schema, _, bare = name.rpartition(".")
    known = schema == "information_schema" or (bare.startswith("pg_") and schema in {"", "pg_catalog"})
    return known and not bare.startswith(_OTHERS)
