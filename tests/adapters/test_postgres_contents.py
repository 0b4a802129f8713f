from hotelctl.adapters.postgres_contents import rows_of

_LIST = """;
; Archive created at 2026-03-01 12:00:00 UTC
;     dbname: notes
;
217; 1259 16385 TABLE public guests postgres
3464; 0 16385 TABLE DATA public guests the owner
3465; 0 16390 TABLE DATA public guests_old postgres
3466; 0 16395 TABLE DATA Other Mixed Case postgres
3467; 0 0 BLOBS - BLOBS
3468; 0 0 BLOB METADATA - 16400..16401
3469; 0 0 SEQUENCE SET public guests_id_seq postgres
3470; 2606 16388 CONSTRAINT public guests guests_pkey postgres
"""


def test_only_rows_of_named_tables_and_all_that_is_no_rows_stay() -> None:
    kept = rows_of(_LIST, {"public.guests", "Other.Mixed Case"})
    gone = [line for line in _LIST.splitlines() if line not in kept.splitlines()]
    assert [line.partition(";")[0] for line in gone] == ["3465", "3467", "3468"]


def test_of_no_tables_the_schema_stays() -> None:
    assert "TABLE DATA" not in rows_of(_LIST, ())
    assert "217; 1259 16385 TABLE public guests" in rows_of(_LIST, ())
