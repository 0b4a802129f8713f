from hotelctl.facts.dockerfile import Dockerfile, filled
from hotelctl.facts.dockerfile_text import parse_dockerfile

_TEXT = """
ARG V=1.2
FROM a:$V AS base
ARG V
ENV P=80 Q="a b"
USER app
FROM base AS mid
EXPOSE ${P}
FROM scratch
ARG V
COPY --from=mid /a /a
COPY --from=r.example.org/x:1 /b /b
RUN --mount=type=bind,from=y:2,target=/y true
"""


def read() -> Dockerfile:
    """The text above."""
    return parse_dockerfile("Dockerfile", _TEXT.encode())


def test_stages_know_what_they_stand_on() -> None:
    file = read()
    assert [(one.name, one.parent) for one in file.stages] == [("base", None), ("mid", 0), (None, None)]
    assert [one.name for one in file.lineage(file.stages[1])] == ["base", "mid"]
    assert [one.name for one in file.shipped()] == ["ARG", "COPY", "COPY", "RUN"]


def test_images_from_elsewhere_and_no_stages() -> None:
    found = [(use.image.text, use.where.line) for use in read().images()]
    assert found == [("a:1.2", 3), ("r.example.org/x:1", 12), ("y:2", 13)]


def test_variables_are_those_of_the_place() -> None:
    base, mid, last = read().stages
    assert base.instructions[0].pairs == (("V", "1.2"),)
    assert base.instructions[1].pairs == (("P", "80"), ("Q", "a b"))
    assert mid.instructions[0].filled("${P}") == "80"
    assert last.instructions[1].filled("$P/$V") == "$P/1.2"


def test_a_stage_whose_name_the_platform_completes_is_no_image_from_elsewhere() -> None:
    text = b"FROM a:1 AS out-linux\nFROM a:1 AS out-windows\nFROM out-$TARGETOS${D:+-debug} AS x\nFROM $B\n"
    file = parse_dockerfile("Dockerfile", text)
    assert [one.parent for one in file.stages] == [None, None, 1, None]
    assert [use.image.text for use in file.images()] == ["a:1", "a:1", "$B"]


def test_a_default_counts_where_nothing_is_known() -> None:
    assert filled("a:${T:-1}", {}) == "a:1"
    assert filled("a:${T:-1}", {"T": "2"}) == "a:2"
    assert filled("a:${T}", {}) == "a:${T}"
    assert filled("'open", {}) == "'open"
