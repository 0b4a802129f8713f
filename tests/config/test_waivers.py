from datetime import date

import pytest

from hotelctl.config.waivers import parse_waivers
from hotelctl.core.errors import UsageError

ENTRY = """\
[[waiver]]
rule = "ENV016"
path = ".env.local"
reason = "the group is the on-call team"
owner = "ana"
approved_by = "bela"
ticket = "OPS-17"
created = 2026-03-01
expires = 2026-05-01
"""
OF_AN_ARCHIVE = ENTRY.replace("ENV016", "SEC008").replace('path = ".env.local"', 'sha256 = "{}"')


def refused(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(UsageError) as error:
        parse_waivers(data, "waivers.toml")
    return error.value.message


def test_entries_are_read_with_their_place() -> None:
    second = ENTRY.replace('path = ".env.local"', 'key = "A"').replace("created = 2026-03-01\n", "")
    first, other = parse_waivers(f"# why\n\n{ENTRY}\n{second}".encode(), "waivers.toml")
    assert (first.place, first.scope, first.target) == ("waivers.toml:3", "path", ".env.local")
    assert (first.created, first.expires) == (date(2026, 3, 1), date(2026, 5, 1))
    assert (other.place, other.scope, other.target, other.created) == ("waivers.toml:13", "key", "A", None)


def test_what_was_done_about_a_secret_is_read_and_told() -> None:
    said = 'rotated = 2026-03-02\nrotation = "the audit log"\n'
    rotated, sample, silent = parse_waivers(
        f'{ENTRY}{said}{ENTRY}no_secret = "a sample"\n{ENTRY}'.encode(), "waivers.toml"
    )
    assert (rotated.rotated, rotated.rotation) == (date(2026, 3, 2), "the audit log")
    assert rotated.told().endswith("; rotated on 2026-03-02: the audit log")
    assert sample.told().endswith("; no secret: a sample")
    assert silent.told().endswith("the on-call team")


def test_an_archive_that_nobody_can_open_is_named_by_its_sha256_under_the_rule_of_the_whole_search() -> None:
    digest = "0123456789abcdef" * 4
    (one,) = parse_waivers(OF_AN_ARCHIVE.format(digest).encode(), "waivers.toml")
    assert (one.rule, one.scope, one.target) == ("SEC008", "sha256", digest)
    assert "its rule is SEC008" in refused(OF_AN_ARCHIVE.format(digest).replace("SEC008", "SEC002"))
    assert "sha256" in refused(OF_AN_ARCHIVE.format(digest[1:]))
    assert "exactly one of" in refused(f'{OF_AN_ARCHIVE.format(digest)}key = "A"\n')


def _inline(*keys: str) -> str:
    fields = ", ".join(ENTRY.replace('path = ".env.local"\n', "").splitlines()[1:])
    entries = ", ".join(f'{{key = "{key}", {fields}}}' for key in keys)
    return f"# why\nwaiver = [{entries}]\n"


def test_every_entry_has_a_place_of_its_own() -> None:
    (alone,) = parse_waivers(_inline("A").encode(), "waivers.toml")
    assert alone.place == "waivers.toml:2"
    assert refused(_inline("A", "B")) == "waivers.toml:2: more than one waiver is written here"
    quoted = ENTRY.replace("[[waiver]]", '[["waiver"]]')
    assert refused(f"{quoted}{quoted}") == "waivers.toml:1: more than one waiver is written here"


def test_an_empty_file_waives_nothing() -> None:
    assert parse_waivers(b"", "waivers.toml") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            ENTRY.replace("reason", "raeson"),
            "waivers.toml:4: unknown key 'waiver.0.raeson'; did you mean 'reason'?",
        ),
        (ENTRY.replace("[[waiver]]", "[[wavier]]"), "unknown key 'wavier'; did you mean 'waiver'?"),
        (ENTRY.replace('owner = "ana"\n', ""), "waivers.toml:1: waiver.0.owner is missing"),
        (ENTRY.replace('"ana"', '" "'), "waivers.toml:5: waiver.0.owner: "),
        (ENTRY.replace("2026-05-01", '"soon"'), "waivers.toml:9: waiver.0.expires: "),
        (ENTRY.replace("ENV016", "env16"), "waivers.toml:2: waiver.0.rule: "),
        (ENTRY.replace("ENV016", "SEC023"), "SEC023 is about the waivers themselves and cannot be waived"),
        (
            ENTRY.replace('path = ".env.local"\n', ""),
            "needs exactly one of path, key, fingerprint and sha256",
        ),
        (f'{ENTRY}key = "A"\n', "waivers.toml:1: waiver.0: Value error, needs exactly one of"),
        (
            ENTRY.replace('path = ".env.local"', 'fingerprint = "abc"'),
            "waivers.toml:3: waiver.0.fingerprint: ",
        ),
        ("[[waiver]\n", "waivers.toml:1: is not TOML"),
        (b"a\n\xff", "waivers.toml:2: is not UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text: str | bytes, words: str) -> None:
    assert words in refused(text)
