import io
import json
import tarfile
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.core.redact import Redactor
from hotelctl.facts.betterleaks import answered
from hotelctl.facts.leaks import (
    Item,
    Leak,
    Leaks,
    digest,
    expected,
    leaks,
    members,
    names_text,
    packed,
    state,
    together,
    token,
)

_MARK = Redactor(b"key").mark
_VALUE = "hunter2kX9vv7q"


def item(path: str = "app.py", value: str = _VALUE, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """One of its findings."""
    found = {"rule_id": "github-pat", "confidence": "high", "match": {"full": f"a = {value}", "value": value}}
    return found | {"location": {"path": f"tree.tar!{path}", "start_line": 7}} | more


_PLANTED = item("planted-by-hotelctl.txt", token("planted-by-hotelctl.txt"))


def test_the_archive_is_what_tarfile_writes_of_any_name_and_size() -> None:
    names = ("a.py", "d" * 100, "e" * 101, f"{'f/' * 60}g", f"{'h' * 200}/{'i' * 90}", "\u00fc.txt", "b c")
    files = {name: b"x" * (511 + number) for number, name in enumerate(names)} | {"empty": b""}
    said = io.BytesIO()
    with tarfile.open(fileobj=said, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members(files).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    assert packed(files) == said.getvalue()


def done(code: int | None, items: list[Any], text: str | None = None, **more: Any) -> Completed:  # noqa: ANN401 - JSON
    """How betterleaks ended; `scan` changes what it says of its search."""
    scan = {"state": "complete", "num_findings": len(items), "bytes_scanned": 99, **more.pop("scan", {})}
    stdout = json.dumps({"findings": items, "scan": scan}) if text is None else text
    stderr = more.pop("stderr", "")
    return Completed((), code, stdout, stderr, more.pop("timed_out", False), 0.1, "ev-1", **more)


def told(how: Completed) -> list[Item]:
    """What its answer holds besides the planted one."""
    return answered(how, expected("tree.tar"))


def found(*items: dict[str, Any]) -> tuple[Leak, ...]:
    """What is made of these and the planted one."""
    return leaks("tree.tar", told(done(1, [*items, _PLANTED])), _MARK, {})[0]


def test_what_is_planted_stands_last_in_the_archive() -> None:
    with tarfile.open(fileobj=io.BytesIO(packed({"b/x": b"2", "a": b"1"}))) as archive:
        assert archive.getnames() == ["a", "b/x", "planted-by-hotelctl.txt"]
        member = archive.extractfile("b/x")
        assert member is not None
        assert member.read() == b"2"


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("a/b.py", "a/b.py"),
        ("a.zip!../../b.py", "a\ue02ezip!../\ue02e\ue02e/b.py"),
        ("..", "\ue02e\ue02e"),
        ("b.tar.gz", "b\ue02etar\ue02egz"),
        ("caf\udce9.py", "caf\ue0e9.py"),
        ("a\nb.py", "a\nb.py"),
        ("planted-by-hotelctl.txt", "\ue02eplanted-by-hotelctl.txt"),
    ],
)
def test_a_name_that_a_scanner_would_pass_over_is_another_in_the_archive_and_its_own_in_a_finding(
    name: str, within: str
) -> None:
    held = {name: b"x"}
    assert [*members(held)] == [within, "planted-by-hotelctl.txt"]
    (one,) = leaks("tree.tar", told(done(1, [item(within), _PLANTED])), _MARK, held)[0]
    assert one.path == name


def test_two_names_that_become_one_stay_two() -> None:
    held = {"b\ue02egz": b"1", "b.gz": b"2"}
    assert sorted(members(held).values())[:2] == [b"1", b"2"]


def test_values_leave_as_length_and_keyed_hash_and_the_planted_one_not_at_all() -> None:
    (one,) = found(item())
    assert one == Leak("github-pat", "high", "app.py", 7, _MARK(_VALUE))
    assert one.mark.startswith("[redacted 14 chars #")
    assert "hunter2" not in repr(one)
    assert found() == ()


