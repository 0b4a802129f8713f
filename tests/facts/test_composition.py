import pytest

from hotelctl.core.finding import Location
from hotelctl.facts.compose import ComposeFiles, parse_compose
from hotelctl.facts.compose_choice import ComposeCall
from hotelctl.facts.composition import compose_of

_WEB = "services: {web: {build: {context: web}}}"
_FRAGMENT = "services: {web: {healthcheck: {test: a}}}"
_HERE = Location("deploy.sh", 3)


def together(texts: dict[str, str], *calls: ComposeCall) -> ComposeFiles:
    """The files of a project, and who composes them."""
    return compose_of({path: parse_compose(path, text.encode()) for path, text in texts.items()}, {}, calls)


def names(found: ComposeFiles) -> list[str]:
    """The compositions by their files."""
    return [one.name for one in found.compositions]


def test_a_file_that_is_only_named_with_others_does_not_run_alone() -> None:
    texts = {"compose.yml": _WEB, "compose.prod.yml": _FRAGMENT}
    found = together(texts, ComposeCall(_HERE, ("compose.yml", "compose.prod.yml")))
    assert names(found) == ["compose.yml + compose.prod.yml"]
    assert found.compositions[0].said == _HERE
    assert str(found.compositions[0].services[0].asks) == "compose.prod.yml:1"
    both = together(texts, ComposeCall(_HERE, tuple(texts)), ComposeCall(_HERE))
    assert names(both) == ["compose.yml", "compose.yml + compose.prod.yml"]
    over = together({**texts, "compose.override.yml": _WEB}, ComposeCall(_HERE, tuple(texts)))
    assert names(over) == ["compose.yml + compose.override.yml", "compose.yml + compose.prod.yml"]


def test_of_files_that_begin_alike_each_composition_is_one() -> None:
    texts = {"compose.yml": _WEB, "compose.a.yml": _FRAGMENT, "compose.b.yml": _WEB}
    calls = [ComposeCall(_HERE, ("compose.yml", path)) for path in ("compose.a.yml", "compose.b.yml")]
    found = together(texts, *calls)
    assert [one.asks is None for one in found.built_by("web/Dockerfile")] == [False, True]
    assert names(found) == ["compose.yml + compose.a.yml", "compose.yml + compose.b.yml"]


def test_a_file_that_nobody_names_runs_over_the_one_beside_it_where_it_cannot_run_alone() -> None:
    assert names(together({"compose.yml": _WEB, "compose.prod.yml": _FRAGMENT})) == [
        "compose.yml",
        "compose.yml + compose.prod.yml",
    ]
    alone = {"compose.yml": _WEB, "compose.test.yml": "services: {t: {build: .}}"}
    assert names(together(alone)) == ["compose.test.yml", "compose.yml"]
    leaves_out = {"compose.yml": _WEB, "compose.dev.yml": "services: {web: {build: {target: dev}}}"}
    assert names(together(leaves_out)) == ["compose.yml", "compose.yml + compose.dev.yml"]
    lost = together({"compose.prod.yml": _FRAGMENT})
    assert lost.doubts["compose.prod.yml"].startswith("compose.prod.yml:1: web has neither an image nor")


def test_a_base_that_only_others_complete_is_no_composition_and_no_doubt() -> None:
    texts = {"compose.yml": _FRAGMENT, "compose.prod.yml": _WEB}
    found = together(texts, ComposeCall(_HERE, ("compose.yml", "compose.prod.yml")))
    assert (names(found), found.doubts) == (["compose.yml + compose.prod.yml"], {})


def test_what_the_files_name_lies_in_the_directory_of_the_composition() -> None:
    texts = {
        "compose.yml": _WEB,
        "infra/prod.yml": "services: {web: {env_file: prod.env, build: {dockerfile: ../P}}, x: {build: x}}",
    }
    found = together(texts, ComposeCall(_HERE, ("compose.yml", "infra/prod.yml")))
    web, other = found.compositions[0].services
    assert (web.context, web.dockerfile, web.env_files, other.context) == ("web", "P", ("prod.env",), "x")
    away = together(texts, ComposeCall(_HERE, ("infra/prod.yml",), directory="infra"))
    assert [one.context for one in away.compositions[-1].services] == ["infra", "infra/x"]


def test_what_is_included_is_part_of_the_composition_and_names_what_lies_beside_itself() -> None:
    texts = {
        "compose.yml": "include: [sub/part.yml]\nservices: {web: {build: web}}",
        "sub/part.yml": "services: {db: {build: .}}",
    }
    found = together(texts)
    assert names(found) == ["compose.yml"]
    assert {one.name: one.context for one in found.compositions[0].services} == {"db": "sub", "web": "web"}
    over = {**texts, "compose.override.yml": "services: {db: {healthcheck: {test: a}}}"}
    db = next(one for one in together(over).compositions[0].services if one.name == "db")
    assert (db.context, db.asks) == ("sub", Location("compose.override.yml", 1))


def test_files_that_include_each_other_end() -> None:
    found = together({"compose.yml": "include: [a.yml]", "a.yml": "include: [compose.yml]"})
    assert names(found) == []


def test_what_lies_elsewhere_and_needs_others_is_a_doubt() -> None:
    texts = {
        "compose.yml": _WEB,
        "infra/prod.yml": "include: [db.yml]",
        "infra/db.yml": "services: {db: {image: d}}",
    }
    found = together(texts, ComposeCall(_HERE, ("compose.yml", "infra/prod.yml")))
    assert found.doubts["compose.yml"].startswith("infra/prod.yml: includes or extends files, and")


@pytest.mark.parametrize("starts", [True, False])
def test_what_only_builds_starts_nothing(starts: bool) -> None:  # noqa: FBT001 - a case
    call = ComposeCall(_HERE, ("compose.yml",), starts=starts)
    assert [one.starts for one in together({"compose.yml": _WEB}, call).compositions] == [starts]


def test_what_stops_or_lists_counts_only_where_nothing_else_names_the_file() -> None:
    texts = {"compose.yml": _WEB, "compose.prod.yml": _FRAGMENT}
    down = ComposeCall(_HERE, ("compose.yml",), weak=True)
    up = ComposeCall(_HERE, tuple(texts))
    assert names(together(texts, down, up)) == ["compose.yml + compose.prod.yml"]
    assert names(together(texts, ComposeCall(_HERE, tuple(texts), weak=True))) == [
        "compose.yml + compose.prod.yml"
    ]


def test_a_base_that_is_only_built_with_others_is_still_started_alone() -> None:
    texts = {"compose.yml": _WEB, "compose.ci.yml": _FRAGMENT}
    both = ["compose.yml", "compose.yml + compose.ci.yml"]
    assert names(together(texts, ComposeCall(_HERE, tuple(texts), starts=False))) == both


def test_what_nobody_can_tell_is_said() -> None:
    found = together({"compose.yml": _WEB}, ComposeCall(_HERE, why="what $X is"))
    assert (found.open_calls, names(found)) == (("deploy.sh:3: what $X is",), ["compose.yml"])
