"""How fast the release that serves was when it was measured last."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Location
from hotelctl.core.ports import WorkTree
from hotelctl.facts.load_measurement import FILE_NAME, LoadMeasurement, read_measurement
from hotelctl.facts.speed import Speed, Target, Trial
from hotelctl.facts.spoilt_file import SpoiltFile
from hotelctl.probes.context import Context, Serving

_SHORT = 12


def speed(context: Context, tree: WorkTree) -> Speed:
    """What was measured of the release that serves, in doubt where it is of another commit than HEAD.

    Raises:
        NotApplicable: the service file names no load, nothing is deployed, or a deploy asks.
        Unavailable: nobody can tell what has the traffic.

    """
    _require_named(context)
    serving = context.release()
    if serving.commit != tree.commit and not context.deploying:
        other = f"what serves is {serving.commit[:_SHORT]}, HEAD is {tree.commit[:_SHORT]}"
        return _in_doubt(context, f"{other}: HEAD can be measured once it is deployed")
    return measured_speed(serving, context)


def measured_speed(serving: Serving, context: Context) -> Speed:
    """What was measured of the release that serves, whatever HEAD is; raises `NotApplicable` as `speed`."""
    _require_named(context)
    if context.deploying:
        raise NotApplicable("a release is measured when it serves")
    return _newest(context, serving)


def _require_named(context: Context) -> None:
    configuration = context.configuration
    if not configuration.spec.performance:
        raise NotApplicable(configuration.names_no("load, [performance.NAME]"))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A measurement that lies there, or why it cannot be read."""

    path: str
    measurement: LoadMeasurement | None
    trouble: str = ""


def _newest(context: Context, serving: Serving) -> Speed:
    own: _Kept | None = None
    for one in _kept(context):
        if own is None and (one.trouble or _is_of(one, serving)):
            own = one
            if one.trouble:
                break
        elif own is not None and one.measurement is not None and not _is_of(one, serving):
            return replace(_told(context, own), former=one.measurement)
    if own is None:
        return _in_doubt(context, f"nothing was measured of release {serving.release_id}")
    return _told(context, own)


def _is_of(one: _Kept, serving: Serving) -> bool:
    found = one.measurement
    return found is not None and (found.release, found.commit) == (serving.release_id, serving.commit)


def _kept(context: Context) -> Iterator[_Kept]:
    """Newest first."""
    for path in reversed(context.files.glob(context.state / "measurements", f"*/{FILE_NAME}")):
        shown = context.configuration.shown(path)
        try:
            yield _Kept(shown, read_measurement(context.files.read(path)))
        except (OSError, ValueError) as error:
            yield _Kept(shown, None, str(SpoiltFile(shown, str(error))))


def _told(context: Context, kept: _Kept) -> Speed:
    found = kept.measurement
    if found is None:
        return _in_doubt(context, kept.trouble)
    trials = tuple(_trial(target, found) for target in _targets(context))
    return Speed(trials, _again(context), kept.path, found)


def _trial(target: Target, found: LoadMeasurement) -> Trial:
    one = found.load(target.name)
    if one is None:
        return Trial(target, None, "the newest measurement is without it")
    if one.plan != target.plan:
        return Trial(target, None, f"{target.place} asks for another load than was measured")
    return Trial(target, one)


def _in_doubt(context: Context, why: str) -> Speed:
    return Speed(tuple(Trial(target, None, why) for target in _targets(context)), _again(context))


def _targets(context: Context) -> Iterator[Target]:
    for name, said in context.configuration.spec.performance.items():
        source = context.configuration.source(f"performance.{name}.path")
        yield Target(
            name=name,
            plan=said.plan,
            place=Location(source.path, source.line),
            p95_s=said.p95_s,
            p99_s=said.p99_s,
            max_error_share=said.max_error_share,
            max_memory_bytes=said.max_memory_bytes,
            max_memory_growth_bytes_per_min=said.max_memory_growth_bytes_per_min,
        )


def _again(context: Context) -> str:
    name = context.configuration.environment_name
    return "hotelctl bench" if name == "local" else f"hotelctl bench --env {name}"
