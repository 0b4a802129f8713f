"""Local servers that speak the protocols of outside services."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from hotelctl.app.services.external import contact
from tests.app_system.outside import Outside, running


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Signs certificates; nobody trusts it until a test says so."""
    return trustme.CA()


@pytest.fixture(scope="session")
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    """A server's side of TLS for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process trusts the test's authority."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes its time to load a library; tests of the limit set their own."""
    monkeypatch.setattr(contact, "LIMIT_S", 60)


@pytest.fixture
def outside() -> Iterator[Outside]:
    """An HTTP server; the test says what it answers."""
    with running(Outside()) as server:
        yield server


@pytest.fixture
def untrusted(certificate: ssl.SSLContext) -> Iterator[Outside]:
    """The same behind a certificate that nobody trusts."""
    with running(Outside(certificate)) as server:
        yield server
