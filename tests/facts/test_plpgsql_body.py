"""What decides whether a statement of a block runs."""

import pytest

from hotelctl.facts.plpgsql_body import UnreadableBody, plpgsql_body


def _guards(text: str, verb: str = "DROP") -> list[tuple[str, list[str]]]:
    said = plpgsql_body(text).statements
    return [
        (" ".join(one.words), [" ".join(guard.words) for guard in one.guards])
        for one in said
        if one.words[0] == verb
    ]


@pytest.mark.parametrize(
    ("inside", "guards"),
    [
        ("DROP TABLE x;", []),
        ("IF a THEN DROP TABLE x; END IF;", ["a"]),
        ("IF a THEN NULL; ELSIF b THEN DROP TABLE x; END IF;", ["a", "b"]),
        ("IF a THEN NULL; ELSE BEGIN DROP TABLE x; END; END IF;", ["a", ""]),
        ("IF CASE WHEN a THEN b END THEN DROP TABLE x; END IF;", ["CASE WHEN a THEN b END"]),
        ("CASE x WHEN 1 THEN NULL; WHEN 2 THEN DROP TABLE x; END CASE;", ["x = 1", "x = 2"]),
        ("<<l>> LOOP DROP TABLE x; EXIT l WHEN a; END LOOP l;", []),
        ("LOOP EXIT WHEN a; DROP TABLE x; END LOOP;", ["a"]),
        ("LOOP EXIT WHEN a; END LOOP; DROP TABLE x;", []),
        ("LOOP IF a THEN CONTINUE; END IF; DROP TABLE x; END LOOP;", ["a"]),
        ("IF a THEN RETURN; END IF; DROP TABLE x;", ["a"]),
        ("RETURN QUERY SELECT 1; DROP TABLE x;", []),
        ("FOR r IN SELECT 1 LOOP DROP TABLE x; END LOOP;", ["SELECT 1"]),
        ("FOR i IN REVERSE 3..1 LOOP DROP TABLE x; END LOOP;", ["3..1"]),
        ("FOREACH a SLICE 1 IN ARRAY b LOOP DROP TABLE x; END LOOP;", ["b"]),
        ("WHILE a LOOP DROP TABLE x; END LOOP;", ["a"]),
        ("BEGIN DROP TABLE x; EXCEPTION WHEN a OR b THEN NULL; WHEN c THEN NULL; END;", ["a OR b or c"]),
        ("BEGIN NULL; EXCEPTION WHEN a THEN NULL; WHEN c THEN DROP TABLE x; END;", ["c"]),
        ("IF a THEN NULL; END IF; -- IF b THEN\nDROP TABLE x;", []),
    ],
)
def test_each_statement_has_what_it_hangs_on(inside: str, guards: list[str]) -> None:
    text = f"#variable_conflict use_column\nDECLARE r record; BEGIN {inside} END"
    assert _guards(text) == [("DROP TABLE x", guards)]


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN IF a THEN DROP TABLE x; END",
        "BEGIN DROP TABLE x",
        "BEGIN IF a; END",
        "END",
        "BEGIN ELSE END",
        "BEGIN EXIT; END",
        "BEGIN WHEN a THEN",
        "BEGIN ?? IF a THEN DROP TABLE x; END",
        "BEGIN ?? LOOP DROP TABLE x; END",
    ],
)
def test_what_is_not_put_together_like_that_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableBody):
        plpgsql_body(text)


def test_another_language_is_unreadable() -> None:
    with pytest.raises(UnreadableBody):
        plpgsql_body("BEGIN END", "plpython3u")
