"""The backups of this environment's database."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from hotelctl.core.errors import NotApplicable, Unavailable
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
    root = context.state / "backups"
    newest, unproven, spoilt = _sorted(context, reversed(context.files.glob(root, "*/manifest.json")))
    if newest is None and spoilt:
        raise Unavailable(str(spoilt[0]))
    return KeptBackups(
        place=context.configuration.shown(root),
        newest=newest,
        sha256=None if newest is None else _digest(context, newest, root / newest.name / "dump"),
        unproven=unproven,
        now=context.clock.now(),
        limit=timedelta(hours=spec.retention.backup_age_h),
        profile=context.configuration.environment.profile,
        spoilt=spoilt,
    )


def _sorted(
    context: Context, paths: Iterable[Path]
) -> tuple[Manifest | None, tuple[str, ...], tuple[SpoiltFile, ...]]:
    """Of `paths`, the newest first: the first proven one, the unproven and the spoilt ones before it."""
    unproven: list[str] = []
    spoilt: list[SpoiltFile] = []
    for path in paths:
        shown = context.configuration.shown(path)
        try:
            one = read_manifest(path.parent.name, shown, context.files.read(path), _proof(context, path))
        except (OSError, ValueError) as error:
            spoilt.append(SpoiltFile(shown, str(error)))
            continue
        if one.verified_at is not None:
            return one, tuple(unproven), tuple(spoilt)
        unproven.append(one.name)
    return None, tuple(unproven), tuple(spoilt)


def _proof(context: Context, manifest: Path) -> bytes | None:
    path = manifest.with_name(backup_proof.NAME)
    return context.files.read(path) if context.files.exists(path) else None


def _digest(context: Context, newest: Manifest, dump: Path) -> str | None:
    """What the dump is now; the deploy that took and restored it has just found that in its own steps."""
    if not context.files.exists(dump):
        return None
    own = context.deploying and [path.parent.name for path in context.journals[-1:]] == [newest.name]
    return newest.sha256 if own else context.files.sha256(dump)
