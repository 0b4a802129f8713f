import pytest

from hotelctl.checks.docker.scanner_finds_no_secret_in_layers import (
    scanner_finds_no_secret_in_layers as check,
)
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.archives import LOCKED, named
from hotelctl.facts.layer_leaks import LayerLeak, LayerLeaks
from hotelctl.facts.leaks import Leak
from hotelctl.facts.waivers import AnsweredArchives
from tests.checks import made
from tests.checks.docker.images import GOOD

_ARGV, _NOBODY = ("betterleaks", "fs"), AnsweredArchives()


def _leak(path: str, line: int, confidence: str = "high") -> Leak:
    return Leak("github-pat", confidence, path, line, f"[mark {line}]")


def test_nothing_found_is_fine() -> None:
    assert made.judged(check, GOOD, LayerLeaks(_ARGV, 3, 100, ()), _NOBODY) == []


def test_each_file_is_named_with_its_layer_and_lines() -> None:
    found = (
        LayerLeak(2, _leak("srv/b.whl!k.py", 7), 3),
        LayerLeak(1, _leak("srv/a.py", 1, "medium")),
        LayerLeak(1, _leak("srv/a.py", 9, "medium")),
    )
    first, second = made.judged(check, GOOD, LayerLeaks(_ARGV, 3, 100, found), _NOBODY)
    assert first.message == (
        "notes:1: /srv/a.py in layer 1, which is in the image: "
        "github-pat (medium confidence): line 1 [mark 1], line 9 [mark 9]"
    )
    assert (first.severity, second.severity) == (Severity.HIGH, Severity.CRITICAL)
    assert "/srv/b.whl!k.py in layer 2, which is in the image although layer 3 hides it" in second.message


def test_an_archive_that_was_not_opened_is_a_doubt_unless_somebody_answers_for_it() -> None:
    digest = "a" * 64
    layers = LayerLeaks(_ARGV, 3, 100, (), {"srv/a.zip": named(LOCKED, digest)})
    with pytest.raises(Unavailable, match=r"srv/a\.zip.*password"):
        made.judged(check, GOOD, layers, _NOBODY)
    (finding,) = made.judged(check, GOOD, layers, AnsweredArchives(frozenset({digest})))
    assert "nothing is known of what it holds" in finding.message
