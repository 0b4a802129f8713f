"""The notes service with a quick build, a quick test command and a short watch, as a project to break.

What it does is the same; only what would cost minutes over many deploys is small.
"""

from pathlib import Path

from tests.services.checkout import commit_all, git, plain_checkout

QUICK_TESTS = '''\
"""Writes the result of one test that ran, as the real command would."""

import sys
from pathlib import Path

CASE = '<testcase classname="tests.test_program" name="test_it_answers" time="0.01"/>'
COUNTS = 'tests="1" failures="0" errors="0" skipped="0"'
Path(sys.argv[1]).write_text(f'<testsuites><testsuite name="quick" {COUNTS}>{CASE}</testsuite></testsuites>')
'''

QUICK_BUILD = '''\
"""Packs the package into a wheel without a build backend."""

import base64
import hashlib
import sys
import tomllib
import zipfile
from pathlib import Path


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


source, out = Path(sys.argv[1]), Path(sys.argv[2])
version = tomllib.loads((source / "pyproject.toml").read_text())["project"]["version"]
about = f"plainsvc-{version}.dist-info"
files = {p.relative_to(source).as_posix(): p.read_bytes() for p in sorted((source / "plainsvc").glob("*"))}
files[f"{about}/METADATA"] = f"Metadata-Version: 2.1\\nName: plainsvc\\nVersion: {version}\\n".encode()
files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
lines = [f"{name},sha256={digest(data)},{len(data)}" for name, data in files.items()]
files[f"{about}/RECORD"] = "\\n".join((*lines, f"{about}/RECORD,,", "")).encode()
with zipfile.ZipFile(out / f"plainsvc-{version}-py3-none-any.whl", "w") as wheel:
    for name, data in files.items():
        wheel.writestr(name, data)
'''

_QUICK = {
    'command = ["{python}", "-m", "build", "--wheel", "--no-isolation", "--outdir", "{out}", "{source}"]': (
        'command = ["{python}", "{source}/quick_build.py", "{source}", "{out}"]'
    ),
    'command = ["{python}", "-m", "pytest", "-q", "--junitxml={junit}", "tests"]': (
        'command = ["{python}", "{source}/quick_tests.py", "{junit}"]'
    ),
    "ready_timeout_s = 15": "ready_timeout_s = 12",
}
_ENVIRONMENT = """
[environments.{name}]
port = {port}
watch = {{ window_s = 1.5 }}
"""


def quick_checkout(parent: Path, ports: dict[str, int]) -> Path:
    """A committed checkout with one environment for each of `ports`."""
    root = plain_checkout(parent)
    (root / "quick_tests.py").write_text(QUICK_TESTS)
    (root / "quick_build.py").write_text(QUICK_BUILD)
    for name, port in ports.items():
        file = root / "hotelctl.toml"
        file.write_text(file.read_text() + _ENVIRONMENT.format(name=name, port=port))
    replace(root, "hotelctl.toml", _QUICK)
    commit_all(root, "Quick to build and to test")
    return root


def replace(root: Path, name: str, changes: dict[str, str]) -> None:
    """Each text in the file is another one now; each was there exactly once."""
    text = (root / name).read_text()
    for old, new in changes.items():
        assert text.count(old) == 1, (name, old)
        text = text.replace(old, new)
    (root / name).write_text(text)


def back_to(root: Path, commit: str) -> None:
    """The checkout is as `commit` has it; what is ignored stays."""
    hidden = [line[2:] for line in git(root, "ls-files", "-v").splitlines() if line[0].islower()]
    if hidden:
        git(root, "update-index", "--no-assume-unchanged", *hidden)
    git(root, "reset", "--quiet", "--hard", commit)
    git(root, "clean", "--quiet", "--force", "-d")
