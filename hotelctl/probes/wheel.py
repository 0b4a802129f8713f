"""The built wheel, opened, and its size beside what the service file allows."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.artifact import Artifact, ArtifactSize
from hotelctl.facts.wheel import Wheel, open_wheel
from hotelctl.probes.context import Context


def wheel(context: Context, built: Artifact) -> Wheel:
    """What the archive holds. Raises `NotApplicable` for an artifact of another kind."""
    if built.path is None:
        raise Unavailable("there is no artifact: the build failed")
    if built.path.suffix != ".whl":
        raise NotApplicable(f"{built.path.name} is no wheel")
    return open_wheel(built.path.name, context.files.read(built.path))


def artifact_size(context: Context, built: Artifact) -> ArtifactSize:
    """What was built, in bytes. Raises `NotApplicable` where the service file sets no limit."""
    build = context.configuration.spec.build_
    limit = build.size_limit_bytes if build else None
    if limit is None:
        raise NotApplicable(context.configuration.names_no("size_limit_bytes"))
    if built.path is None:
        raise Unavailable("there is no artifact: the build failed")
    source = str(context.configuration.source("build.size_limit_bytes"))
    largest = sorted(built.names.items(), key=lambda item: -item[1])
    return ArtifactSize(
        built.path.name, context.files.size_bytes(built.path), limit, source, tuple(largest[:3])
    )
