import pytest

from hotelctl.facts.outside_services import Encryption, Mode, Outside, OutsideServices, read_address
from hotelctl.facts.release_environment import Setting
from hotelctl.facts.secret import Secret


@pytest.mark.parametrize(
    ("url", "shown", "encryption"),
    [
        ("https://api.example/v1", "api.example:443", Encryption.AT_ONCE),
        ("https://api.example:8443", "api.example:8443", Encryption.AT_ONCE),
        ("http://api.example", "api.example:80", Encryption.NEVER),
        ("smtp+starttls://mail.example", "mail.example:587", Encryption.STARTTLS),
        ("smtp+tls://mail.example", "mail.example:465", Encryption.AT_ONCE),
        ("tls://[2001:db8::7]:993", "[2001:db8::7]:993", Encryption.AT_ONCE),
        ("tcp://10.0.0.7:25", "10.0.0.7:25", Encryption.NEVER),
    ],
)
def test_an_address_has_host_port_and_encryption(url: str, shown: str, encryption: Encryption) -> None:
    address = read_address(url)
    assert (str(address), address.encryption) == (shown, encryption)
    assert address.is_number is (shown[0] in "[1")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("api.example", "has no scheme"),
        ("ftp://api.example", "has the scheme 'ftp'"),
        ("https://", "names no host"),
        ("tls://api.example", "names no port"),
        ("https://api.example:99999", "has a port or an address that is none"),
    ],
)
def test_what_is_no_address_is_told_without_repeating_it(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        read_address(url)
    assert "api.example" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "mode"),
    [
        ("sk_live_1", Mode.LIVE),
        (" rk_live_1", Mode.LIVE),
        ("sk_test_1", Mode.TEST),
        ("sk_1", None),
        ("", None),
    ],
)
def test_a_key_s_beginning_tells_its_mode(key: str, mode: Mode | None) -> None:
    one = Outside(
        "pay",
        Setting("KEY", Secret(key), ".env"),
        live_keys=("sk_live_", "rk_live_"),
        test_keys=("sk_test_",),
    )
    assert (one.has_modes, one.mode) == (True, mode)
    assert not Outside("pay", Setting("KEY", Secret(key), ".env")).has_modes


def test_a_service_without_a_key_has_no_mode() -> None:
    assert OutsideServices("ci", (Outside("pay"),)).configured[0].mode is None