@pytest.mark.parametrize(
    ("path", "value", "doubt"),
    [
        ("app/main.py", _VALUE, ""),
        ("attests/main.py", _VALUE, ""),
        ("tests/app.py", _VALUE, "it stands among tests"),
        ("app/test_main.py", _VALUE, "it stands among tests"),
        ("docs/a/b.md", _VALUE, "it stands among tests"),
        ("docs", _VALUE, ""),
        ("src/__tests__/a.ts", _VALUE, "it stands among tests"),
        ("compose.test.yml", _VALUE, "it stands among tests"),
        ("a.zip!tests/app.py", _VALUE, "it stands among tests"),
        ("web/i18n/de.json", _VALUE, "it stands among translations"),
        ("deploy.env.example", _VALUE, ""),
        ("app/main.py", "changeme", "a word that stands in every example"),
        ("app/main.py", "admin:{password}", "it is a variable that the program fills in"),
        ("app/main.py", "$TOKEN", "it is a variable that the program fills in"),
        ("app/main.py", "admin:{hunter2}kX9v", ""),
        ("app/main.py", "$ecret2024", ""),
    ],
)
def test_samples_and_placeholders_are_doubtful(path: str, value: str, doubt: str) -> None:
    (one,) = found(item(path, value))
    assert one.doubt.startswith(doubt)
    assert bool(one.doubt) is bool(doubt)


def test_a_word_that_is_tried_first_is_doubtful_and_what_a_machine_drew_is_not() -> None:
    (one,) = found(item(value="tiger") | {"confidence": "medium"})
    assert (one.confidence, bool(one.doubt)) == ("low", True)
    (one,) = found(item(value="my-kX9vv7qLw2pQ84") | {"confidence": "medium"})
    assert (one.confidence, one.doubt) == ("medium", "")


def test_a_name_alone_says_little_among_samples_and_the_form_of_a_token_much() -> None:
    named, formed = (
        found(item("tests/app.py", rule_id=rule) | {"confidence": "medium"})[0]
        for rule in ("generic-password", "github-pat")
    )
    assert (named.confidence, formed.confidence) == ("low", "medium")


def test_a_value_is_told_by_its_own_line_not_by_that_on_which_its_rule_begins() -> None:
    full = f"machine a\n  login b\n  password {_VALUE}\nx"
    (one,) = found(item(match={"full": full, "value": _VALUE}, rule_id="generic-netrc-password"))
    assert one.line == 9


@pytest.mark.parametrize(
    ("context", "path", "meant"),
    [
        ('{"cacheKey": "', "a.json", False),
        ('{"apiKey": "', "a.json", True),
        ("TokenField: ", "Podfile.lock", False),
        ("TokenField: ", "a.yaml", True),
        ("request_id=", "a.log", False),
    ],
)
def test_the_name_in_front_says_whether_a_digest_is_a_secret(context: str, path: str, *, meant: bool) -> None:
    value = "c04557ada7b80777e7e166da929dbc7f533e003e"
    said = {"full": f'y": "{value}', "value": value, "context": f"x: 1\n{context}{value}"}
    assert bool(found(item(path, match=said, rule_id="generic-api-key"))) is meant


def test_words_are_a_password_and_no_token() -> None:
    words = "correct-horse-battery-staple"
    for name, meant in (("password", True), ("token", False)):
        said = {"full": f"{name}: {words}", "value": words}
        assert bool(found(item(match=said, rule_id="generic-password-line"))) is meant


def test_the_form_of_a_key_in_a_name_is_told_without_the_key_and_a_guess_is_not() -> None:
    names = ("a.py", f"notes/{_VALUE}.md", "token=x.md")
    there = {"location": {"path": "tree.tar!names-by-hotelctl.txt", "start_line": 2}}
    items = [item() | there, item() | there | {"confidence": "low"}, _PLANTED]
    ((one,), _) = leaks("tree.tar", told(done(1, items)), _MARK, {}, names)
    assert (one.path, one.named, one.place) == (f"notes/{_MARK(_VALUE)}.md", True, "its name")
    assert names_text(("a\nb", "c")) == b"a b\nc\n"


def test_the_path_of_no_finding_repeats_a_key_that_the_name_of_its_file_holds() -> None:
    other, hexed = "k3y-9fjw83hfa", _VALUE.encode().hex()
    names = (f"a/{_VALUE}-{other}.zip", f"b/{hexed}/c.md")
    there = [
        item(value=value) | {"location": {"path": "tree.tar!names-by-hotelctl.txt", "start_line": line}}
        for value, line in ((_VALUE, 1), (other, 1), (_VALUE, 2))
    ]
    inside = [item(names[0]), item(f"{names[0]}!m.py"), item(names[1]), item("a.py")]
    found, shown = leaks("tree.tar", told(done(1, [*there, *inside, _PLANTED])), _MARK, {}, names)
    first, second = f"a/{_MARK(_VALUE)}-{_MARK(other)}.zip", f"b/{_MARK(_VALUE)}/c.md"
    assert shown == dict(zip(names, (first, second), strict=True))
    assert [one.path for one in found if one.named] == [first, first, second]
    assert [one.path for one in found if not one.named] == [first, f"{first}!m.py", second, "a.py"]


