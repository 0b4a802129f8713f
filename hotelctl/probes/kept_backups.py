"""The backups of this environment's database."""

from datetime import timedelta
from pathlib import Path

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.kept_backups import KeptBackups, Manifest, read_manifest
from hotelctl.probes.context import Context


def kept_backups(context: Context) -> KeptBackups:
    """What manifests say, and what the dump of the newest proven one is now.

    Raises:
        NotApplicable: there is no database, or nothing is deployed yet.
        Unavailable: nobody can tell what has the traffic, or a manifest cannot be read.

    """
    spec = context.configuration.spec
    if spec.database is None:
        raise NotApplicable(context.configuration.names_no("database"))
    if context.database_url is None:
        raise NotApplicable("no database is configured for this environment, so nothing is backed up")
    context.release()
    root = context.state / "backups"
    found = [_manifest(context, path) for path in reversed(context.files.glob(root, "*/manifest.json"))]
    newest = next((one for one in found if one.verified_at is not None), None)
    return KeptBackups(
        place=_shown(context, root),
        newest=newest,
        sha256=None if newest is None else _digest(context, root / newest.name / "dump"),
        unproven=tuple(one.name for one in (found[: found.index(newest)] if newest else found)),
        now=context.clock.now(),
        limit=timedelta(hours=spec.retention.backup_age_h),
        profile=context.configuration.environment.profile,
    )


def _manifest(context: Context, path: Path) -> Manifest:
    shown = _shown(context, path)
    try:
        return read_manifest(path.parent.name, shown, context.files.read(path))
    except (OSError, ValueError) as error:
        raise Unavailable(f"{shown}: cannot be read as the manifest of a backup: {error}") from error


def _digest(context: Context, dump: Path) -> str | None:
    return context.files.sha256(dump) if context.files.exists(dump) else None


def _shown(context: Context, path: Path) -> str:
    project = context.configuration.project
    return str(path.relative_to(project) if path.is_relative_to(project) else path)
