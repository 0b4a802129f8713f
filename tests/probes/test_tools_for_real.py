"""The real programs of the tools' environment, on good and bad inputs, each judged by its check."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from hotelctl.checks.build.imports_are_declared import imports_are_declared
from hotelctl.checks.build.materials_are_those_of_the_lock import materials_are_those_of_the_lock
from hotelctl.checks.build.metadata_renders import metadata_renders
from hotelctl.checks.build.wheel_is_laid_out_as_imports_expect import wheel_is_laid_out_as_imports_expect
from hotelctl.checks.schema.squawk_finds_no_hazard import squawk_finds_no_hazard
from hotelctl.checks.security.packages_have_no_advisory import packages_have_no_advisory
from hotelctl.checks.security.workflows_are_safe import workflows_are_safe
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.installation import Installation
from hotelctl.facts.lock import read_lock
from hotelctl.facts.migration_run import MigrationRun, WrittenStatement
from hotelctl.facts.wheel import Wheel
from hotelctl.probes.advisories import advisories
from hotelctl.probes.bill_of_materials import bill_of_materials
from hotelctl.probes.declared_imports import declared_imports
from hotelctl.probes.migration_lint import migration_lint
from hotelctl.probes.rendered_metadata import rendered_metadata
from hotelctl.probes.wheel_contents import wheel_contents
from hotelctl.probes.workflow_audit import workflow_audit
from tests.checks import made
from tests.checks.build import projects
from tests.fakes.osv import advisory, osv_server
from tests.house.tracked import ROOT
from tests.probes import real
from tests.probes.worlds import World

pytestmark = pytest.mark.system
README = '\n[tool.hatch.build.targets.wheel]\npackages = ["town"]\n'


def built(place: Path, files: dict[str, str], **changes: str) -> Path:
    """The wheel of the town, in a directory of its own."""
    text = projects.pyproject(README, **changes)
    data = projects.wheel_bytes(place / "source", {**files, "pyproject.toml": text})
    path = place / "town-1.2.0-py3-none-any.whl"
    path.write_bytes(data)
    return path


class TestTwine:
    def complaints(self, place: Path, readme: str, text: str) -> list[str]:
        files = {**projects.PACKAGE, readme: text}
        version = f'version = "1.2.0"\nreadme = "{readme}"'
        path = built(place, files, **{'version = "1.2.0"': version})
        fact = rendered_metadata(real.context(place, place / "work"), made.artifact(path=path))
        return [one.message for one in made.judged(metadata_renders, fact)]

    def test_a_good_readme_is_fine(self, tmp_path: Path) -> None:
        assert self.complaints(tmp_path, "README.md", "# Town\n") == []

    def test_broken_markup_is_found_and_no_readme_is_fine(self, tmp_path: Path) -> None:
        (first, *_) = self.complaints(tmp_path / "a", "README.rst", "Town\n==\n\n.. nonsense::\n\n`x <\n")
        assert "long_description" in first
        path = built(tmp_path / "b", projects.PACKAGE)
        fact = rendered_metadata(real.context(tmp_path, tmp_path / "work"), made.artifact(path=path))
        assert made.judged(metadata_renders, fact) == []

    def test_a_file_that_is_no_wheel_is_no_verdict(self, tmp_path: Path) -> None:
        path = tmp_path / "town-1.2.0-py3-none-any.whl"
        path.write_bytes(b"no archive")
        with pytest.raises(Unavailable, match="no clear verdict"):
            rendered_metadata(real.context(tmp_path, tmp_path / "work"), made.artifact(path=path))


class TestCheckWheelContents:
    def found(self, place: Path, path: Path, world: World | None = None) -> list[str]:
        wheel = projects.opened(path.read_bytes())
        fact = wheel_contents(real.context(place, place / "work", world), made.artifact(path=path), wheel)
        return [one.message for one in made.judged(wheel_is_laid_out_as_imports_expect, fact)]

    def test_a_package_is_fine_and_so_are_its_revisions(self, tmp_path: Path) -> None:
        path = built(tmp_path, {**projects.PACKAGE, "town/migrations/versions/0001_first.py": "x = 1\n"})
        (message,) = self.found(tmp_path, path)
        assert "W004: Module is not located at importable path: town/migrations/versions/0001" in message
        known = World(migrations={"kind": "alembic", "directory": "town/migrations"})
        assert self.found(tmp_path, path, known) == []

    def test_a_module_beside_the_package_is_found_and_strays_are_left_to_the_other_rule(
        self, tmp_path: Path
    ) -> None:
        files = {
            **projects.PACKAGE,
            "tests/__init__.py": "",
            "setup.py": "a = 1\n",
            "scripts/x.py": "b = 1\n",
        }
        packed = (
            '\n[tool.hatch.build.targets.wheel]\nonly-include = ["town", "tests", "setup.py", "scripts"]\n'
        )
        path = tmp_path / "town-1.2.0-py3-none-any.whl"
        path.write_bytes(projects.wheel_bytes(tmp_path / "source", files, packed))
        assert [one.partition(": ")[2] for one in self.found(tmp_path, path)] == [
            "W005: Wheel contains common toplevel name in library: scripts/",
            "W009: Wheel contains multiple toplevel library entries: scripts/, setup.py, town/",
        ]

    def test_a_file_that_is_no_wheel_is_no_verdict(self, tmp_path: Path) -> None:
        path = tmp_path / "town-1.2.0-py3-none-any.whl"
        path.write_bytes(b"no archive")
        with pytest.raises(Unavailable, match="no clear verdict"):
            wheel_contents(
                real.context(tmp_path, tmp_path / "work"), made.artifact(path=path), Wheel(path.name, {})
            )


class TestZizmor:
    def found(self, place: Path, text: str) -> list[str]:
        projects.written(place, {".github/workflows/ci.yml": text})
        fact = workflow_audit(real.context(place, place / "work"))
        return [one.message for one in made.judged(workflows_are_safe, fact)]

    def test_a_workflow_with_little_rights_and_pinned_actions_is_fine(self, tmp_path: Path) -> None:
        text = (
            "name: ci\non: push\npermissions: {}\nconcurrency:\n  group: ci\n  cancel-in-progress: true\n"
            "jobs:\n  t:\n    name: t\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n"
            "      - name: hello\n        run: echo hello\n"
        )
        assert self.found(tmp_path, text) == []

    def test_a_title_that_is_run_is_found_with_its_line(self, tmp_path: Path) -> None:
        text = (
            "name: ci\non: pull_request_target\njobs:\n  t:\n    runs-on: ubuntu-24.04\n    steps:\n"
            "      - run: echo ${{ github.event.pull_request.title }}\n"
        )
        found = self.found(tmp_path, text)
        assert any(one.startswith(".github/workflows/ci.yml:7: template-injection") for one in found)

    def test_the_ready_workflow_is_held_back_by_nothing(self, tmp_path: Path) -> None:
        projects.written(
            tmp_path, {".github/workflows/ci.yml": (ROOT / "docs/ci/github-workflow.yml").read_bytes()}
        )
        fact = workflow_audit(real.context(tmp_path, tmp_path / "work"))
        found = made.judged(workflows_are_safe, fact)
        assert {one.severity for one in found} <= {Severity.MEDIUM, Severity.LOW, Severity.INFO}

    @pytest.mark.parametrize("text", ["jobs: [\n", "name: ci\n", ""])
    def test_a_file_that_is_no_workflow_is_no_verdict_whatever_the_others_are(
        self, tmp_path: Path, text: str
    ) -> None:
        good = (
            "name: ci\non: push\npermissions: {}\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: a\n"
        )
        projects.written(tmp_path, {".github/workflows/good.yml": good})
        with pytest.raises(Unavailable, match=r"ci\.yml: zizmor"):
            self.found(tmp_path, text)


class TestSquawk:
    def found(self, place: Path, *sent: WrittenStatement) -> list[str]:
        run = MigrationRun("empty", "18", ("a",), len(sent), (), watched=sent)
        fact = migration_lint(real.context(place, place / "work"), run)
        return [one.message for one in made.judged(squawk_finds_no_hazard, fact)]

    def test_harmless_statements_are_fine(self, tmp_path: Path) -> None:
        table = WrittenStatement("CREATE TABLE a (id int, name varchar(9))", "a", 1, 1.0, "m/a.sql", 1)
        index = WrittenStatement("CREATE INDEX a_id ON a (id)", "a", 1, 1.0, "m/a.sql", 2)
        assert self.found(tmp_path, table, index) == []

    def test_what_the_shadow_run_does_not_look_for_is_found_at_its_line(self, tmp_path: Path) -> None:
        projects.written(tmp_path, {".squawk.toml": 'excluded_rules = ["renaming-column"]\n'})
        first = WrittenStatement("SELECT 1", "a", 1, 1.0, "m/a.sql", 1)
        renamed = WrittenStatement("ALTER TABLE a\nRENAME COLUMN b TO c", "a", 1, 1.0, "m/a.sql", 7)
        (message,) = self.found(tmp_path, first, renamed)
        assert message.startswith("m/a.sql:8: renaming-column: ")

    def test_a_remark_that_the_run_refuted_or_shows_itself_is_dropped(self, tmp_path: Path) -> None:
        statement = WrittenStatement("CREATE INDEX a_id ON a (id)", "a", 1, 1.0, "m/a.sql", 1)
        seen = replace(statement, kinds=frozenset({HazardKind.INDEX_BUILD}))
        assert self.found(tmp_path, statement) == self.found(tmp_path, seen) == []

    def test_sql_that_it_cannot_read_is_no_verdict(self, tmp_path: Path) -> None:
        with pytest.raises(Unavailable, match=r"^m/a\.sql: squawk cannot read line 1"):
            self.found(tmp_path, WrittenStatement("CREATE TABLE (", "a", 1, 1.0, "m/a.sql", 1))


class TestOfAnEnvironment:
    """deptry and cyclonedx-py look at packages as they are installed."""

    @pytest.fixture
    def installed(self, tmp_path: Path) -> tuple[Path, Wheel, Installation]:
        """The town, which imports what it requires, what comes along, and what is nowhere."""
        source = "import rich\nimport stripe\n\nimport pygments\nimport yaml\nimport town\n"
        path = built(
            tmp_path, {**projects.PACKAGE, "town/streets.py": source}, **{', "psycopg[binary]>=3.2"': ""}
        )
        venv = tmp_path / "work" / "venv"
        venv.parent.mkdir()
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        (site,) = venv.glob("lib/*/site-packages")
        for name, top in (("rich", "rich"), ("Pygments", "pygments")):
            info = f"{name}-15.0.dist-info"
            text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 15.0\n"
            record = f"{top}/__init__.py,,\n{info}/METADATA,,\n{info}/RECORD,,\n"
            projects.written(
                site, {f"{top}/__init__.py": "", f"{info}/METADATA": text, f"{info}/RECORD": record}
            )
        pip = (sys.executable, "-m", "pip", "--python", f"{venv}/bin/python", "install", "--quiet")
        subprocess.run((*pip, "--no-deps", "--no-index", str(path)), check=True)
        installation = Installation(venv, 0, ("pip",), "")
        return tmp_path, projects.opened(path.read_bytes()), installation

    def test_imports_that_nobody_declared_are_found_and_no_others(
        self, installed: tuple[Path, Wheel, Installation]
    ) -> None:
        place, wheel, installation = installed
        fact = declared_imports(real.context(place, place / "work"), wheel, installation)
        found = made.judged(imports_are_declared, fact)
        assert sorted(one.subject for one in found) == ["pygments", "yaml"]
        assert sorted(one.fix.split()[1] for one in found) == ["pygments", "the"]
        assert {str(one.location) for one in found} == {"town/streets.py:4", "town/streets.py:5"}

    def test_the_bill_is_that_of_the_lock_or_says_where_not(
        self, installed: tuple[Path, Wheel, Installation]
    ) -> None:
        place, wheel, installation = installed
        fact = bill_of_materials(real.context(place, place / "work"), wheel, installation)
        lock = read_lock("lock.txt", b"rich==15.0\npygments==15.0\n")
        assert made.judged(materials_are_those_of_the_lock, fact, lock) == []
        lock = read_lock("lock.txt", b"rich==15.1\nmore==1\n")
        found = made.judged(materials_are_those_of_the_lock, fact, lock)
        assert [one.subject for one in found] == ["more", "pygments", "rich"]

    def test_an_interpreter_that_is_none_is_no_verdict(
        self, installed: tuple[Path, Wheel, Installation]
    ) -> None:
        place, wheel, installation = installed
        broken = replace(installation, venv=place / "nowhere")
        with pytest.raises(Unavailable, match="cyclonedx-py"):
            bill_of_materials(real.context(place, place / "work"), wheel, broken)


class TestPipAudit:
    """Against a server on this machine that speaks OSV's protocol."""

    KNOWN: ClassVar = {
        "django": [advisory("django", "GHSA-d", "2.0")],
        "jinja2": [advisory("jinja2", "GHSA-j", "2.10.1", "CVE-1")],
    }
    LOCK = read_lock("lock.txt", b"rich==15.0 --hash=sha256:aa\njinja2==2.10 --hash=sha256:bb\n")

    def found(self, place: Path, url: str, lock_text: bytes | None = None) -> list[str]:
        lock = self.LOCK if lock_text is None else read_lock("lock.txt", lock_text)
        world = World(advisories={"osv_url": url})
        fact = advisories(real.context(place, place / "work", world), lock)
        return [one.message for one in made.judged(packages_have_no_advisory, fact, lock)]

    def test_an_advisory_is_found_and_what_has_none_is_fine(self, tmp_path: Path) -> None:
        with osv_server(self.KNOWN) as url:
            (message,) = self.found(tmp_path, url)
            assert message == "jinja2 2.10 has the advisory CVE-1 (GHSA-j), fixed in 2.10.1: jinja2 is weak"
            assert self.found(tmp_path, url, b"rich==15.0\n") == []

    def test_a_database_that_knows_nothing_is_not_believed(self, tmp_path: Path) -> None:
        with osv_server({}) as url, pytest.raises(Unavailable, match=r"knows nothing of django==1\.11"):
            self.found(tmp_path, url)

    def test_a_service_that_is_away_is_no_verdict(self, tmp_path: Path) -> None:
        with osv_server({}) as url:
            away = url
        with pytest.raises(Unavailable, match="pip-audit"):
            self.found(tmp_path, away)
