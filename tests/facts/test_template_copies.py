import base64

import pytest

from hotelctl.facts.secret import Secret
from hotelctl.facts.template_copies import LiveSecret, template_copies

_RARE = "kX9vv7qLw2pQ"


def _live(name: str = "LOGIN", value: str = _RARE, file: str = ".env") -> LiveSecret:
    return LiveSecret(file, name, Secret(value))


def _found(text: str, *live: LiveSecret) -> list[tuple[tuple[str, ...], int, bool]]:
    files = {".env.example": text.encode()}
    return [
        (one.names, one.line, one.encoded)
        for one in template_copies(live or (_live(),), files, str.upper).found
    ]


def test_a_rare_value_is_found_wherever_it_stands_and_encoded() -> None:
    encoded = base64.b64encode(_RARE.encode()).decode()
    text = f"# such as {_RARE}\nOTHER={encoded}\n"
    assert _found(text) == [(("LOGIN of .env",), 1, False), (("LOGIN of .env",), 2, True)]


@pytest.mark.parametrize(
    "line",
    [
        "LOGIN=admin",
        "export LOGIN='admin'",
        'login: "admin"  # change it',
        '  "login": "admin",',
        "ENV LOGIN admin",
        "const login = `admin`;",
        "- LOGIN=admin",
    ],
)
def test_a_common_value_is_found_beside_its_own_name_in_any_format(line: str) -> None:
    assert _found(f"\n{line}\n", _live(value="admin")) == [(("LOGIN of .env",), 2, False)]


@pytest.mark.parametrize(
    "line",
    ["USER=admin", "LOGIN=administrator", "LOGIN=my-admin", "MY_LOGINS=admin", "admin=LOGIN", "# LOGIN"],
)
def test_a_common_value_elsewhere_is_no_copy(line: str) -> None:
    assert _found(line, _live(value="admin")) == []


def test_a_line_is_told_once_with_every_environment_that_has_its_value() -> None:
    live = (_live(value="admin"), _live(value="admin", file=".env.production"), _live(value="admin", file=""))
    names = ("LOGIN of .env", "LOGIN of .env.production", "LOGIN")
    assert _found("LOGIN=admin\n", *live) == [(names, 1, False)]
    assert len(_found(f"LOGIN={_RARE}\n", _live(), _live(file=".env.production"))) == 1


def test_bytes_that_are_no_text_are_searched_all_the_same() -> None:
    files = {"a.dist": b"\xff\xf0 LOGIN=admin\n\0\nLOGIN=" + _RARE.encode()}
    found = template_copies((_live(), _live(value="admin")), files, str).found
    assert [one.line for one in found] == [3, 1]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_a_common_value_is_found_in_a_template_of_another_encoding(encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    files = {"a.dist": f"{mark}x\nLOGIN=admin\n".encode(encoding)}
    assert [one.line for one in template_copies((_live(value="admin"),), files, str).found] == [2]


@pytest.mark.parametrize(
    ("here", "there", "found"),
    [
        ("db://h:5432/n", "db://h:5432/n", False),
        ("db://me:hunter2@far/n", "db://me:hunter2@localhost/n", True),
        ("db://me:hunter2@far/n", "db://me:hunter3@far/n", False),
        ("db://me:password@h/n", "db://me:password@h/n", False),
    ],
)
def test_of_a_url_the_password_counts_and_not_the_address(here: str, there: str, found: bool) -> None:  # noqa: FBT001
    assert bool(_found(f"LOGIN={there}\n", _live(value=here))) is found


def test_lines_are_counted_as_editors_do() -> None:
    live = (_live(), _live("USER", "admin"))
    assert [line for _, line, _ in _found(f"a\fb\x1cc\u2028d\nLOGIN={_RARE}\nUSER=admin\n", *live)] == [2, 3]
