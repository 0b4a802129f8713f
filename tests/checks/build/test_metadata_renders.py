from hotelctl.checks.build.metadata_renders import metadata_renders as check
from hotelctl.facts.rendered_metadata import RenderedMetadata
from tests.checks import made

_ARGV = ("twine", "check", "town.whl")


def test_no_complaint_is_fine() -> None:
    assert made.judged(check, RenderedMetadata("town.whl", _ARGV, ())) == []


def test_each_complaint_is_a_finding_with_the_command_that_repeats_it() -> None:
    said = ("`long_description` missing.", "`long_description_content_type` missing.")
    found = made.judged(check, RenderedMetadata("town.whl", _ARGV, said))
    assert [one.message for one in found] == [f"town.whl: {words}" for words in said]
    assert found[0].fix == "twine check town.whl"
