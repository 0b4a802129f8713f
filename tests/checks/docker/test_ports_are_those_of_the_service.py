import pytest

from hotelctl.checks.docker.ports_are_those_of_the_service import ports_are_those_of_the_service as check
from tests.checks import made
from tests.checks.docker import written


@pytest.mark.parametrize(
    "lines", ["EXPOSE 8080", "EXPOSE 80 8000-8100/tcp", "ARG P=8080\nEXPOSE $P/tcp", "EXPOSE ${P:-8080}"]
)
def test_the_port_of_the_service_is_fine(lines: str) -> None:
    assert made.judged(check, written.files(f"FROM a:1\n{lines}\n"), written.settings()) == []


def test_another_port_is_told_with_the_place_that_says_which() -> None:
    (finding,) = made.judged(check, written.files("FROM a:1\nEXPOSE 3000\n"), written.settings())
    assert finding.message.startswith("service.toml:5 says port 8080")
    assert (finding.fix, str(finding.location)) == ("EXPOSE 8080", "Dockerfile:2")


def test_ssh_is_told_in_every_file_and_the_port_asked_of_the_first_only() -> None:
    texts = written.files("FROM a:1\nEXPOSE 8080\n", "FROM a:1\nEXPOSE 22\n")
    (finding,) = made.judged(check, texts, written.settings())
    assert str(finding.location) == "Dockerfile.2:2"


def test_without_a_port_of_the_service_only_ssh_counts() -> None:
    assert made.judged(check, written.files("FROM a:1\n"), written.settings(port=None)) == []


def test_a_port_that_only_the_build_knows_is_unknown() -> None:
    reason = written.unknown(check, written.files("FROM a:1\nARG P\nEXPOSE $P\n"), written.settings())
    assert reason.startswith("Dockerfile:3: which port")
