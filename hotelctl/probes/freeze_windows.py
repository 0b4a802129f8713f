"""The freezes of the environment, held against the clock."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hotelctl.config.freeze import Freeze
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.freeze_windows import FreezeWindows, Window, weekly_end
from hotelctl.probes.context import Context


def freeze_windows(context: Context) -> FreezeWindows:
    """All that the service file names. Raises `NotApplicable` where it names none."""
    configuration = context.configuration
    name, freezes = configuration.environment_name, configuration.environment.freeze
    if not freezes:
        raise NotApplicable(configuration.names_no(f"[[environments.{name}.freeze]]"))
    _require_there(context, Path(configuration.file.path))
    now = context.clock.now()
    windows = tuple(Window(freeze.reason, _until(freeze, now)) for freeze in freezes)
    source = configuration.source(f"environments.{name}.freeze")
    place = Location(source.path, source.line) if source.line else Location(configuration.file.path)
    return FreezeWindows(name, windows, place, now)


def _require_there(context: Context, file: Path) -> None:
    """The file as it is now is the evidence; another place may have been named for it."""
    project = context.configuration.project
    for path in (project / file, project / file.name):
        if context.files.is_file(path):
            context.files.read(path)
            return
    raise Unavailable(f"{file}: the service file is gone")


def _until(freeze: Freeze, now: datetime) -> datetime | None:
    if freeze.weekly is not None:
        return weekly_end(freeze.weekly, now.astimezone(ZoneInfo(freeze.zone)))
    if freeze.begins is None or freeze.ends is None:
        return None
    return freeze.ends if freeze.begins <= now < freeze.ends else None
