from collections.abc import Mapping

import pytest

from hotelctl.core.kept import ITSELF, Question
from hotelctl.core.layers import LayerQuestion
from hotelctl.facts import layer_leaks
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.layer_leaks import FoundLeaks, LayerBatches, LayerLeaks, together
from hotelctl.facts.leaks import Leak
from tests.facts.test_archives import zipped
from tests.fakes.layers import asked

_ARGV = ("scanner", "layers.tar")


class Scanner:
    """It finds each line KEY; `given` is what it was given at a time."""

    def __init__(self, confidence: str = "high", doubt: str = "") -> None:
        self.confidence, self.doubt = confidence, doubt
        self.given: list[set[str]] = []

    def __call__(self, held: Mapping[str, bytes]) -> list[Leak]:
        self.given.append(set(held))
        return [
            Leak("rule", self.confidence, name, number, "[mark]", self.doubt)
            for name, content in held.items()
            for number, line in enumerate(content.split(b"\n"), 1)
            if line == b"KEY"
        ]


def _search(scanner: Scanner, *layers: dict[str, bytes]) -> LayerLeaks:
    question = LayerQuestion(FoundLeaks, Question(ITSELF, (), {}), lambda: LayerBatches(scanner))
    return together(_ARGV, asked(CONTENTS, *layers), asked(question, *layers))


def _places(found: LayerLeaks) -> list[tuple[int, str, int, int]]:
    return [(one.number, one.leak.path, one.leak.line, one.gone_in) for one in found.found]


def test_files_and_members_of_archives_are_searched_and_what_a_distribution_brings_is_not() -> None:
    scanner = Scanner()
    first = {"srv/a.py": b"\nKEY", "usr/share/b.pem": b"KEY", "srv/c.whl": zipped({"d.py": b"KEY"}), "e": b""}
    found = _search(scanner, first, {"srv/.wh.c.whl": b""})
    assert _places(found) == [(1, "srv/a.py", 2, 0), (1, "srv/c.whl!d.py", 1, 2)]
    assert (found.argv, found.layers, found.files, found.doubts) == (_ARGV, 2, 3, {})
    assert scanner.given == [{"srv/a.py", "srv/c.whl!d.py"}]


@pytest.mark.parametrize(("confidence", "doubt"), [("low", ""), ("high", "it stands among tests")])
def test_what_is_only_guessed_or_a_sample_is_not_told(confidence: str, doubt: str) -> None:
    assert _places(_search(Scanner(confidence, doubt), {"srv/a.py": b"KEY"})) == []


def test_so_much_is_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_leaks, "_MOST_BYTES", 10)
    scanner = Scanner()
    found = _search(scanner, {"a": b"KEY\n1234", "b": b"KEY", "c": b"KEY"})
    assert scanner.given == [{"a"}, {"b", "c"}]
    assert len(found.found) == 3
    monkeypatch.setattr(layer_leaks, "_MOST_FILES", 1)
    scanner = Scanner()
    _search(scanner, {"a": b"1", "b": b"1"})
    assert scanner.given == [{"a"}, {"b"}]


def test_a_file_that_is_too_large_to_be_held_comes_in_windows_with_its_own_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hotelctl.facts.layer_files.LARGEST_BYTES", 40)
    monkeypatch.setattr(layer_leaks, "_PIECE_BYTES", 10)
    monkeypatch.setattr(layer_leaks, "_MOST_BYTES", 40)
    monkeypatch.setattr(layer_leaks, "_OVERLAP_BYTES", 8)
    lines = [b"x" * 7] * 30
    for at in (2, 14, 29):
        lines[at] = b"KEY"
    scanner = Scanner()
    found = _search(scanner, {"srv/big": b"\n".join(lines)})
    assert _places(found) == [(1, "srv/big", at + 1, 0) for at in (2, 14, 29)]
    assert len(scanner.given) > 3
    assert found.doubts == {}


def test_an_archive_that_is_not_opened_is_told_and_searched_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    scanner, broken = Scanner(), zipped({"b.txt": b"1"})[:-9]
    assert list(_search(scanner, {"srv/a.zip": broken}).doubts) == ["srv/a.zip"]
    assert scanner.given == [{"srv/a.zip"}]
    monkeypatch.setattr("hotelctl.facts.layer_files.LARGEST_BYTES", 40)
    why = _search(Scanner(), {"srv/a.zip": zipped({"b.txt": b"1" * 99})}).doubts["srv/a.zip"]
    assert "larger than 50 MB" in why
