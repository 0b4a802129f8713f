import base64
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotelctl.core import redact as own
from hotelctl.core.redact import Redactor, assignment, by_shape

KEY = b"project key"
FORMS: Mapping[str, Callable[[str], str]] = {
    "raw": str,
    "percent": lambda value: quote(value, safe=""),
    "percent, small letters": lambda value: re.sub("%..", lambda hit: hit[0].lower(), quote(value, safe="")),
    "form field": quote_plus,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 without padding": lambda value: base64.b64encode(value.encode()).decode().rstrip("="),
    "base64 for URLs": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "hex": lambda value: value.encode().hex(),
    "HEX": lambda value: value.encode().hex().upper(),
    "JSON": lambda value: json.dumps(value)[1:-1],
    "JSON of more than ASCII": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda value: json.dumps(json.dumps(value))[3:-3],
    "Python": lambda value: repr(value)[1:-1],
}


def _is_secret(value: str) -> bool:
    """Whether it is none of the words that are left as they are, and no part of a mark."""
    plain = value.lower() in own._PLAIN_WORDS or value in own._NO_SECRETS
    return not plain and value not in "[redacted chars]" and not value.endswith("://")


# Brackets and # are what a mark itself is made of.
SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_characters="[]#"), min_size=6, max_size=40
).filter(_is_secret)
SURROUNDINGS = st.text(max_size=30)
MARK = re.compile(r"\[redacted (\d+) chars #([0-9a-f]{8})\]")


@settings(max_examples=200)
@given(secret=SECRETS, form=st.sampled_from(sorted(FORMS)), before=SURROUNDINGS, after=SURROUNDINGS)
@example(secret='p"ss\\w/rd+1%', form="JSON in JSON", before="", after="")
@example(secret="pässwörd~1", form="percent, small letters", before="", after="")
def test_no_planted_secret_survives_in_any_form_whatever_surrounds_it(
    secret: str, form: str, before: str, after: str
) -> None:
    planted = FORMS[form](secret)
    out = Redactor(KEY, [secret])(before + planted + after)
    assert planted not in out
    assert secret not in out
    assert MARK.search(out)


def test_a_word_that_everybody_guesses_stays_readable_but_in_a_url() -> None:
    redact = Redactor(KEY, ["postgresql://owner:secret@db/live", "Password"])
    assert redact("tests/test_docker_secrets.py asks for a password") == (
        "tests/test_docker_secrets.py asks for a password"
    )
    assert "secret" not in redact("postgresql://owner:secret@db/live")
    assert "secret" not in redact("could not reach postgresql://other:secret@db/live")


