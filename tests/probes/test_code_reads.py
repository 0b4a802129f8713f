from collections.abc import Mapping

from hotelctl.facts.code_reads import CodeReads
from tests.probes.worlds import World


def project(files: Mapping[str, bytes], *sources: str) -> World:
    world = World(env={"contract": "env.toml", "sources": list(sources)})
    world.repository.commit("2" * 40, files)
    for name, data in files.items():
        world.write(name, data)
    return world


def names(code: CodeReads) -> list[str]:
    return sorted(name for read in code.reads for name in read.names)


def test_python_and_node_are_read_with_settings_over_files() -> None:
    world = project(
        {
            "app/base.py": b"class Base(BaseSettings):\n    one: int\n",
            "app/main.py": b"import os\nclass S(Base):\n    two: int\nos.environ['THREE']\n",
            "web/page.ts": b"process.env.FOUR\n",
            "run.sh": b'exec app --port "$FIVE_PORT"\n',
        }
    )
    code = world.fact(CodeReads)
    assert names(code) == ["FOUR", "ONE", "THREE", "TWO"]
    assert code.is_read("FIVE_PORT")
    assert code.files == 4


def test_tests_are_left_out_unless_sources_are_named() -> None:
    files = {"tests/test_a.py": b"import os\nos.environ['A']\n", "b.py": b"import os\nos.environ['B']\n"}
    assert names(project(files).fact(CodeReads)) == ["B"]
    assert names(project(files, "tests").fact(CodeReads)) == ["A"]


def test_what_cannot_be_looked_at_is_told_and_the_rest_is_read() -> None:
    world = project(
        {
            "bad.py": b"os.environ[",
            "large.py": b"#" * 2_000_001,
            "latin.py": "# é\nimport os\nos.environ['A']\n".encode("latin-1"),
        }
    )
    code = world.fact(CodeReads)
    assert names(code) == ["A"]
    assert set(code.skipped) == {"bad.py", "large.py"}


def test_what_hotelctl_itself_reads_or_gives_is_no_key_of_the_code() -> None:
    code = project({"a.py": b"x = 1\n"}).fact(CodeReads)
    assert code.given == {"DATABASE_URL", "RUNTIME_DATABASE_URL", "TEST_DATABASE_URL"}


def test_without_a_known_language_the_question_does_not_arise() -> None:
    world = project({"main.go": b"package main\n"})
    assert world.why_not(CodeReads).startswith("NotApplicable: no Python")
