"""Breaking changes, and which layer of the old-code check sees each: what was said, is kept, or implied."""

import json
import tomllib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import Engine, MetaData, create_engine
from sqlalchemy.exc import SAWarning
from sqlalchemy.pool import NullPool

from benchmarks.planted.migrations.cases import HERE
from benchmarks.planted.migrations.shops import PLAIN, Shops
from hotelctl.adapters.alembic_models import differences
from hotelctl.adapters.tracer import WireTracer
from hotelctl.facts.catalogue import CATALOGUE, Catalogue, catalogue
from hotelctl.facts.implied_statements import Broken, Implied, Tried, broken, implied
from hotelctl.facts.kept_statements import Kept, chosen
from hotelctl.facts.masked_sql import words_of
from hotelctl.facts.old_model import model_gaps
from hotelctl.facts.replay import BrokenReplay, Replay, answered, broken_replays
from hotelctl.facts.server_log import Heard
from tests.fakes.evidence import FakeEvidence

_ROWS = 20
_OTHER_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class BreakingCase:
    """`says` is the statement that breaks, `sqlstate` how; `before` is a part of the schema before."""

    id: str
    says: str
    sqlstate: str
    sql: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """What a release says, by a short name, as `role`; `setup` is what of the schema it needs."""

    role: str
    setup: str
    says: dict[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """The codes by which each layer saw the case; empty where it saw nothing."""

    case: BreakingCase
    said: str
    kept: str
    models: tuple[str, ...]
    implied: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Whether the statement itself was seen to break, in the way that it does."""
        return self.said == self.case.sqlstate


def read() -> tuple[Release, tuple[BreakingCase, ...]]:
    """The release and the cases."""
    data = tomllib.loads((HERE / "breaking.toml").read_text("utf-8"))
    return Release(**data["release"]), tuple(BreakingCase(**one) for one in data["case"])


def seen(case: BreakingCase, release: Release, shops: Shops) -> Seen:
    """What each layer sees of the case on a copy of the base."""
    with shops.fresh(PLAIN) as url, _tracer() as tracer:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(release.setup.encode())
            if case.before:
                connection.execute(case.before.encode())
        tried = partial(_tried, tracer, url, release.role)
        with tracer.watched(url, apart=False, rows=_ROWS) as way:
            said = (Implied(release.says[case.says], "said", case.says),)
            plain = implied(_catalogue(url), _ROWS)
            before = [tried(asked) for asked in (said, plain)]
            kept, _unplanned = answered(_kept(said[0].sql, release), tried)
            models = _models(url)
            unlike = _unlike(url, models)
            with psycopg.connect(way.url, autocommit=True) as connection:
                connection.execute(case.sql.encode())
        after = [tried(asked) for asked in (said, plain)]
        gaps = model_gaps(unlike, _unlike(url, models))
        replayed = broken_replays(kept, tried([one for one, _ in kept]))
    own, others = (broken(asked, *pair) for asked, *pair in zip((said, plain), before, after, strict=True))
    codes = tuple(sorted({_code(one) for one in others}))
    modelled = tuple(sorted({one.sqlstate if one.certain else f"{one.sqlstate}?" for one in gaps}))
    return Seen(case, next(map(_code, own), ""), next(map(_code, replayed), ""), modelled, codes)


def _engine(url: str) -> Engine:
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)


def _models(url: str) -> MetaData:
    """Models as a release has them whose tables are those of the base."""
    found = MetaData()
    with _without_remarks():
        for schema in (None, "archive"):
            found.reflect(_engine(url), schema)
    return found


def _unlike(url: str, models: MetaData) -> str:
    with _without_remarks(), _engine(url).connect() as connection:
        options = {"target_metadata": models, "include_schemas": True}
        return json.dumps(differences(connection, options))


def _tried(tracer: WireTracer, url: str, role: str, asked: Sequence[Implied | Replay]) -> tuple[Tried, ...]:
    return tracer.tried(url, asked, role)


def _kept(sql: str, release: Release) -> tuple[Kept, ...]:
    """As a deploy would keep it: without its values."""
    words = words_of([(HERE / "base.sql").read_text("utf-8"), release.setup])
    return chosen([Heard(release.role, sql)], "owner", words).statements


def _code(one: Broken | BrokenReplay) -> str:
    return one.after.sqlstate or _OTHER_ROWS


def _catalogue(url: str) -> Catalogue:
    with psycopg.connect(url) as connection:
        row = connection.execute(CATALOGUE.encode()).fetchone()
    return catalogue(row[0] if row else "")


@contextmanager
def _without_remarks() -> Iterator[None]:
    """SQLAlchemy reads options of constraints that it then does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


@contextmanager
def _tracer() -> Iterator[WireTracer]:
    with TemporaryDirectory() as place:
        yield WireTracer(Path(place), FakeEvidence())