@given(secret=SECRETS, before=SURROUNDINGS, after=SURROUNDINGS)
def test_no_secret_survives_inside_longer_base64(secret: str, before: str, after: str) -> None:
    whole = base64.b64encode((before + secret + after).encode()).decode()
    start, end = len(before.encode()), len((before + secret).encode())
    alone = whole[-(-start * 8 // 6) : end * 8 // 6]
    assert alone in whole
    assert alone not in Redactor(KEY, [secret])(f"auths: {whole}")


@given(password=SECRETS, form=st.sampled_from(sorted(FORMS)))
@example(password="p@ss:w/rd", form="base64")
def test_the_password_of_a_url_is_hidden_by_itself_in_every_form(password: str, form: str) -> None:
    url = f"postgresql://owner:{quote(password, safe='')}@db.example:5432/live"
    redact = Redactor(KEY, [url])
    for text in (url, url.replace("postgresql:", "postgresql+psycopg:"), FORMS[form](password)):
        out = redact(f"cannot use {text} now")
        assert password not in out
        assert quote(password, safe="") not in out
        assert FORMS[form](password) not in out


@given(secrets=st.lists(SECRETS, min_size=1, max_size=4), picks=st.lists(st.integers(0, 9), max_size=8))
def test_redacting_again_changes_nothing(secrets: list[str], picks: list[int]) -> None:
    pieces = [*secrets, "://", "user:", "@host ", "Bearer ", " ", "-----BEGIN PRIVATE KEY-----\n"]
    text = "".join(pieces[pick % len(pieces)] for pick in picks)
    redact = Redactor(KEY, secrets)
    once = redact(text)
    assert redact(once) == once
    assert redact.count(once)[0] == once


@given(start=SECRETS, shared=SECRETS, end=SECRETS)
def test_of_secrets_that_overlap_nothing_is_left(start: str, shared: str, end: str) -> None:
    out, found = Redactor(KEY, [start + shared, shared + end]).count(f"<{start}{shared}{end}>")
    assert MARK.sub("", out) == "<>"
    assert found == 1


@pytest.mark.parametrize("outer", ["outer-inner-value-outer", "inner-value-outer", "outer-inner-value"])
def test_of_a_secret_inside_another_only_the_longer_one_is_told(outer: str) -> None:
    for secrets in (["inner-value", outer], [outer, "inner-value"]):
        redact = Redactor(KEY, secrets)
        assert redact.count(f"x {outer} x") == (f"x {redact.mark(outer)} x", 1)
        assert redact("x inner-value x") == f"x {redact.mark('inner-value')} x"


def test_what_holds_no_secret_is_counted_as_nothing() -> None:
    assert Redactor(KEY).count("some text") == ("some text", 0)
    assert Redactor(KEY, ["secret-value"]).count("some text") == ("some text", 0)


def test_a_repeated_secret_is_one_place_where_it_overlaps_itself() -> None:
    redact = Redactor(KEY, ["aaaaaa"])
    assert redact.count("aaaaaaaaa b aaaaaa") == (f"{redact.mark('aaaaaa')} b {redact.mark('aaaaaa')}", 2)


def test_what_was_shown_before_a_secret_was_known_hides_it_from_then_on() -> None:
    redactor = Redactor()
    assert redactor("say maple-syrup") == "say maple-syrup"
    redactor.add("maple-syrup")
    assert "maple" not in redactor("say maple-syrup")
    assert redactor.count("say maple-syrup") == redactor.count("say maple-syrup")
    redactor.add("say so")
    assert "maple" not in redactor("say maple-syrup")


def test_a_long_text_is_read_once_until_another_secret_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def places(text: str) -> Iterator[tuple[int, int]]:
        read.append(text)
        return iter(())

    monkeypatch.setattr(own, "named_values", places)
    redactor, text = Redactor(KEY), "say maple-syrup " * 1_000
    assert [redactor(text), redactor(text), redactor(text + "!")] == [text, text, text + "!"]
    assert read == [text, text + "!"]
    redactor.add("maple-syrup")
    assert "maple" not in redactor(text)


def test_of_long_texts_only_so_much_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_MOST_LONG", 9_000)
    redactor = Redactor(KEY)
    for letter in "abcdef":
        redactor(letter * 3_000)
    redactor("g" * 9_000)
    assert 0 < sum(map(len, redactor._seen_long[1])) <= own._MOST_LONG


def test_values_too_short_to_be_told_from_words_stay() -> None:
    redact = Redactor(KEY, ["12345", "", "postgresql://"])
    assert redact("12345 postgresql://") == "12345 postgresql://"
    redact.add("123456")
    assert "123456" not in redact("123456")


@pytest.mark.parametrize("secret", ["redacted", "chars #", "[redacted 6 chars #"])
def test_a_secret_that_looks_like_a_mark_does_not_break_marks(secret: str) -> None:
    redact = Redactor(KEY, [secret, "other-secret"])
    once = redact("other-secret")
    assert once == redact.mark("other-secret")
    assert redact(once) == once


def test_a_mark_says_length_and_a_hash_that_only_this_project_can_compare() -> None:
    one, other = Redactor(KEY, ["secret-value"]), Redactor(b"another key", ["secret-value"])
    length, digest = MARK.fullmatch(one("secret-value")).groups()  # type: ignore[union-attr]  # it is a mark
    assert length == "12"
    assert one.mark("secret-value") == one("secret-value") != other("secret-value")
    assert one.mark("secret-valuf") != one.mark("secret-value")
    assert digest not in other("secret-value")


def test_a_value_with_bytes_that_are_no_text_is_hidden() -> None:
    secret = b"caf\xff-password".decode(errors="surrogateescape")
    redact = Redactor(KEY, [secret])
    for text in (secret, secret.encode("utf-8", "backslashreplace").decode(), json.dumps(secret)[1:-1]):
        assert "password" not in redact(f"cannot log in with {text}")


def test_secrets_added_by_one_thread_do_not_disturb_another() -> None:
    redact = Redactor(KEY, ["first-secret"])
    ended = threading.Event()

    def add() -> None:
        for number in range(200):
            redact.add(f"secret-{number:04}")
        ended.set()

    adding = threading.Thread(target=add)
    adding.start()
    while not ended.is_set():
        assert "first-secret" not in redact("first-secret")
    adding.join()
    assert "secret-0199" not in redact("secret-0199")


KEY_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"
BAD: dict[str, tuple[str, str]] = {
    "URL password": ("postgresql://owner:hunter22@db/live", "hunter22"),
    "short URL password": ("amqp://u:x1@mq", "x1"),
    "URL password with @": ("postgresql://owner:p@ssw0rd@db/live", "ssw0rd"),
    "URL password with /": ("postgresql://owner:pa/ssw0rd@db/live", "ssw0rd"),
    "URL without user": ("redis://:hunter22@cache:6379/0", "hunter22"),
    "bearer": ("Authorization: Bearer abcdefghijklmnop1234", "abcdefghijklmnop1234"),
    "basic": ("authorization: basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
    "JWT": ("token=eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl", "c2lnbmF0dXJl"),
    "payment key": ("sk_live" + "_4eC39HqLyjWDarjtT1zdp7dc", "4eC39HqLyjWDarjtT1zdp7dc"),
    "model key": ("sk-proj-abcdefghijklmnopqrst", "abcdefghijklmnopqrst"),
    "forge token": ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnop"),
    "cloud key": ("id AKIAIOSFODNN7EXAMPLE,", "IOSFODNN7EXAMPLE"),
    "private key": (
        f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_BODY}\nab==\n-----END RSA PRIVATE KEY-----",
        KEY_BODY,
    ),
    "private key in JSON": (
        rf'{{"key": "-----BEGIN {"PRIVATE"} KEY-----\n{KEY_BODY}\n-----END PRIVATE KEY-----\n"}}',
        KEY_BODY,
    ),
    "private key cut off": (f"-----BEGIN PRIVATE KEY-----\n{KEY_BODY}\n{KEY_BODY}", KEY_BODY),
}
# In parts, so that no scanner of repositories takes them for keys.
_RANDOM = "9aK3mQx7ZtR2vB8nL5wY4cHdJ6pS1gFe0uTi"
BAD |= {
    "webhook secret": ("whsec" + f"_{_RANDOM[:32]}", _RANDOM[:32]),
    "passing cloud key": ("ASIA" + "Q3EGRZ7NW5LXV2TB", "Q3EGRZ7NW5LXV2TB"),
    "refresh token": ("ghr" + f"_{_RANDOM}", _RANDOM),
    "GitLab token": ("glpat" + f"-{_RANDOM[:20]}", _RANDOM[:20]),
    "Slack token": ("xoxb" + f"-2847561938-{_RANDOM[:24]}", _RANDOM[:24]),
    "Google key": ("AIza" + _RANDOM[:35], _RANDOM[:35]),
    "mail key": ("SG" + f".{_RANDOM[:22]}.{_RANDOM}{_RANDOM[:7]}", _RANDOM[:22]),
    "npm token": ("npm" + f"_{_RANDOM}", _RANDOM),
}
BAD |= {
    "user mapping": ("CREATE USER MAPPING FOR a SERVER b OPTIONS (\n    password 'Wiesn''19',\n)", "Wiesn"),
    "password of a role": ("ALTER ROLE a PASSWORD 'hunter22'", "hunter22"),
    "subscription": (
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=hunter22 user=u' PUBLICATION",
        "hunter22",
    ),
}
GOOD = (
    "ALTER ROLE app PASSWORD '...';",
    "CONNECTION 'host=h user=u' PUBLICATION p",
    "SELECT password FROM logins WHERE name = 'a'",
    "postgresql://owner@db.example/live",
    "http://127.0.0.1:8080/users/guest@example.org",
    "http://127.0.0.1:8080?to=guest@example.org",
    "postgresql://owner:change-me@localhost/app",
    "mailto:guest@example.org and user:name",
    "the bearer of this letter",
    "Basic facts",
    "eyJust a word. And more. Words",
    "sk-short",
    "task-abcdefghijklmnopqrstuvwxyz",
    "AKIA",
    "-----BEGIN PUBLIC KEY-----",
    '{"a": "http://h:80/", "b": "x@y"}',
)


@pytest.mark.parametrize(("text", "secret"), BAD.values(), ids=list(BAD))
def test_what_looks_like_a_secret_is_hidden(text: str, secret: str) -> None:
    out = by_shape(f"before {text} after")
    assert secret not in out
    assert out.startswith("before ")
    assert out.endswith(" after")
    assert by_shape(out) == out


@pytest.mark.parametrize("text", GOOD)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert by_shape(text) == text


def test_host_and_user_of_a_url_stay_readable() -> None:
    assert re.fullmatch(
        r"postgresql://owner:\[redacted 8 chars #[0-9a-f]{8}\]@db/live",
        by_shape("postgresql://owner:hunter22@db/live"),
    )
    assert by_shape("amqp://aa:a@mq").startswith("amqp://aa:[redacted 1 chars")


def test_an_assignment_shows_of_a_secret_its_length_only() -> None:
    assert assignment("TOKEN", "value", secret=True) == "TOKEN=[redacted 5 chars]"
    assert assignment("TOKEN", "", secret=True) == "TOKEN="
    assert assignment("MODE", "value", secret=False) == "MODE=value"
    assert "hunter22" not in assignment("URL", "postgresql://u:hunter22@db/x", secret=False)


@settings(max_examples=150)
@given(number=st.integers(0, len(own._SHAPES) - 1), data=st.data())
def test_no_shape_is_passed_over_by_the_words_that_its_hits_must_hold(
    number: int, data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(own._SHAPES[number]))
    assert any(needle in text for needle in own._NEEDLES[number])
