import re

import pytest

from hotelctl.checks.docker.no_secret_is_in_the_image import no_secret_is_in_the_image as check
from hotelctl.core.finding import Severity
from tests.checks import made
from tests.checks.docker import written


@pytest.mark.parametrize(
    "line",
    [
        "ENV DB_PASSWORD_FILE=/run/secrets/db TOKEN_TTL=3600 SECRET_KEY='' USE_PASSWORD=true",
        "ENV DATABASE_URL=postgresql://app@db/app",
        "ENV PASSWORD=/run/secrets/db",
        "RUN curl https://robot:${TOKEN}@example.org/a",
        "RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci",
        "LABEL password=none",
        "ENV OTHER=short",
    ],
)
def test_what_is_no_secret_is_fine(line: str) -> None:
    found = made.judged(check, written.files(f"FROM a:1\n{line}\n"), written.secrets("short", "aaaaaaaaaaaa"))
    assert found == []


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("ENV DB_PASSWORD=hunter2hunter2", "ENV DB_PASSWORD"),
        ("ENV DB_PASSWORD hunter2hunter2", "ENV DB_PASSWORD"),
        ("ARG NPM_TOKEN", "ARG NPM_TOKEN"),
        ("ARG API_KEY=hunter2", "ARG API_KEY"),
        ("ENV SMTP_LOGIN=hunter2hunter2", "ENV SMTP_LOGIN"),
        ("ENV X=hunter2hunter2", "ENV X"),
        ("ENV URL=redis://:hunter2hunter2@cache/0", "ENV URL"),
        ("LABEL note=hunter2hunter2", "LABEL note"),
        ("RUN login hunter2hunter2", "secret in RUN"),
        ("RUN curl https://a:hunter2hunter@b.example.org/", "secret in RUN"),
        ("COPY <<E /a\nkey hunter2hunter2\nE", "secret in COPY"),
    ],
)
def test_a_secret_is_told_and_not_shown(line: str, subject: str) -> None:
    known = written.secrets("hunter2hunter2", names=("SMTP_LOGIN",))
    (finding,) = made.judged(check, written.files(f"FROM a:1\n{line}\n"), known)
    assert re.sub(" [0-9a-f]{8}$", "", finding.subject) == subject
    assert finding.severity is None
    assert str(finding.location) == "Dockerfile:2"
    assert "--mount=type=secret" in finding.fix


def test_another_secret_in_the_file_is_another_subject_and_its_value_is_not_in_it() -> None:
    def subjects(*lines: str) -> list[str]:
        known = written.secrets("hunter2hunter2", "hunter2hunter3")
        text = "\n".join(("FROM a:1", *lines, ""))
        return [one.subject for one in made.judged(check, written.files(text), known)]

    first, second = subjects("RUN login hunter2hunter2", "RUN send hunter2hunter2")
    assert first != second
    assert subjects("# moved", "RUN  login   hunter2hunter3") == [first]


@pytest.mark.parametrize(
    "given", ["SECRET_KEY=changeme", "DATABASE_URL=postgresql://user:pass@localhost/dummy"]
)
def test_a_word_of_examples_is_less(given: str) -> None:
    (finding,) = made.judged(check, written.files(f"FROM a:1\nENV {given}\n"), written.secrets())
    assert finding.severity is Severity.MEDIUM
    assert "holds a word of examples" in finding.message


def test_a_word_of_examples_that_the_service_uses_is_no_less() -> None:
    url = "postgresql://user:password@localhost/x"
    (finding,) = made.judged(check, written.files(f"FROM a:1\nENV A={url}\n"), written.secrets("password"))
    assert (finding.severity, "holds a value that is a secret" in finding.message) == (None, True)


def test_a_contract_that_cannot_be_read_is_unknown() -> None:
    reason = written.unknown(
        check, written.files("FROM a:1\n"), written.secrets(doubt="env.toml: is no TOML")
    )
    assert reason == "env.toml: is no TOML"
