"""The backups of this environment's database."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from hotelctl.core.errors import NotApplicable, Unavailable, UsageError
from hotelctl.core.vault import MANIFEST
from hotelctl.facts import backup_proof
from hotelctl.facts.kept_backups import KeptBackups, Manifest, read_manifest
from hotelctl.facts.spoilt_file import SpoiltFile
from hotelctl.probes.context import Context


def kept_backups(context: Context) -> KeptBackups:
    """What manifests say, down to the newest proven one, and what its dump is now.

    Manifests that are older than it are not read: they decide nothing.

    Raises:
        NotApplicable: there is no database, or nothing is deployed yet.
        Unavailable: nobody can tell what has the traffic, or none is proven and a manifest cannot be read.

    """
    spec = context.configuration.spec
    if spec.database is None:
        raise NotApplicable(context.configuration.names_no("database"))
    if context.database_url is None:
        raise NotApplicable("no database is configured for this environment, so nothing is backed up")
    context.release()
    vault = context.vault
    newest, unproven, spoilt = _sorted(context, reversed(_names(context)))
    if newest is None and spoilt:
        raise Unavailable(str(spoilt[0]))
    return KeptBackups(
        place=_shown(context, vault.place),
        newest=newest,
        sha256=None if newest is None else _digest(context, newest),
        unproven=unproven,
        now=context.clock.now(),
        limit=timedelta(hours=spec.retention.backup_age_h),
        profile=context.configuration.environment.profile,
        spoilt=spoilt,
    )


def _names(context: Context) -> Sequence[str]:
    """Of all that is kept. Raises `Unavailable` where what is needed to ask for it is not installed."""
    try:
        return context.vault.names()
    except UsageError as error:
        raise Unavailable(f"{error.message}: {error.hint}") from error


def _shown(context: Context, place: str) -> str:
    """A path relative to the project; where it is no path of this machine, as it is."""
    return context.configuration.shown(Path(place)) if place.startswith("/") else place


def _sorted(
    context: Context, names: Iterable[str]
) -> tuple[Manifest | None, tuple[str, ...], tuple[SpoiltFile, ...]]:
    """Of `names`, the newest first: the first proven one, the unproven and the spoilt ones before it."""
    unproven: list[str] = []
    spoilt: list[SpoiltFile] = []
    for name in names:
        shown = _shown(context, context.vault.shown(name, MANIFEST))
        try:
            data = context.vault.read(name, MANIFEST)
            if data is None:
                continue
            one = read_manifest(name, shown, data, context.vault.read(name, backup_proof.NAME))
        except (OSError, ValueError) as error:
            spoilt.append(SpoiltFile(shown, str(error)))
            continue
        if one.verified_at is not None:
            return one, tuple(unproven), tuple(spoilt)
        unproven.append(one.name)
    return None, tuple(unproven), tuple(spoilt)


def _digest(context: Context, newest: Manifest) -> str | None:
    """What the dump is now; the deploy that took and restored it has just found that in its own steps."""
    if not context.vault.dump_bytes(newest.name):
        return None
    if context.deploying and [path.parent.name for path in context.journals[-1:]] == [newest.name]:
        return newest.sha256
    mark = context.vault.mark(newest.name)
    return newest.sha256 if mark == (newest.mark or newest.sha256) else mark
