"""Which `{name}` may stand in which setting, so that a misspelled one is refused before anything runs."""

import difflib
from collections.abc import Iterator, Sequence

from hotelctl.config.service import ServiceSpec
from hotelctl.config.template import names

_EVERYWHERE = frozenset({"state", "environment", "public_url"})
_ON_THIS_MACHINE = _EVERYWHERE | {"python"}
_IN_A_RELEASE = _ON_THIS_MACHINE | {"venv", "release"}


def misspelled(spec: ServiceSpec) -> Iterator[tuple[str, str]]:
    """The dotted key and the complaint of every setting that holds an unknown name."""
    for key, words, known in _settings(spec):
        for name in (name for word in words for name in names(word) if name not in known):
            near = difflib.get_close_matches(name, known, n=1)
            did_you_mean = f"; did you mean {{{near[0]}}}?" if near else ""
            listed = ", ".join(f"{{{one}}}" for one in sorted(known))
            yield key, f"nothing is known for {{{name}}}{did_you_mean or f'; known are {listed}'}"


def _settings(spec: ServiceSpec) -> Iterator[tuple[str, Sequence[str], frozenset[str]]]:
    """Every setting with names in it, and the names that have a value there."""
    if spec.build_ is not None:
        yield "build.command", spec.build_.command, _ON_THIS_MACHINE | {"source", "out"}
    if spec.tests is not None:
        yield "tests.command", spec.tests.command, _ON_THIS_MACHINE | {"source", "junit"}
    if spec.migrations is not None:
        yield "migrations.command", spec.migrations.command, _IN_A_RELEASE
        yield "migrations.down_command", spec.migrations.down_command, _IN_A_RELEASE
        yield "migrations.model_check", spec.migrations.model_check, _IN_A_RELEASE
    if spec.run_ is not None:
        yield "run.command", spec.run_.command, _IN_A_RELEASE | {"port"}
        yield from (("run.prepare", command, _IN_A_RELEASE) for command in spec.run_.prepare)
    yield from ((f"run.env.{key}", (text,), _EVERYWHERE) for key, text in spec.variables.items())
    yield "smoke.prepare", spec.smoke.prepare, _IN_A_RELEASE
    yield "smoke.cleanup", spec.smoke.cleanup, _IN_A_RELEASE
    asking = _IN_A_RELEASE | {"url"}
    for command in spec.smoke.command:
        yield "smoke.command.run", command.run, asking
        yield "smoke.command.serving_run", command.serving_run or (), asking
    if spec.smoke.carry is not None:
        yield "smoke.carry.issue", spec.smoke.carry.issue, asking
        yield "smoke.carry.check", spec.smoke.carry.check, asking
    place = _ON_THIS_MACHINE if spec.build_ is None else _IN_A_RELEASE
    for name, said in spec.external.items():
        yield f"external.{name}.check", said.check or (), place | {"services"}
        yield f"external.{name}.away_check", said.away_check or (), _IN_A_RELEASE | {"url"}
    yield "security.sandbox.seed", spec.security.sandbox.seed, _IN_A_RELEASE
    yield from (
        (f"security.sandbox.env.{key}", (text,), _EVERYWHERE)
        for key, text in spec.security.sandbox.env.items()
    )
    yield from (("security.rotation.steps", step, _IN_A_RELEASE) for step in spec.security.rotation.steps)
