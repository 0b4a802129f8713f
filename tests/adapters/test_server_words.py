from hotelctl.adapters.server_words import in_short
from hotelctl.adapters.wire.frames import Frame, refusal


def test_what_a_person_reads_stays_as_it_is() -> None:
    assert in_short("relation a does not exist") == "relation a does not exist"


def test_of_very_many_words_the_first_whole_ones_stay() -> None:
    assert in_short("a b " * 1_000) == "a b " * 249 + "a b ... (4000 characters)"


def test_a_word_of_ten_megabytes_is_left_out_of_a_refusal() -> None:
    body = b"C42601\0M" + b'syntax error at or near "' + b"a" * 10_000_000 + b'"\0\0'
    told = refusal(Frame(b"E", body))
    assert told.sqlstate == "42601"
    assert told.message == "syntax error at or near ... (10000026 characters)"
