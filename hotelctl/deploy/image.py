"""The image of an operation's commit: what it is built from, what it is called, and that it is built once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.image_builds import Recipe
from hotelctl.core.images import BuiltImage
from hotelctl.deploy import source
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.deploy.retention import releases
from hotelctl.facts.buildkit_only import buildkit_only
from hotelctl.facts.dockerfile import Dockerfile
from hotelctl.facts.dockerfile_text import parse_dockerfile
from hotelctl.facts.image_materials import Materials, bill
from hotelctl.facts.layer_contents import CONTENTS

_OCI = "org.opencontainers.image."
PREVIOUS = "previous"
"""The tag of the image that served before."""
RECIPE = "hotelctl.recipe"
"""The label that holds the digest of all that an image was asked for with."""
_DEFAULT = "Dockerfile"
_SHORT = len("sha256:") + 12
_STAYS = (
    "image {own} is not tidied away: {image} has other names, as after a change of [docker] repository, or "
    "a container needs it; docker image inspect {image} tells its names"
)
_WILD = frozenset("*?[")


def is_wanted(operation: Operation) -> bool:
    """Whether a deploy builds an image: it serves from one, or is asked to."""
    here = operation.configuration
    return here.spec.docker.build or here.environment.target == "docker"


def repository(operation: Operation) -> str:
    """What its images are called, without a tag."""
    spec = operation.configuration.spec
    return spec.docker.repository or spec.service.name


def made(operation: Operation, tree: Path) -> BuiltImage:
    """The image of the commit, which has its names; one that is there already by them is taken as it is.

    Raises:
        StepFailed: it cannot be built or named.

    """
    builds, version = operation.world.builds, source.version(operation, tree)
    recipe = _recipe(operation, tree, version)
    own, newest = names(operation, version)
    found = builds.named(own)
    if found is None or found.labels.get(RECIPE) != recipe.labels[RECIPE]:
        found = builds.build(recipe, operation.observer.said)
    # The first one is what a repeat looks for, and is given first.
    builds.name(found.id, (own, newest))
    return builds.inspected(own)


def billed(operation: Operation, image: BuiltImage) -> Mapping[str, Any]:
    """The bill of the image's materials lies with the release: where, its sha256, how many there are.

    Raises:
        StepFailed: the engine does not give the image whole.

    """
    found = Materials()
    for layer in operation.world.builds.layers(image.name, (CONTENTS,)).of(CONTENTS):
        found(layer)
    created = operation.tree.committed_at.isoformat()
    path = operation.layout.bill(operation.id)
    operation.world.files.write_durable(path, bill(found, image.name, image.digest, created))
    return {
        "path": path.name,
        "sha256": operation.world.files.sha256(path),
        "materials": len(found.every()),
    }


def told(image: BuiltImage, materials: Mapping[str, Any]) -> str:
    """It in a few words, for people."""
    size = f"{image.size_bytes / 1e6:,.0f} MB"
    return f"image {image.digest[7:19]} of {size}, {materials['materials']} packages"


def pushed(operation: Operation, image: BuiltImage) -> str:
    """The digest at the registry, by which others can pull it; empty where it stays on its engine.

    Raises:
        StepFailed: the registry does not take it.

    """
    docker = operation.configuration.spec.docker
    if not docker.push:
        return ""
    said, builds = operation.observer.said, operation.world.builds
    newest = image.name.rpartition("-")[0]
    digest = builds.push(image.name, said, docker.push_timeout_s)
    builds.push(newest, said, docker.push_timeout_s)
    return digest


def names(operation: Operation, version: str) -> tuple[str, str]:
    """The names of the commit's image: of version and commit, and of the version alone."""
    return _called(operation, version, operation.tree.commit)


def _called(operation: Operation, version: str, commit: str) -> tuple[str, str]:
    called = repository(operation)
    return f"{called}:{version}-{commit[:12]}", f"{called}:{version}"


