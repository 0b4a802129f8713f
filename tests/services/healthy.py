"""The second service with all that the quick checks ask of: each of them passes, so that one fault shows.

Only `production` is judged, whose contract, env files, Dockerfile, workflow, changelog and tag are here.
"""

from collections.abc import Callable
from pathlib import Path

from tests.services.checkout import commit_all, git, plain_checkout
from tests.services.ssh_keys import made_key, signer_line

ENV_FILE = ".env.production"
# Made up, and strong: what a secret may not be is planted by the faults.
TOKEN = "q7Lr2vXw9ZtB4nHc8KsYdM3gJf6PeUa1"
PASSWORD = "Vx4rT9kQm2Zw8LpN"
URL = f"postgresql://notes:{PASSWORD}@db.notes-for-all.net:5432/notes?sslmode=verify-full"
DIGEST = "0123456789abcdef" * 4
_CONTRACT = """
consumers = ["python-dotenv", "docker-env-file", "posix-sh"]

[[rules]]
kind = "requires"
key = "NOTES_TOKEN"
keys = ["NOTES_TOKEN_NAME"]
"""
_KEYS = """
[keys.NOTES_TOKEN]
docs = "Lets another service write notes."
secret = true
min_length = 16
rotate_by = 2099-01-01

[keys.NOTES_TOKEN_NAME]
docs = "Which service that is."

[keys.NOTES_OLD_NAME]
docs = "What the front page said."
deprecated = "NOTES_GREETING says it now"
"""
_EXAMPLE = """
# Lets another service write notes.
NOTES_TOKEN=

# Which service that is.
NOTES_TOKEN_NAME=
"""
_READS = '''"""What the service may be told beside its own settings."""

import os

TOKEN = os.environ.get("NOTES_TOKEN")
TOKEN_NAME = os.environ.get("NOTES_TOKEN_NAME")
'''
_SERVICE = f"""
[docker]
port = 8080
registries = ["docker.io"]

[environments.production]
profile = "production"
env_files = ["{ENV_FILE}", ".env.more"]

[[environments.production.freeze]]
reason = "the move to the new house"
begins = 2020-01-01T00:00:00Z
ends = 2020-02-01T00:00:00Z

[environments.staging]
profile = "staging"
env_files = [".env.staging"]
"""
_DOCKERFILE = f"""FROM docker.io/library/python:3.13-slim-bookworm@sha256:{DIGEST}
WORKDIR /srv
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY plainsvc plainsvc
USER 10001:10001
EXPOSE 8080
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz')"]
CMD ["python", "-m", "plainsvc", "--port", "8080"]
"""
_WORKFLOW = f"""name: tests
on: push
permissions: {{}}
jobs:
  tests:
    name: tests
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@{"0123456789" * 4}  # v4.2.2
        with:
          persist-credentials: false
      - run: python -m pytest
"""
_FILES = {
    "plainsvc/more.py": _READS,
    "Dockerfile": _DOCKERFILE,
    ".dockerignore": "*\n!plainsvc\n!requirements.txt\n",
    ".github/workflows/tests.yml": _WORKFLOW,
    "migrations/0003_tags.sql": "CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.0.0\n\n- Notes are kept.\n",
}
_ENV_FILES = {
    ENV_FILE: f"NOTES_DATABASE_URL={URL}\nNOTES_GREETING=Hello\n"
    f"NOTES_TOKEN={TOKEN}\nNOTES_TOKEN_NAME=night\n",
    ".env.more": "NOTES_DB_CONNECTIONS=4\n",
    ".env.staging": f"NOTES_TOKEN={TOKEN[::-1]}\nNOTES_TOKEN_NAME=night\n",
}


def edit(root: Path, name: str, change: Callable[[str], str]) -> None:
    """`name` holds something else afterwards."""
    path = root / name
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before, f"{name} is as it was"


def healthy_checkout(parent: Path) -> Path:
    """`parent/plain`, committed, tagged with a signed tag, level with its remote `parent/there`."""
    root = plain_checkout(parent)
    edit(root, "env.toml", lambda text: text.replace("\n", f"\n{_CONTRACT}", 1) + _KEYS)
    edit(root, ".env.example", lambda text: text.replace('"', "") + _EXAMPLE)
    edit(root, "hotelctl.toml", lambda text: text + _SERVICE)
    edit(root, "migrations/0002_notes_by_time.sql", lambda text: f"-- squawk-ignore-file\n{text}")
    for name, text in _FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for name, text in _ENV_FILES.items():
        (root / name).write_text(text)
        (root / name).chmod(0o600)
    commit_all(root, "Everything that is asked of")
    _sign(root, parent)
    git(parent, "clone", "--quiet", "--bare", "plain", "there")
    git(root, "remote", "add", "origin", str(parent / "there"))
    git(root, "fetch", "--quiet", "origin")
    git(root, "remote", "set-head", "origin", "main")
    return root


def _sign(root: Path, parent: Path) -> None:
    key = made_key(parent)
    (parent / "signers").write_text(signer_line("test@example.org", key))
    for name, value in (
        ("gpg.format", "ssh"),
        ("user.signingkey", str(key)),
        ("gpg.ssh.allowedSignersFile", str(parent / "signers")),
    ):
        git(root, "config", name, value)
    git(root, "tag", "--sign", "--message", "1.0.0", "v1.0.0")
