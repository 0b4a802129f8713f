import pytest

from hotelctl.checks.docker.layers_hold_no_secret import layers_hold_no_secret as check
from hotelctl.core.errors import Unavailable
from hotelctl.facts.archives import LOCKED, named
from hotelctl.facts.image_layers import ImageLayers, LayerFind
from hotelctl.facts.waivers import AnsweredArchives
from tests.checks import made
from tests.checks.docker.images import GOOD


def test_nothing_found_is_fine() -> None:
    assert made.judged(check, GOOD, ImageLayers(3, 100, ()), AnsweredArchives()) == []


@pytest.mark.parametrize(
    ("kind", "names", "gone_in", "says"),
    [
        ("a key", (), 0, "/srv/k in layer 2, a key, is in the image"),
        ("", ("TOKEN",), 0, "/srv/k in layer 2, a file that holds TOKEN, is in the image"),
        (
            "an env file",
            ("TOKEN", "LOGIN of .env"),
            4,
            "/srv/k in layer 2, an env file that holds TOKEN, LOGIN of .env, is in the image although "
            "layer 4 hides it",
        ),
    ],
)
def test_each_find_is_named_with_its_layer(
    kind: str, names: tuple[str, ...], gone_in: int, says: str
) -> None:
    find = LayerFind(2, "sha256:ab", "srv/k", kind, names, gone_in)
    (finding,) = made.judged(check, GOOD, ImageLayers(4, 100, (find,)), AnsweredArchives())
    assert finding.message == f"notes:1: {says}"
    assert "sha256:ab" in repr(finding.evidence)


def test_an_archive_that_was_not_opened_is_a_doubt_unless_somebody_answers_for_it() -> None:
    digest = "a" * 64
    layers = ImageLayers(3, 100, (), {"srv/a.zip": named(LOCKED, digest)})
    with pytest.raises(Unavailable, match=r"srv/a\.zip.*password"):
        made.judged(check, GOOD, layers, AnsweredArchives())
    (finding,) = made.judged(check, GOOD, layers, AnsweredArchives(frozenset({digest})))
    assert "nothing is known of what it holds" in finding.message