def _recipe(operation: Operation, tree: Path, version: str) -> Recipe:
    docker, commit = operation.configuration.spec.docker, operation.tree.commit
    name = dockerfile_name(docker.files)
    file = _read(operation, tree, name)
    created = operation.tree.committed_at
    own = {
        "VERSION": version,
        "COMMIT": commit,
        "CREATED": created.isoformat(),
        "SOURCE": docker.source or "",
        "SOURCE_DATE_EPOCH": str(int(created.timestamp())),
    }
    taken = _declared(file)
    args = {key: value for key, value in own.items() if key in taken and value} | docker.args
    labels = {
        f"{_OCI}revision": commit,
        f"{_OCI}version": version,
        f"{_OCI}created": created.isoformat(),
        **({f"{_OCI}source": docker.source} if docker.source else {}),
    }
    labels[RECIPE] = _digest({"file": name, "context": docker.context or ".", "args": args, "labels": labels})
    context, needs = tree / (docker.context or "."), buildkit_only(file) is not None
    return Recipe(context, tree / name, args, labels, docker.build_timeout_s, needs)


def dockerfile_name(files: tuple[str, ...]) -> str:
    """The one that is built, of those that the service file names."""
    return files[0] if files and not _WILD & set(files[0]) else _DEFAULT


def _read(operation: Operation, tree: Path, name: str) -> Dockerfile:
    files = operation.world.files
    if not files.is_file(tree / name):
        raise StepFailed(f"{name} is not in the commit", f"git add {name}, or name it in [docker] files")
    try:
        file = parse_dockerfile(name, files.read(tree / name))
    except Unavailable as error:
        raise StepFailed(f"the image cannot be built: {error.reason}", f"mend {name}") from error
    return file


def _declared(file: Dockerfile) -> frozenset[str]:
    """The arguments that it takes."""
    words = (line.split() for line in file.source.decode(errors="replace").splitlines())
    found = (word.partition("=")[0] for line in words if line[:1] in (["ARG"], ["arg"]) for word in line[1:])
    return frozenset(found)


def _digest(asked: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def forgotten(operation: Operation) -> str:
    """The names are gone that this operation gave; an image that another release runs keeps its own.

    Where the engine is away they stay, and that is said: an image without a release harms nobody.
    """
    try:
        return _forgotten(operation)
    except StepFailed as away:
        return f"; its image may be left: {away.message}"


def _forgotten(operation: Operation) -> str:
    builds = operation.world.builds
    try:
        version = source.version(operation, operation.layout.source(operation.id))
    except StepFailed:
        return ""
    own, newest = names(operation, version)
    found = builds.named(own)
    others = [one for one in releases(operation) if one.image and one.id != operation.id]
    if found is None or _is_kept(operation, found.id):
        return ""
    builds.unname(found.id, (newest, own))
    if same := [one.image for one in others if one.image and one.version == version]:
        builds.name(same[-1], (newest,))
    return f"; image {own} removed"


def called_previous(operation: Operation) -> tuple[str, ...]:
    """The image of what served before is called `previous`; why, where the engine does not give the name."""
    former = operation.former() if is_wanted(operation) else None
    if former is None or not former.image or former.image == operation.candidate().image:
        return ()
    name = f"{repository(operation)}:{PREVIOUS}"
    try:
        operation.world.builds.name(former.image, (name,))
    except StepFailed as refused:
        return (f"nothing is called {name}: {refused.message}",)
    return ()


def let_go(operation: Operation, had: Sequence[Release]) -> tuple[str, ...]:
    """The images of those releases that are no more are gone, too; why, of each that is not tidied away.

    One that a release of any environment of the project has stays, and so does one that has names of others,
    or of a `[docker] repository` of before.
    """
    left = []
    for one in had:
        if one.image is None or _is_kept(operation, one.image):
            continue
        own, newest = _called(operation, one.version, one.commit)
        try:
            operation.world.builds.unname(one.image, (newest, own))
            if operation.world.builds.named(one.image) is not None:
                left.append(_STAYS.format(own=own, image=one.image[:_SHORT]))
        except StepFailed as refusal:
            left.append(f"image {own} is not tidied away: {refusal.message}")
    return tuple(left)


def _is_kept(operation: Operation, image_id: str) -> bool:
    """Whether a release of any environment of the project has it; one that is taken back has no manifest."""
    files = operation.world.files
    manifests = files.glob(operation.layout.state.parent, "*/releases/*/manifest.json")
    return any(image_id.encode() in files.read(path) for path in manifests)
