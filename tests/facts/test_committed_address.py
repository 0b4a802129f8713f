import pytest

from hotelctl.facts.committed_address import committed_addresses


@pytest.mark.parametrize(
    ("line", "by_socket"),
    [
        ("sqlalchemy.url = postgresql://o:secret@db.prod/live", False),
        ("  sqlalchemy.url=postgres+psycopg://db.prod:5432/live", False),
        ("sqlalchemy.url = postgresql:///live", False),
        ("sqlalchemy.url = postgresql:///live?host=%%2Fvar%%2Frun", True),
        ("sqlalchemy.url = postgresql:///live?host=/var/run/postgresql", True),
    ],
)
def test_an_address_is_told_by_its_place(line: str, *, by_socket: bool) -> None:
    (one,) = committed_addresses("a/alembic.ini", f"[alembic]\n{line}\n")
    assert (one.words, one.by_socket) == ("a/alembic.ini:2", by_socket)


@pytest.mark.parametrize(
    "line",
    [
        "sqlalchemy.url = driver://user:pass@localhost/dbname",
        "# sqlalchemy.url = postgresql://o@db.prod/live",
        "sqlalchemy.url = %(DATABASE_URL)s",
        "sqlalchemy.url = postgresql://o@%(HOST)s/live",
        "sqlalchemy.url =",
    ],
)
def test_what_is_no_address_of_a_server_is_none(line: str) -> None:
    assert committed_addresses("alembic.ini", line) == ()


def test_of_a_program_what_stands_there_whole() -> None:
    lines = (
        'address.replace("postgresql://", "postgresql+psycopg://")',
        'a = "postgresql://o@db.prod/live"',
        'b = f"postgresql://{user}@db.prod/live"',
        '# c = "postgresql://x@y/z"',
    )
    assert [one.line for one in committed_addresses("env.py", "\n".join(lines))] == [2]
