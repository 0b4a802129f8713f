"""A rule of the contract that speaks of several keys at once, and whether values keep it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field

from hotelctl.facts.url_form import read_url

RuleKind = Literal["requires", "excludes", "one_of", "equal", "different", "equal_host"]
_TWO = 2


class EnvRule(BaseModel):
    """`requires`, `excludes`: where `key` is set, all or none of `keys`; the others speak of `keys` alone.

    `one_of` wants exactly one of them set; `equal`, `different` and `equal_host` compare those that are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Annotated[RuleKind, Field(description="what must hold")]
    keys: Annotated[tuple[str, ...], Field(description="the keys that it is about")]
    key: Annotated[str | None, Field(description="of `requires` and `excludes` the key that asks it")] = None
    docs: Annotated[str, Field(description="why it must hold")] = ""

    def named(self) -> tuple[str, ...]:
        """Every key that the rule speaks of, in its order."""
        return (*((self.key,) if self.key else ()), *self.keys)

    def complaint(self) -> str | None:
        """What is wrong with the rule itself; None when it can be asked."""
        if self.kind in ("requires", "excludes"):
            return None if self.key and self.keys else f"{self.kind} needs key and keys"
        if self.key is not None:
            return f"{self.kind} speaks of keys alone, not of key"
        return None if len(self.keys) >= _TWO else f"{self.kind} needs two keys at least"

    def broken(self, filled: Mapping[str, str]) -> str | None:
        """What is broken, in words without values, by the keys that are not blank; None when nothing is."""
        there = [name for name in self.keys if name in filled]
        match self.kind:
            case "requires":
                missing = [name for name in self.keys if name not in filled]
                return (
                    f"{self.key} is set without {_and(missing)}" if self.key in filled and missing else None
                )
            case "excludes":
                return (
                    f"{self.key} is set together with {_and(there)}" if self.key in filled and there else None
                )
            case "one_of":
                return _one_of(self.keys, there)
            case "equal":
                return _differ(there, [filled[name] for name in there], "value")
            case "different":
                return next(_same(there, filled), None)
            case "equal_host":
                return _differ(there, [_host(filled[name]) for name in there], "host")
            case _:  # pragma: no cover - the type names all
                assert_never(self.kind)


def _one_of(keys: tuple[str, ...], there: list[str]) -> str | None:
    if not there:
        return f"none of {_and(list(keys))} is set"
    return f"{_and(there)} are set, one alone is allowed" if len(there) > 1 else None


def _differ(names: list[str], values: list[str], what: str) -> str | None:
    odd = [name for name, value in zip(names, values, strict=True) if value != values[0]]
    return f"{names[0]} and {_and(odd)} have not the same {what}" if odd else None


def _same(names: list[str], filled: Mapping[str, str]) -> Iterator[str]:
    for n, name in enumerate(names):
        yield from (
            f"{name} and {o} have the same value" for o in names[n + 1 :] if filled[o] == filled[name]
        )


def _host(value: str) -> str:
    form = read_url(value)
    return (form.host if form else value).lower()


def _and(names: list[str]) -> str:
    return " and ".join(names)
