import pytest

from hotelctl.facts.buildkit_only import buildkit_only
from hotelctl.facts.dockerfile_text import parse_dockerfile


def _first(text: str) -> int | None:
    found = buildkit_only(parse_dockerfile("Dockerfile", text.encode()))
    return found.line if found else None


@pytest.mark.parametrize(
    "line",
    [
        "RUN --mount=type=cache,target=/c make",
        "RUN --network=none make",
        "RUN <<END\nmake\nEND",
        "COPY --chmod=755 a /a",
        "COPY --link a /a",
        "ADD --checksum=sha256:0 https://example.org/a /a",
    ],
)
def test_what_only_buildkit_knows_is_found_with_its_line(line: str) -> None:
    assert _first(f"FROM debian\nRUN true\n{line}\n") == 3


@pytest.mark.parametrize("line", ["RUN make --mount=x", "COPY --from=0 a /a", "COPY --chown=1:1 a /a"])
def test_what_every_builder_knows_is_not(line: str) -> None:
    assert _first(f"FROM debian\n{line}\n") is None
