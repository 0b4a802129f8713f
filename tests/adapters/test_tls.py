import datetime as dt
import errno
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from hotelctl.adapters.reach import Reach
from hotelctl.adapters.tls import TlsCertificates
from hotelctl.core.errors import NoNetwork, Unavailable
from tests.app_system.mail_server import MailServer, in_a_thread
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system
NOW = dt.datetime.now(dt.UTC)


@contextmanager
def serving(certificate: trustme.LeafCert | None) -> Iterator[int]:
    """A port that shakes hands with that certificate; without one it hangs up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate is not None:
        certificate.configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_shake, args=(listener, context))
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            thread.join(60)


def _shake(listener: socket.socket, context: ssl.SSLContext) -> None:
    raw, _ = listener.accept()
    try:
        with context.wrap_socket(raw, server_side=True):
            pass
    except OSError:
        raw.close()


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def looking(authority: trustme.CA, tmp_path: Path, evidence: FakeEvidence | None = None) -> TlsCertificates:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return TlsCertificates(evidence or FakeEvidence(), trust=str(path))


def test_a_good_one_is_trusted_with_its_end_and_issuer(authority: trustme.CA, tmp_path: Path) -> None:
    ends = (NOW + dt.timedelta(days=20)).replace(microsecond=0)
    evidence = FakeEvidence()
    with serving(authority.issue_cert("127.0.0.1", not_after=ends)) as port:
        shown = looking(authority, tmp_path, evidence).look("127.0.0.1", port)
    assert (shown.refusal, shown.not_after) == ("", ends)
    assert "trustme" in shown.issuer
    assert evidence.records[0]["not_after"] == ends.isoformat()


def test_another_hosts_an_ended_and_a_strangers_are_refused(authority: trustme.CA, tmp_path: Path) -> None:
    ended = authority.issue_cert(
        "127.0.0.1", not_before=NOW - dt.timedelta(days=9), not_after=NOW - dt.timedelta(days=1)
    )
    for certificate, words in (
        (authority.issue_cert("other.example"), "mismatch"),
        (ended, "expired"),
        (trustme.CA().issue_cert("127.0.0.1"), "unable to get local issuer certificate"),
    ):
        with serving(certificate) as port:
            shown = looking(authority, tmp_path).look("127.0.0.1", port)
        assert words in shown.refusal
        assert shown.not_after is None


def test_what_speaks_no_tls_is_no_fault_of_a_certificate(authority: trustme.CA, tmp_path: Path) -> None:
    with serving(None) as port, pytest.raises(Unavailable, match=f"127.0.0.1:{port} cannot be asked"):
        looking(authority, tmp_path).look("127.0.0.1", port)
    with pytest.raises(Unavailable, match="refused"):
        looking(authority, tmp_path).look("127.0.0.1", port)


def test_offline_no_other_machine_is_asked() -> None:
    with pytest.raises(Unavailable, match="--offline"):
        TlsCertificates(FakeEvidence(), Reach(offline=True)).look("a.example", 443)


@contextmanager
def mail(authority: trustme.CA | None) -> Iterator[int]:
    """The port of a mail server with a certificate of that authority; without one it offers no STARTTLS."""
    context = None
    if authority is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
    with in_a_thread(MailServer(), context) as port:
        yield port


def test_a_mail_server_is_asked_to_encrypt_first(authority: trustme.CA, tmp_path: Path) -> None:
    with mail(authority) as port:
        shown = looking(authority, tmp_path).look("127.0.0.1", port, starttls=True)
        assert (shown.refusal, "trustme" in shown.issuer) == ("", True)
        strange = looking(trustme.CA(), tmp_path).look("127.0.0.1", port, starttls=True)
        assert "unable to get local issuer certificate" in strange.refusal


def test_a_mail_server_that_offers_no_encryption_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    with mail(None) as port:
        shown = looking(authority, tmp_path).look("127.0.0.1", port, starttls=True)
    assert (shown.refusal, shown.not_after) == ("the server offers no STARTTLS", None)


def test_no_way_to_it_is_told_apart_from_a_refusal(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_way(*_: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", no_way)
    with pytest.raises(NoNetwork, match="network is unreachable"):
        looking(authority, tmp_path).look("192.0.2.7", 443)
