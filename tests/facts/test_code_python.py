import pytest

from hotelctl.facts.code_python import scan_python


def found(text: str) -> list[tuple[str, int, str]]:
    return [(read.names[0], read.line, read.how) for read in scan_python("a.py", text).reads]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import os\nos.environ['A']\nos.environ.get('B', 1)\nos.getenv('C')\n", ["A", "B", "C"]),
        ("from os import environ as e, getenv as g\ne['A']\ne.get('B')\ng('C')\n", ["A", "B", "C"]),
        ("import os\nK = 'A'\nos.environ[K]\nif 'B' in os.environ: pass\n", ["A", "B"]),
        ("import os\nos.environ.pop('A')\nx = os.environ.setdefault('B', '')\n", ["A", "B"]),
        ("import os\nos.environ.setdefault('A', os.environ['B'])\n", ["B"]),
        ("import os as o\nhere = o.environ\nhere['A']\n", ["A"]),
        ("from decouple import config as c\nc('A', cast=int)\n", ["A"]),
        ("import decouple\ndecouple.config('A')\n", ["A"]),
        ("from decouple import Config, RepositoryEnv\nc = Config(RepositoryEnv('x'))\nc('A')\n", ["A"]),
        ("from environs import Env\nenv = Env()\nenv.str('A')\nenv.bool('B')\nenv('C')\n", ["A", "B", "C"]),
        (
            "import environs\ne = environs.Env()\nwith e.prefixed('X_'):\n    e.int('A')\ne('B')\n",
            ["X_A", "B"],
        ),
        ("import environ\nenv = environ.Env()\nenv.db('A')\nenv.read_env('B')\n", ["A"]),
        (
            "from dynaconf import Dynaconf\ns = Dynaconf(envvar_prefix='APP')\ns.A\ns['b']\ns.reload\n",
            ["APP_A", "APP_B"],
        ),
        ("from dynaconf import Dynaconf\ns = Dynaconf()\ns.A\n", ["DYNACONF_A"]),
        ("from dynaconf import Dynaconf\ns = Dynaconf(envvar_prefix=False)\ns.A\n", ["A"]),
    ],
)
def test_every_way_of_reading_is_seen(text: str, names: list[str]) -> None:
    assert [name for name, _, _ in found(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.environ['A'] = '1'\ndel os.environ['B']\n",
        "import os\nos.environ.setdefault('A', '1')\n",
        "# os.environ['A']\ntext = \"os.environ['B']\"\n",
        "from alembic.config import Config\nc = Config()\nc.get('environ')\n",
        "config('A')  # environ\n",
        "environ = {}\nenviron['A']\n",
    ],
)
def test_what_reads_nothing_is_not_seen(text: str) -> None:
    assert found(text) == []


def test_place_and_way_are_told() -> None:
    assert found("import os\n\nx = os.getenv('A')\n") == [("A", 3, "os.getenv")]


def test_a_composed_name_is_told_apart() -> None:
    scanned = scan_python("a.py", "import os\nos.environ[f'APP_{x}']\n")
    assert scanned.reads == ()
    assert [one.line for one in scanned.composed] == [2]


def test_words_in_quotes_could_be_names() -> None:
    assert scan_python("a.py", "for n in ('PORT', \"HOST\"): NOT = 1\n").words == {"PORT", "HOST"}
    assert scan_python("a.py", '\'PORT\'HOST\'; "A_B""C_D"\n').words == {"PORT", "HOST", "A_B", "C_D"}


def test_what_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        scan_python("a.py", "os.environ[")


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("import os\nos.environ['A']\nos.environ.get('B')\nos.getenv('C')\n", ["A"]),
        ("import os\nos.environ.pop('A')\nos.environ.pop('B', '')\n", ["A"]),
        ("import os\nif 'B' in os.environ: pass\n", []),
        ("import os\ntry:\n    os.environ['B']\nexcept KeyError:\n    os.environ['A']\n", ["A"]),
        ("import os\ntry:\n    os.environ['B']\nexcept (OSError, LookupError):\n    pass\n", []),
        ("import os\ntry:\n    os.environ['B']\nexcept:\n    pass\n", []),
        ("import os\ntry:\n    os.environ['A']\nexcept OSError:\n    pass\n", ["A"]),
        ("from decouple import config as c\nc('A', cast=int)\nc('B', default=1)\nc('C', 1)\n", ["A"]),
        ("from environs import Env\nenv = Env()\nenv.str('A')\nenv.bool('B', False)\nenv('C', **x)\n", ["A"]),
        ("import environ\nenv = environ.Env(DEBUG=(bool, False))\nenv('DEBUG')\n", []),
    ],
)
def test_what_fails_without_the_variable_needs_it(text: str, needed: list[str]) -> None:
    assert [read.names[0] for read in scan_python("a.py", text).reads if read.needed] == needed
