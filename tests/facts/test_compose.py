from collections.abc import Mapping
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.compose import (
    LIMIT_BYTES,
    ComposeFiles,
    ComposeReference,
    ComposeService,
    is_compose,
    parse_compose,
)
from hotelctl.facts.compose_choice import ComposeCall
from hotelctl.facts.composition import compose_of

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


def whole(**texts: str) -> ComposeFiles:
    """All files of a project; a name has `_` for `.` and `__` for `/`."""
    paths = {name.replace("__", "/").replace("_", "."): text for name, text in texts.items()}
    return compose_of({path: parse_compose(path, text.encode()) for path, text in paths.items()}, {})


def services(text: str, path: str = "compose.yml") -> tuple[ComposeService, ...]:
    """Those of a file that is the only one."""
    return compose_of({path: parse_compose(path, text.encode())}, {}).compositions[0].services


def composed(found: ComposeFiles) -> dict[str, dict[str, ComposeService]]:
    """The services of each composition by their names."""
    return {every.name: {one.name: one for one in every.services} for every in found.compositions}


def service(name: str, text: str = WEB, path: str = "compose.yml") -> ComposeService:
    """The one of that name."""
    return next(one for one in services(text, path) if one.name == name)


def lines(places: Mapping[Any, Location]) -> dict[Any, int | None]:
    """The lines alone."""
    return {key: place.line for key, place in places.items()}


def test_what_is_built_here_and_with_what() -> None:
    web = service("web")
    assert (web.context, web.dockerfile, web.place) == (
        "web",
        "web/prod.Dockerfile",
        Location("compose.yml", 6),
    )
    assert (lines(web.ports), web.asks) == ({80: 13, 9000: 14}, Location("compose.yml", 16))
    assert (lines(web.sets), web.env_files) == ({"LOG_LEVEL": 3, "KEY": 4}, (".env", "deploy/web.env"))
    worker = service("worker")
    assert (worker.context, worker.dockerfile, worker.asks) == ("worker", "worker/Dockerfile", None)
    assert lines(worker.sets) == {"QUEUE": 20, "EMPTY": 20}
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
    found: tuple[ComposeReference, ...] = parse_compose("compose.yml", WEB.encode()).references
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
        (b"[" * 1_000, "compose.yml: is not YAML that can be read (RecursionError)"),
        (b"x" * (LIMIT_BYTES + 1), "compose.yml: has 500001 bytes; more than 500000 are not read"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(data: bytes, words: str) -> None:
    with pytest.raises(Unavailable) as refused:
        parse_compose("compose.yml", data)
    assert refused.value.reason.startswith(words)


def test_mappings_that_merge_themselves_end() -> None:
    text = "services:\n  a: &a\n    <<: *a\n    build: .\n"
    assert service("a", text).dockerfile == "Dockerfile"


def test_of_several_merged_mappings_the_first_one_wins() -> None:
    text = "a: &a {image: first}\nb: &b {image: second, build: b}\nservices:\n  web:\n    <<: [*a, *b]\n"
    (web,) = services(text)
    assert (web.image, web.context) == ("first", "b")


def test_mappings_that_merge_many_which_merge_many_are_read_once_each() -> None:
    lines = ["x0: &x0 {build: .}"]
    lines += [f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 10)}]}}" for n in range(1, 15)]
    text = "\n".join((*lines, "services:", "  web: *x14", ""))
    (web,) = services(text)
    assert web.context == "."


def test_files_are_known_by_their_names() -> None:
    names = ("compose.yml", "a/docker-compose.prod.yaml", "compose-dev.yml", "composer.yml", "a/compose.json")
    assert [is_compose(name) for name in names] == [True, True, True, False, False]
    assert [one.name for one in whole(compose_yml=WEB).built_by("web/prod.Dockerfile")] == ["web"]


_BASE = """\
services:
  web:
    build: {context: web, dockerfile: prod.Dockerfile}
    ports: ["80:8000"]
    environment: {A: 1, B: 2}
    env_file: .env
    healthcheck: {test: curl x, interval: 5s}
"""
_OVER = """\
services:
  web:
    build: {target: dev}
    ports: ["5678:5678"]
    environment: [B=3, C=4]
    env_file: [dev.env]
    healthcheck: {disable: true}
  tools: {build: tools}
"""


def test_the_override_file_is_laid_over_the_file_beside_it() -> None:
    ((name, found),) = composed(whole(compose_yaml=_BASE, compose_override_yml=_OVER)).items()
    assert name == "compose.yaml + compose.override.yml"
    web, tools = found["web"], found["tools"]
    assert str(web.silenced) == "compose.override.yml:7"
    assert (web.context, web.dockerfile, web.asks) == ("web", "web/prod.Dockerfile", None)
    assert {port: str(place) for port, place in web.ports.items()} == {
        8000: "compose.yaml:4",
        5678: "compose.override.yml:4",
    }
    assert {name: str(place) for name, place in web.sets.items()} == {
        "A": "compose.yaml:5",
        "B": "compose.override.yml:5",
        "C": "compose.override.yml:5",
    }
    assert web.env_files == (".env", "dev.env")
    assert tools.context == "tools"


