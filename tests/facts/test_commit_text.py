from datetime import UTC, datetime

from hotelctl.facts.commit_text import CommitText, commit_text


def test_a_commit_has_its_author_time_and_message() -> None:
    raw = (
        b"tree 1\nparent 2\nauthor Ada B. <a@example.org> 1764412800 +0100\n"
        b"committer Bob <b@example.org> 1 +0000\ngpgsig -----BEGIN\n author Eve <e> 2 +0000\n"
        b"\nfirst\n\nauthor x\n"
    )
    assert commit_text(raw) == CommitText(
        "Ada B.", datetime(2025, 11, 29, 10, 40, tzinfo=UTC), b"first\n\nauthor x\n"
    )


def test_a_tag_has_its_tagger() -> None:
    told = commit_text(b"object 1\ntype commit\ntag v1\ntagger Bob <b@example.org> 0 +0000\n\nwords\n")
    assert (told.author, told.at.year, told.message) == ("Bob", 1970, b"words\n")


def test_who_is_not_told_is_nobody_at_the_last_moment() -> None:
    for raw in (
        b"object 1\ntype commit\ntag v1\n\nwords",
        b"author A <a> 99999999999999999999 +0000\n\nwords",
    ):
        told = commit_text(raw)
        assert (told.at.year, told.message) == (9999, b"words")
