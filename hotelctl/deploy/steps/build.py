"""Step 4: one artifact from a clean export, installed into the release's own environment, and inspected."""

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hotelctl.config.pinned import pin
from hotelctl.core.check import Stage
from hotelctl.core.errors import StepFailed
from hotelctl.deploy import image, source
from hotelctl.deploy.beside import Beside
from hotelctl.deploy.heard import keep_with_release
from hotelctl.deploy.judgement import require
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.facts.artifact import Artifact, Export, read_wheel
from hotelctl.facts.installation import Installation
from hotelctl.facts.installer_output import complaint
from hotelctl.facts.migration_set import from_alembic, from_sql, position

_SOURCES = {"alembic": ("versions/*.py", from_alembic), "sql": ("*.sql", from_sql)}


class BuildStep:
    """Leaves `releases/<id>/` with artifact, environment and, written last, the manifest."""

    name = "build"
    title = "Build the artifact"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        build = self._op.configuration.spec.build
        pictured = (f"build the image {image.repository(self._op)}",) if image.is_wanted(self._op) else ()
        return (
            f"export {self._op.tree.commit[:12]}: {' '.join(build.command)}",
            f"install {build.requirements}",
            *pictured,
        )

    def apply(self) -> Mapping[str, Any]:
        """The release, pinned: artifact digest, commit, environment fingerprints, migration head."""
        op = self._op
        with Beside(self._furnisher(), op.world.evidence):
            with op.world.evidence.scope() as exported_ids:
                tree = source.export(op)
            with op.world.evidence.scope() as built_ids:
                artifact = self._build(tree)
        path = artifact.path
        if path is None:
            raise StepFailed(f"the build failed: {artifact.words}", shlex.join(artifact.argv))
        with op.world.evidence.scope() as installed_ids:
            installation = self._install(tree, path)
        # Migrations are judged in the tree that the live database's are run from.
        export = Export(op.tree.commit, tree)
        measured: list[tuple[Any, Sequence[str]]] = [
            (export, exported_ids),
            (op.tree, exported_ids),
            (artifact, built_ids),
            (installation, installed_ids),
        ]
        with op.world.evidence.scope() as pictured_ids:
            pictured = image.made(op, tree) if image.is_wanted(op) else None
        measured += [(pictured, pictured_ids)] if pictured else []
        judged = require(op.judge(Stage.BUILD, measured))
        # The checks have read its layers.
        materials = image.billed(op, pictured) if pictured else {}
        op.world.builds.forget()
        digest = image.pushed(op, pictured) if pictured else ""
        release = self._pin(tree, path, artifact.sha256, pictured.digest if pictured else None)
        shown = f"; {image.told(pictured, materials)}" if pictured else ""
        return {
            "release": release.to_json(),
            **({"materials": materials} if materials else {}),
            **({"pushed": digest} if digest else {}),
            "summary": f"{path.name} sha256 {artifact.sha256[:12]}{shown}; {judged['summary']}",
        }

    def _furnisher(self) -> Callable[[], None]:
        """Copies packages while the artifact is made, after the list that the tests ran beside.

        Whatever comes of it: installing makes good what is missing, and says why where it cannot.
        """
        op = self._op
        listed = op.layout.source(op.id) / op.configuration.spec.build.requirements
        lock = op.world.files.read(listed) if op.world.files.exists(listed) else None
        venv = op.layout.venv(op.id)
        return lambda: None if lock is None else op.world.work.furnish(venv, lock)

    def _build(self, tree: Path) -> Artifact:
        op = self._op
        place = op.layout.release(op.id) / "artifact"
        built = op.world.work.build(tree, place, op.tree.committed_at)
        found = built.artifact
        return Artifact(
            commit=op.tree.commit,
            argv=built.completed.argv,
            exit_code=built.completed.exit_code,
            words=built.why,
            path=found,
            sha256=op.world.files.sha256(found) if found else "",
            names=read_wheel(op.world.files.read(found)) if found else {},
            dirty=op.tree.dirty,
            hidden=op.tree.hidden,
        )

    def _install(self, tree: Path, artifact: Path) -> Installation:
        op = self._op
        venv, build = op.layout.venv(op.id), op.configuration.spec.build
        if not op.world.files.exists(tree / build.requirements):
            raise StepFailed(
                f"build.requirements names {build.requirements}, which is not in the commit",
                f"git add {build.requirements}, or mend the service file",
            )
        installed = op.world.work.install(venv, artifact, tree / build.requirements)
        if not installed.ok:
            said = complaint(installed.stderr) or installed.tail(1)
            raise StepFailed(f"the release's environment cannot be made: {said}", shlex.join(installed.argv))
        return Installation(venv, installed.exit_code, installed.argv, installed.tail(3))

    def _pin(self, tree: Path, artifact: Path, sha256: str, image_id: str | None) -> Release:
        """The release's environment and, written last, its manifest."""
        op = self._op
        env = op.release_env(op.id)
        place = op.layout.release(op.id)
        release = Release(
            id=op.id,
            version=source.version(op, tree),
            commit=op.tree.commit,
            artifact=str(artifact.relative_to(place)),
            artifact_sha256=sha256,
            migration_head=self._head(tree),
            env_fingerprints={key: op.fingerprint(value) for key, value in sorted(env.items())},
            image=image_id,
        )
        files = op.world.files
        files.write_durable(op.layout.environment(op.id), json.dumps(dict(env)).encode(), 0o600)
        files.write_durable(op.layout.pinned(op.id), pin(op.configuration.spec), 0o600)
        keep_with_release(op)
        files.write_durable(op.layout.manifest(op.id), json.dumps(release.to_json(), indent=1).encode())
        return release

    def _head(self, tree: Path) -> str | None:
        """What the migrations of this commit end in, read from their sources; of several heads all."""
        migrations = self._op.configuration.spec.migrations
        if migrations is None:
            return None
        pattern, read = _SOURCES[migrations.kind]
        place = tree / migrations.directory
        found = self._op.world.files.glob(place, pattern)
        texts = {str(path.relative_to(tree)): self._op.world.files.read(path) for path in found}
        return position(migrations.kind, read(texts).heads)

    def undo(self) -> str:
        """The release's directory is removed with all that is in it."""
        op = self._op
        op.world.files.remove(op.layout.manifest(op.id))
        op.world.files.remove(op.layout.release(op.id))
        unnamed = image.forgotten(op) if image.is_wanted(op) else ""
        source.drop(op)
        return f"release removed{unnamed}"