def test_where_a_program_fills_a_secret_in_there_is_only_a_guess() -> None:
    assert [one.confidence for one in found(item(value="admin:{password}"), item())] == ["low", "high"]
    assert [one.confidence for one in found(item(value="op://ops/x/y"), item(value="x-example"))] == [
        "low",
        "high",
    ]
    ((words,), (known,)) = (
        found(item(value=value) | {"confidence": "medium"}) for value in ("fake-token", "t0ken-7Hq2xWv9")
    )
    assert [one.confidence for one in (words, known)] == ["low", "medium"]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (done(None, [], timed_out=True), "killed at its limit"),
        (done(2, [_PLANTED]), "ended with 2"),
        (done(None, [_PLANTED]), "ended with None"),
        (done(0, [], text=""), "said nothing"),
        (done(1, [], text="leaks found"), "not the JSON"),
        (done(1, [], text="[]"), "not the JSON"),
        (done(1, [], text='{"findings": []}'), "not the JSON"),
        (done(1, [_PLANTED, {"rule_id": "x"}]), "not the JSON"),
        (done(1, [_PLANTED, "x"]), "not the JSON"),
        (done(1, [_PLANTED | {"match": {}}]), "not the JSON"),
        (done(0, []), "did not find a secret that was planted"),
        (done(1, [item()]), "did not find a secret that was planted"),
        (done(0, [_PLANTED]), "ended with 0, counts 1 findings and names 1"),
        (done(1, []), "ended with 1, counts 0 findings and names 0"),
        (done(1, [_PLANTED], scan={"num_findings": 2}), "counts 2 findings and names 1"),
        (done(1, [_PLANTED], scan={"state": "incomplete"}), "its search is incomplete, of 99 bytes"),
        (done(1, [_PLANTED], scan={"bytes_scanned": 0}), "its search is complete, of 0 bytes"),
        (done(1, [_PLANTED], stderr=f"ERR {_VALUE}"), "betterleaks complained"),
        (done(1, [_PLANTED], truncated=True), "more than is read"),
    ],
)
def test_everything_else_is_no_verdict_and_quotes_nothing(how: Completed, why: str) -> None:
    with pytest.raises(Unavailable, match=why) as caught:
        told(how)
    assert "hunter2" not in caught.value.reason


def test_a_crash_is_not_quoted() -> None:
    with pytest.raises(Unavailable, match="ended with 2") as caught:
        told(done(2, [], text=f"panic: {_VALUE}"))
    assert "hunter2" not in caught.value.reason


def _state(files: dict[str, bytes]) -> str:
    return state(digest(name, content) for name, content in files.items())


def test_the_state_is_another_one_when_the_archive_is() -> None:
    same = {"a": b"1", "b": b"2"}
    others = ({"a": b"1"}, {"a": b"1", "b": b"3"}, {"a": b"1", "c": b"2"}, {"a": b"2", "b": b"1"})
    assert _state(same) == _state(dict(reversed(same.items())))
    assert packed(same) == packed(dict(reversed(same.items())))
    assert len({_state(one) for one in (same, *others)}) == len({packed(one) for one in (same, *others)}) == 5
    assert _state({"\udce4": b""}), "a name that is no UTF-8 is one, too"


def test_of_an_earlier_search_what_lies_there_as_it_was_counts_and_no_name() -> None:
    mark = _MARK(_VALUE)
    kept, gone, inside, name = (
        Leak("x", "high", path, 1, mark, named=path == "n.md") for path in ("a", "b", "c.zip!d/e", "n.md")
    )
    old = Leaks((kept, gone, inside, name), {"c.zip!f": "is broken", "b!g": "is broken"})
    told = together(old, {"a", "c.zip", "n.md"}, Leaks((gone,), {"h": "is broken"}))
    assert told == Leaks((kept, inside, gone), {"c.zip!f": "is broken", "h": "is broken"})


@pytest.mark.parametrize("value", ["postgres1", "change-me", "{password}"])
def test_a_rule_of_our_own_does_not_mean_words_that_are_tried_first(value: str) -> None:
    assert found(item(value=value, rule_id="password-in-url")) == ()
    assert len(found(item(value="kX9vv7qLw2pQ", rule_id="password-in-url"))) == 1
    assert len(found(item(value=value, rule_id="generic-password"))) == 1


def test_what_a_page_says_of_a_password_is_none() -> None:
    said = {"value": "Passwort ändern", "rule_id": "generic-password"}
    assert found(item("app/locales/de.toml", **said)) == ()
    assert len(found(item("app/config/de.toml", **said))) == 1
    assert len(found(item("app/locales/de.toml", value="kX9vv7qLw2pQ", rule_id="generic-password"))) == 1
    assert len(found(item("app/locales/de.toml", value="Passwort", rule_id="github-pat"))) == 1
