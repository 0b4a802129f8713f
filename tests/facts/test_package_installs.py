import pytest

from hotelctl.facts.package_installs import open_installs
from hotelctl.facts.shell_words import simple_commands

_PINNED = frozenset({"requirements.txt", "constraints.txt"})


@pytest.mark.parametrize(
    "text",
    [
        "pip install --require-hashes -r anything.txt",
        "pip3 install --no-cache-dir -r deploy/requirements.txt",
        "python -m pip install -rrequirements.txt",
        "/venv/bin/pip install flask -c constraints.txt",
        "pip install --no-deps --no-index /dist/a.whl",
        "pip install --upgrade pip setuptools wheel",
        "pip install poetry==1.8.3 && poetry install --only main",
        "pip download flask",
        "uv pip sync requirements.txt && uv sync --locked",
        "uv pip install --requirement=requirements.txt",
        "npm ci && npm run build && npm install -g npm@10.2.0 yarn@${YARN}",
        "yarn install --frozen-lockfile && yarn --version",
        "corepack yarn install --immutable",
        "pnpm install --frozen-lockfile",
        "bundle config set frozen true && bundle install",
        "composer install --no-dev; cargo install --locked x; go mod download; gem install x -v 1.2",
        "pipenv install --deploy; pdm sync; go install x@v1.2.0",
    ],
)
def test_what_the_lock_decides(text: str) -> None:
    assert list(open_installs(simple_commands(text), _PINNED, {})) == []


@pytest.mark.parametrize(
    "text",
    [
        "pip install flask",
        "pip install -r other.txt",
        "pip install .",
        "python3 -m pip install 'flask>=2' gunicorn==1.0",
        "pip install flask==3.*",
        "pip install poetry",
        "uv pip install flask",
        "uv sync",
        "npm install",
        "npm i --omit=dev",
        "npm install -g npm@latest",
        "yarn",
        "yarn add x",
        "pnpm i",
        "bundle install",
        "gem install x",
        "poetry update",
        "pipenv install",
        "go install x@latest",
        "cargo install x",
        "composer update",
    ],
)
def test_what_is_free(text: str) -> None:
    (found,) = open_installs(simple_commands(text), _PINNED, {})
    assert not found.only_below
    assert found.why
    assert found.fix


@pytest.mark.parametrize("program", ["npm install", "pnpm add"])
def test_a_program_beside_any_lock_needs_a_version_of_its_own(program: str) -> None:
    (found,) = open_installs(simple_commands(f"{program} -g pnpm"), _PINNED, {})
    assert (found.why, found.fix) == ("pnpm has no version here", f"{program} -g pnpm@VERSION")
    assert list(open_installs(simple_commands(f"{program} -g pnpm@9.1.0"), _PINNED, {})) == []


def test_what_named_versions_bring_along() -> None:
    (found,) = open_installs(simple_commands("pip install flask==3.0.3"), _PINNED, {})
    assert found.only_below


def test_a_variable_that_freezes() -> None:
    assert list(open_installs(simple_commands("bundle install"), (), {"BUNDLE_FROZEN": "true"})) == []
