"""The machine's own container engine, reached as one of another host is: by ssh, by a test's own sshd."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

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


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
