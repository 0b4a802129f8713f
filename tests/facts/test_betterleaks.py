from hotelctl.facts.betterleaks import command


def test_it_heeds_no_comment_that_allows_and_does_not_redact_itself() -> None:
    words = command("tree.tar")
    assert "--no-allow-signatures" in words
    assert "--redact" not in words
    assert words[-1] == "tree.tar"
