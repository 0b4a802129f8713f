"""Where everything of one environment lies below its state directory; names come from the deploy's id.

Standard library only: the supervisor imports this.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """`state` is `<project>/.hotelctl/<environment>`."""

    state: Path

    def deploy(self, deploy_id: str) -> Path:
        """Journal, judged checks and the exported source of one operation."""
        return self.state / "deploys" / deploy_id

    def journal(self, deploy_id: str) -> Path:
        """The journal's file."""
        return self.deploy(deploy_id) / "journal.jsonl"

    def checks(self, deploy_id: str, stage: str) -> Path:
        """The judged checks of one stage, as the report shows them."""
        return self.deploy(deploy_id) / f"checks-{stage}.json"

    def source(self, deploy_id: str) -> Path:
        """The clean export of the commit."""
        return self.deploy(deploy_id) / "source"

    def release(self, release_id: str) -> Path:
        """One release: its artifact, virtual environment, manifest, environment and log."""
        return self.state / "releases" / release_id

    def venv(self, release_id: str) -> Path:
        """The release's own virtual environment."""
        return self.release(release_id) / "venv"

    def manifest(self, release_id: str) -> Path:
        """What the release is; without it the release does not exist."""
        return self.release(release_id) / "manifest.json"

    def environment(self, release_id: str) -> Path:
        """The release's variables, readable by the owner only."""
        return self.release(release_id) / "env.json"

    def bill(self, release_id: str) -> Path:
        """What the release's image is made of, as a bill of materials; there where it has an image."""
        return self.release(release_id) / "sbom.cdx.json"

    def pinned(self, release_id: str) -> Path:
        """How the release is started and asked: later service files name what it cannot do yet."""
        return self.release(release_id) / "service.json"

    def heard(self, deploy_id: str) -> Path:
        """What the tests of the release asked of the database, until it is built."""
        return self.deploy(deploy_id) / "statements.json"

    def statements(self, release_id: str) -> Path:
        """The same with the release: what later schemas are asked before it is replaced."""
        return self.release(release_id) / "statements.json"

    def good(self, release_id: str) -> Path:
        """Present once the release served and was judged good."""
        return self.release(release_id) / "good.json"

    def left(self, release_id: str) -> Path:
        """Present once a rollback went away from the release."""
        return self.release(release_id) / "left.json"

    def release_log(self, release_id: str) -> Path:
        """What the instance of the release prints."""
        return self.release(release_id) / "log" / "service.log"

    def kept_log(self, deploy_id: str) -> Path:
        """The log of a release that was taken back, readable by the owner only."""
        return self.deploy(deploy_id) / "release.log"

    def backups(self) -> Path:
        """The backups of this environment that are kept on this machine."""
        return self.state / "backups"

    def backup(self, deploy_id: str) -> Path:
        """One backup: the dump and, written last, its manifest."""
        return self.backups() / deploy_id

    def measurement(self, measurement_id: str) -> Path:
        """One measurement of the release that served, and its evidence."""
        return self.state / "measurements" / measurement_id

    def rehearsal(self, report: str) -> Path:
        """What a rehearsal that came to its end shows, by the name of its report."""
        return self.state / "rehearsals" / f"{report}.json"

    def workspace(self) -> Path:
        """Where whoever holds the lock keeps what is gone with the command."""
        return self.state / "workspace"

    def written(self) -> Iterator[Path]:
        """The directories that only the holder of the lock writes in."""
        yield self.state
        for kind in ("deploys", "releases", "backups"):
            yield from sorted((self.state / kind).glob("*/"))

    def applied(self) -> Path:
        """What the files of the migrations were that each database of this environment has."""
        return self.state / "applied.json"

    def restore(self) -> Path:
        """Present while a restore is under way: what it makes, and what it changes the place of."""
        return self.state / "restore.json"

    def frozen(self) -> Path:
        """Present while nothing may move."""
        return self.state / "frozen.json"

    def resolved(self) -> Path:
        """What froze or diverged, with the reason that a person gave for going on."""
        return self.state / "resolved.jsonl"
