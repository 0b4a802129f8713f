import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.compose import LIMIT_BYTES, ComposeFiles, ComposeService, is_compose, read_compose

WEB = """\
x-common: &common
  environment: &vars
    LOG_LEVEL: ${LOG_LEVEL:-info}
    KEY: ${KEY:?set it}   # not ${OF_A_COMMENT}
services:
  web:
    <<: *common
    build:
      context: ./web
      dockerfile: prod.Dockerfile
    env_file: [.env, {path: deploy/web.env, required: false}]
    ports:
      - "127.0.0.1:8080:80"
      - target: 9000
    healthcheck:
      test: [CMD, curl, -f, http://localhost]
  worker:
    build: worker
    image: worker:latest
    environment: [QUEUE=$QUEUE, "EMPTY"]
    healthcheck: {test: [NONE]}
    ports: !reset []
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: $$literal}
"""


def service(name: str, text: str = WEB, path: str = "compose.yml") -> ComposeService:
    """The one of that name."""
    return next(one for one in read_compose(path, text.encode()).services if one.name == name)


def test_what_is_built_here_and_with_what() -> None:
    web = service("web")
    assert (web.context, web.dockerfile, web.line) == ("web", "web/prod.Dockerfile", 6)
    assert (web.ports, web.asks) == ({80: 13, 9000: 14}, 16)
    assert (web.sets, web.env_files) == ({"LOG_LEVEL": 3, "KEY": 4}, (".env", "deploy/web.env"))
    worker = service("worker")
    assert (worker.context, worker.dockerfile, worker.asks) == ("worker", "worker/Dockerfile", None)
    assert worker.sets == {"QUEUE": 20, "EMPTY": 20}
    db = service("db")
    assert (db.image, db.context, db.dockerfile) == ("postgres:16", None, None)


def test_paths_are_those_of_the_project() -> None:
    assert service("worker", path="deploy/compose.yml").dockerfile == "deploy/worker/Dockerfile"
    up = "services: {a: {build: {context: .., dockerfile: a/Dockerfile}}}"
    assert (
        service("a", up, "deploy/compose.yml").context,
        service("a", up, "deploy/compose.yml").dockerfile,
    ) == (
        ".",
        "a/Dockerfile",
    )


@pytest.mark.parametrize(
    "build",
    [
        "https://example.org/a.git",
        "$WHERE",
        "../outside",
        "/srv/a",
        "{context: ., dockerfile_inline: FROM x}",
    ],
)
def test_what_is_not_built_of_files_of_the_project(build: str) -> None:
    assert (
        service("a", f"services: {{a: {{build: '{build}'}}}}".replace("'{", "{").replace("}'", "}")).context
        is None
    )


def test_what_it_fills_in_and_refuses_to_go_on_without() -> None:
    found = read_compose("compose.yml", WEB.encode()).references
    assert [(one.name, one.line, one.required) for one in found] == [
        ("LOG_LEVEL", 3, False),
        ("KEY", 4, True),
        ("QUEUE", 20, False),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"services: [\n", "compose.yml:2: is not YAML"),
        (b"a: \xff", "compose.yml: is not UTF-8 (byte 3)"),
        (b"services:\n", "compose.yml: has no table of services"),
        (b"", "compose.yml: has no table of services"),
        (b"a: 1\n---\nb: 2\n", "compose.yml:2: is not YAML"),
        (b"[" * 5_000, "compose.yml"),
        (b"x" * (LIMIT_BYTES + 1), "compose.yml: has 500001 bytes; more than 500000 are not read"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(data: bytes, words: str) -> None:
    with pytest.raises(Unavailable) as refused:
        read_compose("compose.yml", data)
    assert refused.value.reason.startswith(words)


def test_mappings_that_merge_themselves_end() -> None:
    text = "services:\n  a: &a\n    <<: *a\n    build: .\n"
    assert service("a", text).dockerfile == "Dockerfile"


def test_of_several_merged_mappings_the_first_one_wins() -> None:
    text = "a: &a {image: first}\nb: &b {image: second, build: b}\nservices:\n  web:\n    <<: [*a, *b]\n"
    (web,) = read_compose("compose.yml", text.encode()).services
    assert (web.image, web.context) == ("first", "b")


def test_mappings_that_merge_many_which_merge_many_are_read_once_each() -> None:
    lines = ["x0: &x0 {build: .}"]
    lines += [f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 10)}]}}" for n in range(1, 15)]
    text = "\n".join((*lines, "services:", "  web: *x14", ""))
    (web,) = read_compose("compose.yml", text.encode()).services
    assert web.context == "."


def test_files_are_known_by_their_names() -> None:
    names = ("compose.yml", "a/docker-compose.prod.yaml", "compose-dev.yml", "composer.yml", "a/compose.json")
    assert [is_compose(name) for name in names] == [True, True, True, False, False]
    files = ComposeFiles((read_compose("compose.yml", WEB.encode()),))
    assert [one.name for one in files.built_by("web/prod.Dockerfile")] == ["web"]
