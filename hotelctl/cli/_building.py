"""Whether a run builds the artifact, which takes a minute: who only looks into it begins no build."""

from collections.abc import Sequence

from hotelctl.config.load import Configuration
from hotelctl.core.by_name import full_name
from hotelctl.core.check import Check
from hotelctl.facts.sql_layout import SQL_LAYOUTS
from hotelctl.probes.registry import (
    IN_A_SANDBOX,
    NONE,
    WHERE_NOTHING_IS_BUILT,
    WHERE_SQL_MIGRATES,
    Probes,
    builds_on,
)

# By name: a command that asks for neither does not read them.
_LOOKED_INTO = "hotelctl.facts.leaving.ArtifactFiles"
_BUILT = "hotelctl.facts.artifact.Artifact"
_IMAGE = "hotelctl.core.images.BuiltImage"


def asked_in_part(checks: Sequence[Check], configuration: Configuration) -> frozenset[str]:
    """Which of them look into an artifact that the service has and no other one of them needs."""
    looking = [check for check in checks if _asks(check, _LOOKED_INTO)]
    idle = [check for check in checks if not _images(configuration) and _asks(check, _IMAGE)]
    others = (fact for check in checks if check not in (*looking, *idle) for fact in check.facts)
    if configuration.spec.build_ is None or any(builds_on(fact, _BUILT, IN_A_SANDBOX) for fact in others):
        return frozenset()
    return frozenset(check.info.id for check in looking)


def _asks(check: Check, fact: str) -> bool:
    return fact in map(full_name, check.facts)


def _images(configuration: Configuration) -> bool:
    """Whether there is an image at all: what it is held against is not made for nothing."""
    return configuration.spec.docker.image is not None


def stand_ins(checks: Sequence[Check], configuration: Configuration) -> Probes:
    """What answers in the stead of an artifact that is not built, and where migrations need none."""
    without = configuration.spec.build_ is None or asked_in_part(checks, configuration)
    migrations = configuration.spec.migrations
    plain = migrations is not None and migrations.kind in SQL_LAYOUTS and not migrations.model_check
    return (WHERE_NOTHING_IS_BUILT if without else NONE) | (WHERE_SQL_MIGRATES if plain else NONE)
