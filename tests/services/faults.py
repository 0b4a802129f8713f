"""One fault for each check that can be judged without a deployment: what is planted, and what turns red.

`also` are other checks that the same fault is seen by, for a reason of its own that stands beside it. A check
without a row is in `tests.services.without_fault`, with the reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.services.checkout import commit_all, git
from tests.services.healthy import DIGEST, ENV_FILE, PASSWORD, TOKEN, edit

Plant = Callable[[Path], None]
_CONTRACT, _EXAMPLE, _SERVICE, _DOCKERFILE = "env.toml", ".env.example", "hotelctl.toml", "Dockerfile"
# Put together here, so that this file itself holds nothing that looks like a credential.
_IMAGE = f"python:3.13-slim-bookworm@sha256:{DIGEST}"
_LIVE = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"


@dataclass(frozen=True, slots=True)
class Fault:
    """`environ` are variables of hotelctl's own process; `turns` says whether it becomes red or unknown.

    `before` is its status in the healthy project: only a question that nothing there raises is not `pass`.
    """

    plant: Plant
    also: frozenset[str] = frozenset()
    environ: Mapping[str, str] = field(default_factory=dict)
    turns: str = "red"
    before: str = "pass"


def _replaced(name: str, old: str, new: str) -> Plant:
    def plant(root: Path) -> None:
        edit(root, name, lambda text: text.replace(old, new))

    return plant


def _added(name: str, text: str) -> Plant:
    def plant(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(text)

    return plant


def _row(plant: Plant, *also: str) -> Fault:
    return Fault(plant, frozenset(also))


def _unknown(plant: Plant) -> Fault:
    return Fault(plant, turns="unknown")


def _env(old: str, new: str) -> Plant:
    return _replaced(ENV_FILE, old, new)


def _both(*plants: Plant) -> Plant:
    def plant(root: Path) -> None:
        for one in plants:
            one(root)

    return plant


def _committed(plant: Plant) -> Plant:
    def committed(root: Path) -> None:
        plant(root)
        commit_all(root, "A fault")

    return committed


def _migration(sql: str) -> Plant:
    """The newest migration does this."""
    return _committed(_added("migrations/0004_more.sql", f"{sql};\n"))


def _once_committed(name: str, text: str) -> Plant:
    def gone(root: Path) -> None:
        _committed(_added(name, text))(root)
        (root / name).unlink()
        commit_all(root, "Taken back")

    return gone


def _emptied(root: Path) -> None:
    (root / _DOCKERFILE).write_text("FROM\n")


def _latin(root: Path) -> None:
    path = root / ENV_FILE
    path.write_bytes(path.read_bytes() + "# für die Nacht\n".encode("latin-1"))


def _tracked(root: Path) -> None:
    git(root, "add", "--force", ENV_FILE)
    git(root, "commit", "--quiet", "--message", "By mistake")


def _readable_keys(root: Path) -> None:
    _added(_CONTRACT, '\n[keys.NOTES_KEYS]\ndocs = "Signs."\ntype = "path"\nprivate = true\n')(root)
    _added(_EXAMPLE, "# Signs.\nNOTES_KEYS=keys\n")(root)
    _added(ENV_FILE, "NOTES_KEYS=keys\n")(root)
    _added("plainsvc/more.py", 'KEYS = os.environ["NOTES_KEYS"]\n')(root)
    _added("keys/first", "")(root)
    (root / "keys/first").chmod(0o640)


def _behind(root: Path) -> None:
    """Others merged a commit that HEAD lacks."""
    ahead = git(root, "commit-tree", "-p", "HEAD", "-m", "Of others", "HEAD^{tree}")
    git(root, "update-ref", "refs/remotes/origin/main", ahead)


def _shallow(root: Path) -> None:
    """As a clone is that was made with --depth 1."""
    (root / ".git" / "shallow").write_text(f"{git(root, 'rev-parse', 'HEAD')}\n")


def _unsigned(root: Path) -> None:
    git(root, "tag", "--delete", "v1.0.0")
    git(root, "tag", "--annotate", "--no-sign", "--message", "1.0.0", "v1.0.0")


def _untold(root: Path) -> None:
    edit(root, "pyproject.toml", lambda text: text.replace('version = "1.0.0"', 'version = "1.1.0"'))
    commit_all(root, "Version 1.1.0")
    git(root, "push", "--quiet", str(root / ".git"), "HEAD:refs/remotes/origin/main")


def _edited_evidence(root: Path) -> None:
    path = max((root / "reports").glob("2*/evidence.jsonl"))
    path.write_bytes(path.read_bytes().replace(b'"seq":1', b'"seq":7', 1).replace(b"git", b"gut", 1))


_WAIVER = """[[waiver]]
rule = "BLD002"
key = "nothing"
reason = "it is mended next week"
owner = "ana"
approved_by = "bela"
ticket = "OPS-17"
created = 2020-01-01
expires = 2020-02-01
"""

FAULTS: Mapping[str, Fault] = {
    "ENV001": _row(_env("NOTES_DATABASE_URL", "# ")),
    "ENV002": _row(_env(f"NOTES_DATABASE_URL=postgresql://notes:{PASSWORD}", "NOTES_DATABASE_URL=\n# ")),
    "ENV003": _row(_replaced(".env.more", "=4", "=many")),
    "ENV004": _row(_replaced(".env.more", "=4", "=99")),
    "ENV005": _row(_added(ENV_FILE, "NOTES_GREETNG=Hi\n")),
    "ENV006": _row(_added(ENV_FILE, "NOTES_GREETING=Hi\n")),
    # What python-dotenv drops, the others refuse.
    "ENV007": _row(_added(ENV_FILE, "this is no assignment\n"), "ENV008"),
    "ENV008": _row(_env("=Hello", '="Hello there"')),
    # No name of the contract is like that, and a shell cannot read it.
    "ENV009": _row(_added(ENV_FILE, "notes-greeting=Hi\n"), "ENV005", "ENV008"),
    "ENV010": _row(_latin),
    "ENV011": _row(_env("=night", "=CHANGE_ME")),
    "ENV012": _row(_env(TOKEN, "passwordpassword")),
    "ENV013": _row(_replaced(".env.staging", TOKEN[::-1], TOKEN)),
    "ENV014": _row(_replaced(_EXAMPLE, "NOTES_TOKEN=", f"NOTES_TOKEN={_LIVE}")),
    "ENV015": _row(_tracked),
    "ENV016": _row(lambda root: (root / ENV_FILE).chmod(0o644)),
    "ENV017": _row(_env("postgresql://", "mysql://")),
    "ENV018": _row(_env("verify-full", "disable")),
    "ENV019": _row(_env(f"notes:{PASSWORD}", "postgres:postgres")),
    "ENV020": _row(_env("NOTES_TOKEN_NAME", "# ")),
    # Who reads the line without resolving it keeps the dollar sign.
    "ENV021": _row(_env("=Hello", "=${NOWHERE}"), "ENV008"),
    "ENV022": _row(_added("plainsvc/more.py", 'COLOUR = os.environ["NOTES_COLOUR"]\n')),
    "ENV023": _row(
        _both(_added(_CONTRACT, '\n[keys.NOTES_UNREAD]\ndocs = "?"\n'), _added(_EXAMPLE, "NOTES_UNREAD=\n"))
    ),
    "ENV024": _row(_replaced(_EXAMPLE, "NOTES_TOKEN_NAME=", "")),
    "ENV025": _row(
        _replaced(_CONTRACT, "secret = true\nmin_length", "secret = true\nclient_exposed = true\nmin_length")
    ),
    "ENV026": Fault(lambda _root: None, environ={"NOTES_GREETING": "Good day"}),
    "ENV027": _row(_added(ENV_FILE, "NOTES_OLD_NAME=Hello\n")),
    # No contract has such a key.
    "ENV028": _row(_added(ENV_FILE, "PYTHONHTTPSVERIFY=0\n"), "ENV005"),
    "ENV029": _row(_replaced(_CONTRACT, "2099-01-01", "2020-01-01")),
    "ENV031": _unknown(lambda root: (root / ".env.more").unlink()),
    "ENV032": replace(_row(_readable_keys), before="not_applicable"),
    "DKR000": _unknown(_emptied),
    "DKR001": _row(_replaced(_DOCKERFILE, "USER 10001", "RUN cd plainsvc && ls\nUSER 10001")),
    "DKR002": _row(_replaced(_DOCKERFILE, _IMAGE, "python:latest"), "DKR001", "DKR003"),
    "DKR003": _row(_replaced(_DOCKERFILE, _IMAGE, "python:3.13-slim-bookworm")),
    "DKR004": _row(_replaced(_DOCKERFILE, "USER 10001:10001\n", "")),
    # hadolint says some of the same under ids of its own, here and below.
    "DKR005": _row(_replaced(_DOCKERFILE, "USER 10001:10001", "USER nobody"), "DKR001"),
    "DKR006": _row(_replaced(_DOCKERFILE, "HEALTHCHECK CMD", "HEALTHCHECK NONE #")),
    "DKR007": _row(
        _replaced(
            _DOCKERFILE, 'CMD ["python", "-m", "plainsvc", "--port", "8080"]', "CMD python -m plainsvc"
        ),
        "DKR001",
    ),
    "DKR008": _row(_replaced(_DOCKERFILE, "EXPOSE", f"ENV NOTES_TOKEN={TOKEN}\nEXPOSE"), "DKR001"),
    "DKR009": _row(_replaced(".dockerignore", "!plainsvc\n", f"!plainsvc\n!{ENV_FILE}\n")),
    "DKR010": _row(_replaced(_DOCKERFILE, "EXPOSE 8080", "EXPOSE 8080 22")),
    "DKR011": _row(
        _replaced(_DOCKERFILE, "--require-hashes --requirement requirements.txt", "psycopg==3.3.1")
    ),
    "DKR012": _row(_replaced(_DOCKERFILE, "docker.io/library", "quay.io/library")),
    "DKR013": _row(_replaced(_DOCKERFILE, "USER 10001", "RUN apk add --no-cache gcc=13.2\nUSER 10001")),
    "DKR014": _row(
        _replaced(_DOCKERFILE, "USER 10001", "# hadolint ignore=DL3003\nRUN cd plainsvc && ls\nUSER 10001")
    ),
    "DKR015": _row(
        _replaced(_DOCKERFILE, "USER 10001", "RUN curl -fsS https://example.org/x | sh\nUSER 10001"),
        "DKR001",
    ),
    "OPS001": _row(_added("plainsvc/notes.py", "# not committed\n")),
    "OPS002": _row(_behind),
    "OPS003": _row(_unsigned),
    "OPS004": _row(_untold),
    "OPS010": _row(_replaced(_SERVICE, "ends = 2020-02-01", "ends = 2999-02-01"), "OPS001"),
    "OPS015": _row(_edited_evidence),
    "BLD002": _row(_replaced("pyproject.toml", 'version = "1.0.0"', 'version = "one"')),
    "BLD013": _row(_replaced(_DOCKERFILE, "python:3.13", "python:3.9")),
    "BLD012": _row(_committed(_added("plainsvc/more.py", "import yaml\n"))),
    "DB006": _row(_migration("CREATE INDEX notes_by_text ON notes (text)")),
    "DB007": _row(_migration("ALTER TABLE notes ADD token uuid DEFAULT gen_random_uuid()")),
    "DB008": _row(_migration("ALTER TABLE notes ADD CHECK (id > 0)")),
    "DB009": _row(_migration("ALTER TABLE lost ADD more int")),
    "DB013": _row(_migration("ALTER TABLE notes DROP created_at")),
    "DB020": _row(_migration("ALTER TABLE notes RENAME text TO words")),
    "SEC001": _row(_added("plainsvc/more.py", f'KEY = "{_LIVE}"\n')),
    "SEC002": _row(_once_committed("plainsvc/more.py", f'KEY = "{_LIVE}"\n')),
    "SEC003": _row(_added("plainsvc/more.py", f'PASSED_ON = "{PASSWORD}"\n')),
    "SEC004": _row(_added("config.example.ini", f"[database]\npassword = {PASSWORD}\n"), "SEC001"),
    # Nothing is built for this section, so that what the artifact holds is left out.
    "SEC005": replace(
        _row(
            _both(
                _added(".gitignore", "local.json\n"),
                _added("plainsvc/local.json", f'{{"greeting": "{TOKEN}"}}\n'),
            )
        ),
        before="skipped",
    ),
    "SEC006": _row(_added("reports/20260301T101500000Z-0123456789ab/report.md", f"- sent {PASSWORD} on\n")),
    "SEC007": _row(_replaced(".gitignore", ".env\n", "")),
    "SEC008": _unknown(_shallow),
    "SEC009": replace(
        _row(_added("waivers.toml", _WAIVER.replace("BLD002", "SEC001"))), before="not_applicable"
    ),
    "SEC011": _row(
        _replaced(".github/workflows/tests.yml", "python -m pytest", "echo ${{ github.head_ref }}")
    ),
    "SEC023": replace(_row(_added("waivers.toml", _WAIVER)), before="not_applicable"),
    "TST001": _row(_committed(_added("tests/conftest.py", '\ncollect_ignore_glob = ["test_*.py"]\n'))),
    "TST002": _row(
        _committed(_added("tests/test_routes.py", "\n\ndef test_it() -> None:\n    assert not 1\n"))
    ),
    # pytest runs no test then.
    "TST003": _row(_committed(_added("tests/test_more.py", "import nowhere_at_all\n")), "TST001"),
    "TST010": _row(_committed(_added("tests/test_more.py", "def test_nothing() -> None:\n    print(1)\n"))),
}
