import pytest

from hotelctl.checks.env.runtime_variables_are_harmless import runtime_variables_are_harmless
from tests.checks import made


def test_usual_variables_are_fine() -> None:
    environment = made.environment(
        PYTHONUNBUFFERED="1", PYTHONHTTPSVERIFY="1", NODE_OPTIONS="--max-old-space-size=512", ENV="production"
    )
    assert not made.judged(runtime_variables_are_harmless, environment, made.contract())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("PYTHONHTTPSVERIFY", "0"),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
        ("LD_PRELOAD", "/usr/lib/x.so"),
        ("PYTHONINSPECT", "1"),
        ("NODE_OPTIONS", "--max-old-space-size=512 --inspect=0.0.0.0"),
        ("GIT_SSL_NO_VERIFY", "true"),
        ("BASH_ENV", "/etc/x"),
    ],
)
def test_dangerous_ones_are_a_finding_with_their_place(key: str, value: str) -> None:
    (finding,) = made.judged(
        runtime_variables_are_harmless, made.environment(**{key: value}), made.contract()
    )
    assert (finding.subject, str(finding.location), finding.fix) == (
        key,
        ".env.local:1",
        "sed -i '1d' .env.local",
    )
