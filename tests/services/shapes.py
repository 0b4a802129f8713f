"""Small projects of several shapes, as other teams have them: none of them knows of hotelctl."""

from collections.abc import Mapping
from pathlib import Path

from tests.services.checkout import commit_all, git

Files = Mapping[str, str | bytes]

_REVISION = '''"""{message}"""
from alembic import op

revision = "{revision}"
down_revision = {down}


def upgrade() -> None:
    op.execute("SELECT 1")
'''


def revision(name: str, down: str | None) -> str:
    """An Alembic migration on top of another one."""
    return _REVISION.format(message=name, revision=name, down=repr(down))


FASTAPI: Files = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "Guest_Book"
version = "1.4.0"
dependencies = ["fastapi>=0.100", "SQLAlchemy", "alembic"]
""",
    "alembic.ini": "[alembic]\nscript_location = migrations\n",
    "migrations/env.py": "from alembic import context\n",
    "migrations/versions/0001_first.py": revision("0001", None),
    "migrations/versions/0002_more.py": revision("0002", "0001"),
    "book/__init__.py": "",
    "book/main.py": """\
import os

from fastapi import FastAPI

app = FastAPI()
URL = os.environ["DATABASE_URL"]
KEY = os.getenv("STRIPE_SECRET_KEY")
LEVEL = os.environ.get("LOG_LEVEL", "info")
HOME = os.environ["HOME"]


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}
""",
    "tests/test_main.py": "def test_it() -> None:\n    assert 1 + 1 == 2\n",
    "Dockerfile": "FROM python:3.12\nCOPY . /app\nCMD python -m book\n",
    "docker-compose.yml": "services:\n  db:\n    image: postgres:16\n",
    ".env.example": (
        "# where the data is\nDATABASE_URL=postgresql://book:book@localhost/book\n"
        "LOG_LEVEL=info\nSTRIPE_SECRET_KEY=sk_test_change_me\n"
    ),
    ".gitignore": ".env\n",
    ".github/workflows/test.yml": "on: push\n",
}

FLASK: Files = {
    "setup.cfg": "[metadata]\nname = shop\n",
    "requirements.txt": "Flask==3.0\ngunicorn\n",
    "app.py": """\
import os
from flask import Flask

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.route("/health")
def health():
    return "ok"
""",
}

DJANGO: Files = {
    "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
    "requirements/base.txt": "Django==5.0\npsycopg\n",
    "site/urls.py": "from django.urls import path\nurlpatterns = [path('ready/', lambda r: None)]\n",
    "site/settings.py": "import environ\nenv = environ.Env()\nSECRET_KEY = env('SECRET_KEY')\n",
    "rooms/migrations/0001_initial.py": (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    initial = True\n"
    ),
    "rooms/tests.py": "",
}

EXPRESS: Files = {
    "package.json": """\
{
  "name": "@acme/rooms-api",
  "version": "2.1.0",
  "scripts": { "start": "node server.js", "test": "vitest run" },
  "dependencies": { "express": "^4", "pg": "^8" }
}
""",
    "server.js": """\
const express = require('express')
const app = express()
app.get('/live', (req, res) => res.send('ok'))
app.listen(process.env.PORT || 3000)
const { DATABASE_URL, JWT_SECRET } = process.env
""",
    "db/migrations/001_rooms.sql": "CREATE TABLE rooms (id int);\n",
    "db/migrations/002_names.sql": "ALTER TABLE rooms ADD name text;\n",
    "server.test.js": "test('it', () => {})\n",
}

NEXT: Files = {
    "package.json": '{"name": "lobby", "dependencies": {"next": "14", "@prisma/client": "5"}}\n',
    "src/app/api/health/route.ts": "export function GET() { return new Response('ok') }\n",
    "src/lib/env.ts": (
        "export const key = process.env.NEXT_PUBLIC_MAP_KEY\n"
        "export const bad = process.env.NEXT_PUBLIC_STRIPE_SECRET\n"
        "export const url = process.env['DATABASE_URL']\n"
    ),
    "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
    "prisma/migrations/20240101_init/migration.sql": "CREATE TABLE a (id int);\n",
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
}

TWO_PARTS: Files = {
    **{f"backend/{name}": text for name, text in FASTAPI.items() if not name.startswith(".")},
    "frontend/package.json": '{"name": "front", "dependencies": {"vite": "5"}}\n',
    "frontend/src/main.ts": "const url = import.meta.env.VITE_API_URL\n",
    ".env.example": "DATABASE_URL=\nVITE_API_URL=http://localhost:8000\n",
}

EMPTY: Files = {"README.md": "# Nothing yet\n"}

BROKEN: Files = {
    "pyproject.toml": '[project]\nname = "half\n',
    "package.json": '{"name": "half",}\n',
    "latin.py": "# caf\xe9\nimport os\nos.environ['COLOUR']\n".encode("latin-1"),
    "broken.py": "import os\nos.environ['X'\n",
    ".env.example": "COLOUR=caf\xe9\n".encode("latin-1"),
    "big.js": "x=1;" * 2_500_000,
}

SHAPES: Mapping[str, Files] = {
    "fastapi": FASTAPI,
    "flask": FLASK,
    "django": DJANGO,
    "express": EXPRESS,
    "next": NEXT,
    "two parts": TWO_PARTS,
    "empty": EMPTY,
    "broken": BROKEN,
}


def contents(files: Files) -> dict[str, bytes]:
    """The bytes of each file."""
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()}


def laid_out(root: Path, files: Files) -> Path:
    """The files at `root`, in no repository."""
    for name, data in contents(files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def checked_out(root: Path, files: Files) -> Path:
    """A committed, clean checkout of the files at `root`."""
    root.mkdir(parents=True, exist_ok=True)
    laid_out(root, files)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit_all(root, "As it is")
    return root
