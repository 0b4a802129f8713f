from hotelctl.facts.old_code import OldCode, Spoken

GONE = Spoken("SELECT text FROM notes", "42703", 'column "text" does not exist')
GOOD = Spoken("SELECT 1")


def test_each_refusal_is_told_once_in_the_order_of_its_coming() -> None:
    other = Spoken("DELETE FROM notes", "42501", "permission denied")
    same = Spoken(GONE.sql, "42P01", "relation does not exist")
    old = OldCode("r1", (GOOD,), (GONE, GOOD, other, GONE, same))
    assert old.refused == (GONE, other, same)


def test_what_was_refused_in_the_same_words_before_is_no_news() -> None:
    taken = Spoken("INSERT INTO notes VALUES (1)", "23505", "duplicate key")
    again = Spoken("INSERT INTO notes VALUES (2)", "23505", "duplicate key")
    assert OldCode("r1", (taken,), (again, GONE)).refused == (GONE,)
    assert OldCode("r1", (GOOD,), (again,)).refused == (again,)


def test_a_code_that_was_heard_before_hides_no_other_refusal() -> None:
    tried = Spoken("SELECT * FROM settings", "42703", 'column "colour" does not exist')
    assert OldCode("r1", (tried,), (tried, GONE)).refused == (GONE,)


def test_a_value_that_is_refused_is_the_same_refusal_whatever_the_value() -> None:
    first, second = (
        Spoken("SELECT 1", "22P02", f'invalid input syntax for type uuid: "{one}"') for one in "xy"
    )
    assert OldCode("r1", (first,), (second,)).refused == ()


def test_what_was_refused_before_only_is_not_told() -> None:
    assert OldCode("r1", (GONE,), (GOOD,)).refused == ()


def test_a_name_is_known_from_either_side() -> None:
    assert OldCode("r1", (GONE,), ()).names("notes")
    assert OldCode("r1", (), (GONE,)).names("notes")
    assert not OldCode("r1", (GOOD,), (GONE,)).names("rooms")
    assert not OldCode("r1").names("notes")