def test_files_are_laid_over_each_other_in_the_order_that_somebody_names() -> None:
    base = "services: {web: {image: a, ports: ['1']}, old: {image: o}}"
    texts = {
        "compose.yml": base,
        "compose.override.yml": "services: {web: {image: never}}",
        "b.compose.yml": "services: {web: {image: b, ports: ['2']}}",
        "c.compose.yml": "services: {web: {image: c}, new: {image: n}}",
    }
    parsed = {path: parse_compose(path, text.encode()) for path, text in texts.items()}
    order = ("compose.yml", "b.compose.yml", "c.compose.yml")
    place = Location(".env", 1)
    found = composed(compose_of(parsed, {}, [ComposeCall(place, order, settles="")]))
    ((name, services),) = found.items()
    assert (name, services["web"].image) == (" + ".join(order), "c")
    assert (sorted(services["web"].ports), sorted(services)) == ([1, 2], ["new", "old", "web"])
    back = composed(compose_of(parsed, {}, [ComposeCall(place, order[::-1], settles="")]))
    assert back[" + ".join(order[::-1])]["web"].image == "a"


def test_an_include_of_several_files_is_one() -> None:
    found = whole(
        compose_yml="include: [{path: [part__a_yml, part__b_yml]}]".replace("__", "/").replace("_", "."),
        part__a_yml="services: {web: {image: a, ports: ['1']}}",
        part__b_yml="services: {web: {image: b}}",
    )
    ((name, services),) = composed(found).items()
    assert (name, services["web"].image, sorted(services["web"].ports)) == ("compose.yml", "b", [1])


@pytest.mark.parametrize(("tag", "names"), [("!override {new: {image: n}}", ["new"]), ("!reset null", [])])
def test_an_override_may_replace_all_services(tag: str, names: list[str]) -> None:
    (services,) = composed(whole(compose_yaml=_BASE, compose_override_yaml=f"services: {tag}")).values()
    assert list(services) == names


def test_an_override_may_reset_and_replace() -> None:
    text = "services: {web: {build: !override other, ports: !override ['9000'], healthcheck: !reset null}}"
    (web,) = whole(compose_yaml=_BASE, compose_override_yaml=text).compositions[0].services
    assert (web.context, list(web.ports), web.asks) == ("other", [9000], None)
    gone = composed(whole(compose_yaml=_BASE, compose_override_yaml="services: {web: !reset null}"))
    assert gone == {"compose.yaml + compose.override.yaml": {}}
    assert composed(whole(compose_yaml="services: {tools: !reset {}}")) == {"compose.yaml": {}}


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_what_an_override_leaves_empty_changes_nothing(nothing: str) -> None:
    base = "services: {a: {build: {context: web}, healthcheck: {test: [CMD, b]}}}"
    over = f"services: {{a: {{build: {nothing}, healthcheck: {nothing}}}}}"
    (one,) = whole(compose_yaml=base, compose_override_yaml=over).compositions[0].services
    assert (one.context, one.asks and one.asks.path) == ("web", "compose.yaml")
    (one,) = services(f"services: {{a: {{build: {{context: {nothing}}}}}}}")
    assert (one.context, one.dockerfile) == (".", "Dockerfile")


def test_a_short_build_and_a_long_one_are_merged() -> None:
    both = whole(compose_yml="services: {a: {build: web}}", compose_override_yml="services: {a: {build: {}}}")
    assert both.compositions[0].services[0].context == "web"
    test = "services: {a: {build: ., healthcheck: {test: [CMD, a]}}}"
    both = whole(compose_yml=test, compose_override_yml=test.replace("[CMD, a]", "[NONE]"))
    assert both.compositions[0].services[0].asks is None


def test_a_service_is_laid_over_what_it_extends_in_its_own_place() -> None:
    web = "services: {web: {extends: {service: base, file: ../shared/compose.base.yml}, ports: ['1:1']}}"
    base = "services: {first: {build: ., healthcheck: {test: a}}, base: {extends: first, ports: ['2:2']}}"
    found = whole(app__compose_yml=web, shared__compose_base_yml=base)
    (one,) = composed(found)["app/compose.yml"].values()
    assert (one.context, list(one.ports), str(one.asks)) == ("shared", [2, 1], "shared/compose.base.yml:1")
    assert found.doubts == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("services: {a: {extends: {service: b, file: gone.yml}}}", "compose.yml: needs gone.yml, which was"),
        ("services: {a: {extends: b}}", "compose.yml:1: a extends b, which compose.yml does not have"),
        ("services: {a: {extends: b}, b: {extends: a}}", "compose.yml:1: b extends itself in the end"),
        ("services: {a: {extends: {service: b, file: $F}}}", "compose.yml:1: $F is not known before"),
        ("include: [https://example.org/a.git]", "compose.yml:1: https://example.org/a.git is not known"),
        ("include: [{path: [db.yml]}]", "compose.yml: needs db.yml, which was not read"),
        ("services: {a: {environment: {A: 1}}}", "compose.yml:1: a has neither an image nor a build, and"),
    ],
)
def test_what_cannot_be_followed_is_a_doubt_of_the_file(text: str, words: str) -> None:
    found = whole(compose_yml=text).doubts["compose.yml"]
    assert found.startswith(words)


def test_a_long_chain_ends() -> None:
    chain = ", ".join(f"s{n}: {{extends: s{n + 1}}}" for n in range(60))
    assert "extends itself in the end" in whole(compose_yml=f"services: {{{chain}}}").doubts["compose.yml"]
