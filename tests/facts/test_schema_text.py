from hotelctl.facts.schema_text import differences, object_name, statements

_DUMP = r"""
-- PostgreSQL database dump; with a semicolon
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
\restrict abc
CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN NEW.at := now(); RETURN NEW; END; -- inside
$$;
CREATE TABLE public.rooms (
    id bigint NOT NULL,
    price numeric(10,2) DEFAULT 0,
    note text DEFAULT 'a; b'::text
);
ALTER TABLE ONLY public.rooms
    ADD CONSTRAINT rooms_pkey PRIMARY KEY (id);
"""


def test_statements_survive_quotes_bodies_and_comments() -> None:
    found = statements(_DUMP)
    assert [object_name(one) for one in found] == [
        "CREATE FUNCTION public.touch",
        "CREATE TABLE public.rooms",
        "ALTER TABLE ONLY public.rooms ADD CONSTRAINT rooms_pkey",
    ]
    assert "-- inside" in found[0]
    assert "'a; b'" in found[1]


def test_comments_white_space_and_column_order_do_not_matter() -> None:
    other = _DUMP.replace("    id bigint NOT NULL,\n", "").replace(
        "'a; b'::text\n", "'a; b'::text,\n  id   bigint NOT NULL\n"
    )
    assert differences(_DUMP, "-- else\n" + other) == ()


def test_each_kind_of_difference() -> None:
    changed = _DUMP.replace("numeric(10,2)", "numeric(12,2)").replace("NEW.at", "NEW.then")
    changed += "CREATE UNIQUE INDEX mine ON public.rooms USING btree (note);"
    found = {one.name: one for one in differences(_DUMP, changed)}
    assert set(found) == {
        "CREATE FUNCTION public.touch",
        "CREATE TABLE public.rooms",
        "CREATE UNIQUE INDEX mine ON public.rooms",
    }
    assert found["CREATE UNIQUE INDEX mine ON public.rooms"].expected == ""
    assert "numeric(12,2)" in found["CREATE TABLE public.rooms"].actual


def test_whose_an_object_is_makes_no_difference() -> None:
    owners = (
        "ALTER TABLE public.rooms OWNER TO hotel;\n\n"
        'ALTER FUNCTION public.f(a integer, b text) OWNER TO "a "" b";\n'
        "ALTER SCHEMA public OWNER TO pg_database_owner;"
    )
    assert differences(_DUMP, f"{_DUMP}\n{owners}") == ()
    rule = "ALTER TABLE ONLY public.rooms ADD CONSTRAINT c CHECK ((name <> ' OWNER TO x'::text));"
    assert [one.actual for one in differences(_DUMP, f"{_DUMP}\n{rule}")] == [rule.rstrip(";")]


def test_text_inside_a_body_is_compared_exactly() -> None:
    assert differences("SELECT $$a  b$$;", "SELECT $$a b$$;")
