from hotelctl.facts.betterleaks import command, past_command


def test_it_heeds_no_comment_that_allows_and_does_not_redact_itself() -> None:
    for words in (command("tree.tar"), past_command("history")):
        assert "--no-allow-signatures" in words
        assert "--redact" not in words
    assert command("tree.tar")[-1] == "tree.tar"


def test_it_walks_once_and_goes_on_where_a_former_walk_ended() -> None:
    walk = "--log-opts=--all --max-parents=2 --remerge-diff --text"
    assert walk in past_command("history")
    assert f"{walk} --not --glob=refs/seen" in past_command("history", goes_on=True)
