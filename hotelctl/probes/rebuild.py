"""A second build of HEAD, from another directory and at another time than the first."""

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.rebuild import Rebuild, differing
from hotelctl.facts.wheel import open_wheel
from hotelctl.probes.context import Context


def rebuild(context: Context, built: Artifact, tree: WorkTree) -> Rebuild:
    """Both digests. The two builds share the commit's time, as SOURCE_DATE_EPOCH, and nothing else."""
    if built.path is None:
        raise Unavailable("there is no artifact to build again: the build failed")
    source = context.workspace / "again" / "source"
    context.files.remove(source)
    context.repository.export(tree.commit, source)
    again = context.work.build(source, context.workspace / "again" / "dist", tree.committed_at)
    if again.artifact is None:
        raise Unavailable(f"the second build left no artifact: {again.why}")
    sha256 = context.files.sha256(again.artifact)
    names: tuple[str, ...] = ()
    if sha256 != built.sha256 and built.path.suffix == ".whl":
        both = [open_wheel(path.name, context.files.read(path)) for path in (built.path, again.artifact)]
        names = differing(both[0].digests, both[1].digests)
    return Rebuild(again.completed.argv, built.path.name, built.sha256, sha256, names)
