"""The artifact of HEAD, built from a clean export, and a fresh environment that holds it."""

from hotelctl.config.load import Configuration
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.artifact import Artifact, Export, PackageData, read_wheel
from hotelctl.facts.installation import Imported, Installation
from hotelctl.probes.context import Context


def artifact(context: Context, export: Export, tree: WorkTree) -> Artifact:
    """How the build ended, what it left, and the state of the checkout when it was over."""
    if context.configuration.spec.build_ is None:
        raise unbuilt(context.configuration)
    built = context.work.build(export.path, context.workspace / "dist", tree.committed_at)
    after = context.repository.work_tree()
    done, path = built.completed, built.artifact
    if done.exit_code is None:
        raise Unavailable(f"the build did not end: {built.why}")
    return Artifact(
        commit=export.commit,
        argv=done.argv,
        exit_code=done.exit_code,
        words=built.why,
        path=path,
        sha256=context.files.sha256(path) if path else "",
        names=read_wheel(context.files.read(path)) if path else {},
        dirty=tuple(dict.fromkeys((*tree.dirty, *after.dirty))),
        hidden=tuple(dict.fromkeys((*tree.hidden, *after.hidden))),
    )


def unbuilt(configuration: Configuration) -> Unavailable:
    """Why there is no artifact of a service whose file does not say how it is built."""
    return Unavailable(configuration.lacks("[build]", "nothing was built"))


def package_data(context: Context) -> PackageData:
    """What the service file says the artifact must hold. Raises `NotApplicable` for nothing."""
    build = context.configuration.spec.build_
    if build is None or not build.package_data:
        raise NotApplicable(context.configuration.names_no("package_data"))
    return PackageData(build.package_data)


def installation(context: Context, built: Artifact, export: Export) -> Installation:
    """The artifact with its hashed requirements in an environment of its own."""
    if built.path is None:
        raise Unavailable("there is no artifact to install: the build failed")
    build = context.configuration.spec.build
    venv, requirements = context.workspace / "venv", export.path / build.requirements
    if not context.files.is_file(requirements):
        raise Unavailable(f"{build.requirements}, which build.requirements names, is no file of the commit")
    done = context.work.install(venv, built.path, requirements)
    if done.timed_out:
        raise Unavailable("the installation was killed at its limit")
    return Installation(venv, done.exit_code, done.argv, done.tail())


def imported(context: Context, installed: Installation) -> Imported:
    """The packages that the service file names, imported in that environment; not tried in a broken one.

    Raises `Unavailable` where importing took so long that it was killed.
    """
    names = context.configuration.spec.build.imports
    if installed.install_exit != 0:
        return Imported(names, None, "")
    done = context.work.import_packages(installed.venv)
    if done.timed_out:
        raise Unavailable("the import was killed at its limit")
    return Imported(names, done.exit_code, done.tail())
