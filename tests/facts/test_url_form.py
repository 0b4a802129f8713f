from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.facts.url_form import form_problem, read_url


def test_parts_are_unquoted() -> None:
    form = read_url("postgresql+psycopg://us%40er:p%2Fw@DB.example.org:5432/app?sslmode=require")
    assert form is not None
    assert (form.user, form.password, form.host) == ("us@er", "p/w", "db.example.org")
    assert form.is_database
    assert not form.is_here
    assert form.query == {"sslmode": "require"}


def test_sockets_are_here_but_no_loopback() -> None:
    for url in ("postgresql:///app?host=/run/pg", "postgresql://a@%2Frun%2Fpg/app"):
        form = read_url(url)
        assert form is not None
        assert form.socket == "/run/pg"
        assert form.is_here
        assert not form.is_loopback


def test_loopback_by_name_and_address() -> None:
    for host in ("localhost", "127.8.8.8", "[::1]"):
        form = read_url(f"redis://{host}/0")
        assert form is not None
        assert form.is_loopback


def test_what_nobody_can_read_is_none() -> None:
    assert read_url("http://[half") is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://app:12/34@db.internal/app", "unescaped / in its password: write %2F"),
        ("redis://:12#3@cache/0", "unescaped # in its password: write %23"),
        ("postgresql://app:100%sure@db/app", "unescaped % in its password: write %25"),
        ("postgresql://app:end%@db/app", "unescaped % in its password: write %25"),
        ("postgresql://app:a b@db/app", "has a blank in it: write %20"),
        ("https://${HOST}/path", "names a host with '$' in it"),
        ("https://{host}.example.org/", "names a host with '{' in it"),
        ("https://<your-domain>/", "names a host with '<' in it"),
        ("https://https://example.org/", "has two schemes in front"),
        ("https://user:pa/ss@example.org/", "unescaped / in its password: write %2F"),
        ("https://.example.org/", "an empty part beside a dot"),
        ("https://app..example.org/", "an empty part beside a dot"),
        ("https://app.example..", "an empty part beside a dot"),
        ("rediss://cache-.example.org:6380/0", "begins or ends with -"),
        ("postgresql://app@a.example.org,-b.example.org/app", "begins or ends with -"),
        (f"https://{'a' * 64}.example.org/", "a part of more than 63 letters"),
        ("https://app./start", "an empty part beside a dot"),
        ("https://app.example.org:/start", "a colon behind its host and no port"),
        ("https://10.0.0.256/", "an address that is none"),
        ("https://app.example.org/:8443/x", "a slash between its host and its port"),
    ],
)
def test_what_was_not_meant_is_told(url: str, words: str) -> None:
    assert words in str(form_problem(url, ()))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org:8443/@someone/feed",
        "https://example.org/%7Esomeone?to=a@b",
        "postgresql://app:100%25sure@db/app",
        "amqp://a:b@broker/%2f",
        "https://[::1]:8080/x",
        "postgresql://a:b@one.internal:5432,two.internal:5433/app",
        "https://b\u00fccher.example/",
        "http://web_1:8000/",
    ],
)
def test_what_was_meant_is_no_problem(url: str) -> None:
    assert form_problem(url, ()) is None


@given(st.text(alphabet="ab:/@?#[]%=&1.", max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    form_problem("postgresql://" + text, ())
    form_problem(text, ("https",))


@given(st.text(alphabet="ab1", min_size=1), st.text(alphabet="ab1%/@:# ?", min_size=1))
def test_a_quoted_password_is_never_a_problem(user: str, password: str) -> None:
    quoted = quote(password, safe="")
    assert form_problem(f"postgresql://{user}:{quoted}@host/app", ("postgresql",)) is None
