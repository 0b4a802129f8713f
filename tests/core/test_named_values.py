import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotelctl.core import named_values as own
from hotelctl.core.redact import by_shape

_VALUE = "Zx81kkQw9"
_NAMES = (
    *("password", "DB_PASSWORD", "passwd", "PASSPHRASE", "client_secret", "secretKey", "api_token", "apiKey"),
    *("X-Api-Key", "access_key", "private-key", "SIGNING_KEY", "authorization", "mail_pwd", "_auth"),
)
_WAYS = (
    *("{0}={1}", "{0}: {1}", "{0} = {1}", '{0}="{1}"', "'{0}': '{1}'", '{{"a": 1, "{0}": "{1}", "b": 2}}'),
    *(
        r"{{\"{0}\": \"{1}\"}}",
        "{0} => '{1}'",
        "--{0}={1}",
        "?{0}={1}&next=/a",
        "({0}={1})",
        "{0}: Bearer {1}",
    ),
)
HIDDEN = (
    f"login --token {_VALUE} --quiet",
    f'["login", "--db-password", "{_VALUE}"]',
    f'[\n "--api-key",\n "{_VALUE}"\n]',
    f"Authorization: token {_VALUE}",
    f"token: read(password={_VALUE})",
    f"secret: api_key={_VALUE}",
    f'password="with {_VALUE} in it"',
    f"password: [{_VALUE}",
)
READABLE = (
    *("password=${DB_PASSWORD}", "password=$DB_PASSWORD", "password: ***", "token=<your token 1>", "token="),
    *("token: true", "max_token=409600", "secret = true", "password: str", "token: str|None", "secret: 30s"),
    *('token=request.headers.get("x")', "token = secrets.token_hex(18)", "api_key=settings.api_key"),
    *("password: SecretStr", "password: change-me", "token=%(token)s", 'password={{ vault["db1"] }}'),
    *("secret: app/settings.py:12", "private_key=/etc/ssl/private/k1.pem", "secret: /run/secrets/db1"),
    *(
        "token: SEC002",
        "token: https://auth1.example.org/x",
        'password_env = "DATABASE_URL2"',
        "token_ttl=x3600s",
    ),
    *("secret: 2026-11-30T10:44:43Z", "secret: v1.2.3-rc1", "--secret id=pip,src=.netrc", "--token FILE"),
    *("PWD=/home/x/y2", "no secret: 12 files", "key: value99x", "the token is abc123x", "token == abc123x"),
    "password: the value of DB_PASSWORD stands here, line 12",
    '"secret": "SESSION_SECRET of .env.local, line 3"',
    "a.py: generic-api-key (high confidence): [redacted 24 chars #0123abcd]",
    "Authorization: Bearer [redacted 24 chars #0123abcd]",
    'password="a [redacted 24 chars #0123abcd] b"',
)


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("way", _WAYS)
def test_a_value_beside_a_name_that_says_it_is_secret_is_hidden_alone(name: str, way: str) -> None:
    text = way.format(name, _VALUE)
    out = by_shape(text)
    assert re.sub(r"\[redacted 9 chars #[0-9a-f]{8}\]", _VALUE, out) == text
    assert _VALUE not in out
    assert by_shape(out) == out


@pytest.mark.parametrize("text", HIDDEN)
def test_wherever_it_stands_it_is_hidden(text: str) -> None:
    out = by_shape(text)
    assert _VALUE not in out
    assert by_shape(out) == out


@pytest.mark.parametrize(
    "value", [r"a\"9kkkQw", "pa$$wOrd!", "ZxAbQwErTyUiOpLk", "dXNlcjE6cA==", "k)9kkQ(w8"]
)
def test_values_of_other_signs_are_hidden_whole(value: str) -> None:
    assert re.fullmatch(r'"password": "\[redacted \d+ chars #\w+\]"', by_shape(f'"password": "{value}"'))


@pytest.mark.parametrize("text", READABLE)
def test_what_is_no_value_stays_readable(text: str) -> None:
    assert by_shape(text) == text


@settings(max_examples=150)
@given(text=st.from_regex(own.NAMED))
def test_no_name_is_passed_over_by_the_words_that_are_looked_for_first(text: str) -> None:
    assert own.may_name(text)


@given(
    st.lists(
        st.sampled_from(
            ["token", "=", ": ", '"', "\\", _VALUE, "[redacted 9 chars #0123abcd]", " ", "&", "("]
        )
    )
)
def test_hiding_again_changes_nothing(parts: list[str]) -> None:
    once = by_shape("".join(parts))
    assert by_shape(once) == once


@pytest.mark.parametrize(
    "piece",
    ["token:", "password: abc\n", "token=Zx81kkQw9\n", "token:" * 30 + " ", 'token:\\"x ', "a1", 'key="a1\\'],
)
def test_long_outputs_take_no_time_that_anybody_notices(piece: str) -> None:
    text = "password=" + piece * (300_000 // len(piece))
    began = time.process_time()
    by_shape(text)
    assert time.process_time() - began < 5
