"""The machine's own container engine, reached as one of another host is: by ssh, or by TLS."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hotelctl.adapters.docker_engine import USUAL
from tests.deploy.waiting import came_true
from tests.engine import absent
from tests.free_port import free_port

_PATIENCE_S = 30
_SSHD = "/usr/sbin/sshd"
# Which needs no manager of services, and listens nowhere else.
_SERVER = """ListenAddress 127.0.0.1:{port}
HostKey {place}/host
AuthorizedKeysFile {place}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
"""
_CLIENT = """Host *
  IdentityFile {place}/user
  IdentitiesOnly yes
  UserKnownHostsFile {place}/known
  GlobalKnownHostsFile none
"""


@contextmanager
def by_ssh() -> Iterator[Mapping[str, str]]:
    """The variables by which `ssh` of this user comes to the engine; nothing of it is left afterwards."""
    if os.geteuid() != 0 or not Path(_SSHD).exists():
        absent("only root may start openssh-server, which is not installed or not root's here")
    place = Path(tempfile.mkdtemp(prefix="sshd-"))
    # As its package does it for the service that is not started here.
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = free_port()
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(place / name)], check=True, timeout=60
        )
    (place / "known").write_text(f"[127.0.0.1]:{port} {(place / 'host.pub').read_text()}")
    (place / "sshd_config").write_text(_SERVER.format(port=port, place=place))
    (place / "ssh_config").write_text(_CLIENT.format(place=place))
    # It looks for its files in the home that the system knows, whatever HOME says.
    program = place / "bin" / "ssh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {place}/ssh_config "$@"\n')
    program.chmod(0o755)
    with (place / "log").open("wb") as log:
        serving = subprocess.Popen([_SSHD, "-D", "-e", "-f", str(place / "sshd_config")], stderr=log)
    try:
        assert came_true(lambda: _listens(port), _PATIENCE_S), (place / "log").read_text()
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        yield {"DOCKER_HOST": f"ssh://root@127.0.0.1:{port}", "PATH": path}
    finally:
        serving.terminate()
        serving.wait()
        shutil.rmtree(place)


@contextmanager
def by_tls() -> Iterator[Mapping[str, str]]:
    """The variables by which the engine is reached at a port that lets in who has a certificate."""
    with tempfile.TemporaryDirectory(prefix="tls-") as name:
        place = Path(name)
        _certified(place)
        words = [sys.executable, "-m", "tests.tls_door", str(place), USUAL.removeprefix("unix://")]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as serving:
            try:
                port = serving.stdout.readline().strip() if serving.stdout else ""
                yield {
                    "DOCKER_HOST": f"tcp://127.0.0.1:{port}",
                    "DOCKER_TLS_VERIFY": "1",
                    "DOCKER_CERT_PATH": name,
                }
            finally:
                serving.kill()


def _certified(place: Path) -> None:
    """What docker looks for in that directory, and the same for a server at 127.0.0.1."""
    new = (
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    )
    ca = ("-CA", "ca.pem", "-CAkey", "ca-key.pem")
    for name, more in {"ca": (), "server": (*ca, "-addext", "subjectAltName=IP:127.0.0.1"), "": ca}.items():
        files = [f"{name}-{kind}.pem".removeprefix("-") for kind in ("key", "cert")]
        words = (
            "-keyout",
            files[0],
            "-out",
            f"{name}.pem" if name else files[1],
            "-subj",
            f"/CN={name or 'me'}",
        )
        subprocess.run([*new, *words, *more], cwd=place, check=True, capture_output=True, timeout=60)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
