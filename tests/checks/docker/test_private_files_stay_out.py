from hotelctl.checks.docker.private_files_stay_out import private_files_stay_out as check
from hotelctl.core.finding import Severity
from hotelctl.facts.docker_context import BuildContexts, PrivateFile, SentFiles, private_files, read_ignore
from tests.checks import made
from tests.checks.docker import written

_COPIES = written.files("FROM a:1\nCOPY . /srv\n")


def test_ignored_files_are_fine() -> None:
    sent = written.contexts(".git", ".env", "a/server.key", "app.py", ignore="*\n!app.py\n")
    assert made.judged(check, _COPIES, sent) == []


def test_each_private_file_that_is_copied_is_told() -> None:
    found = made.judged(
        check, _COPIES, written.contexts(".git", ".env", "deploy/id_rsa", "a/ca.pem", "app.py")
    )
    assert [one.subject.split()[0] for one in found] == [".env", ".git", "deploy/id_rsa"]
    assert {one.severity for one in found} == {None}
    assert found[0].fix == "echo .env >> .dockerignore"
    assert str(found[0].location) == "Dockerfile:2"


def test_names_are_quoted_where_the_shell_would_run_them() -> None:
    (finding,) = made.judged(check, _COPIES, written.contexts("it's/.env"))
    assert finding.fix == "echo 'it'\"'\"'s/.env' >> .dockerignore"


def test_an_exception_that_lets_it_in_is_the_place() -> None:
    sent = written.contexts("config/.env", ignore="**/.env\n!config/.env\n")
    (finding,) = made.judged(check, _COPIES, sent)
    assert str(finding.location) == ".dockerignore:2"


def test_what_no_copy_takes_is_less() -> None:
    file = written.files("FROM a:1\nCOPY app /srv\nCOPY --from=0 . /x\n")
    (finding,) = made.judged(check, file, written.contexts(".env"))
    assert finding.severity is Severity.MEDIUM
    assert "no COPY takes it" in finding.message


def test_a_pattern_and_a_directory_take_it() -> None:
    file = written.files("FROM a:1\nCOPY conf* /srv/\n")
    (finding,) = made.judged(check, file, written.contexts("config/.env"))
    assert finding.severity is None


def test_an_env_file_that_is_not_there_yet_is_told() -> None:
    (finding,) = made.judged(check, _COPIES, written.contexts(declared=(".env.local",)))
    assert "once it is there" in finding.message


def test_a_broken_ignore_file_is_unknown() -> None:
    broken = BuildContexts({}, {"Dockerfile": ".dockerignore: syntax error in pattern"})
    assert written.unknown(check, _COPIES, broken) == ".dockerignore: syntax error in pattern"


def test_a_context_below_the_root_is_named_with_its_own_ignore_file() -> None:
    rules = read_ignore(None, root="web")
    sent = SentFiles("Dockerfile", rules, private_files((".env",), (), rules))
    (finding,) = made.judged(
        check, written.files("FROM a:1\nCOPY . .\n"), BuildContexts({"Dockerfile": sent})
    )
    assert finding.subject == "web/.env in Dockerfile"
    assert finding.fix == "echo .env >> web/.dockerignore"


def test_who_sends_it_is_told() -> None:
    rules = read_ignore(None)
    kinds = (PrivateFile(".env", "an env file", is_tracked=tracked) for tracked in (True, False))
    told = [
        made.judged(check, _COPIES, BuildContexts({"Dockerfile": SentFiles("Dockerfile", rules, (one,))}))
        for one in kinds
    ]
    assert [one.message for found in told for one in found] == [
        ".env, an env file, is sent to the engine: Dockerfile:2 copies it",
        ".env, an env file, is sent to the engine by docker build in the checkout"
        " (not by hotelctl deploy, which sends what git tracks): Dockerfile:2 copies it",
    ]
