"""Whole commands onto an engine of another host, by TCP with TLS: forward, back, and not without TLS."""

from typing import TYPE_CHECKING

import pytest

from tests.far_engine import by_tls
from tests.system.offshore import landed, serving
from tests.system.wharf import labelled

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]
TLS = ("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")


def test_a_deploy_and_a_rollback_and_nothing_is_stopped_without_tls(
    engine: "DockerClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    with landed(engine, by_tls) as shore:
        site, first = shore.site, serving(shore.site)
        site.change()
        site.deploy().expect(0)
        assert serving(site) == site.operations()[-1] != first
        site.run("rollback", "--yes").expect(0)
        assert serving(site) == first
        host = shore.environ["DOCKER_HOST"]
        with monkeypatch.context() as without:
            for name in TLS:
                without.delenv(name)
            for command in (("status",), ("stop", "--yes")):
                refused = site.run(*command)
                assert refused.code != 0, refused
                assert f"{host} without DOCKER_TLS_VERIFY" in refused.err, refused
                assert "DOCKER_TLS_VERIFY=1" in refused.err, refused
        assert serving(site) == first
        site.stop()
        assert [one.name for one in labelled(engine, site) if one.status == "running"] == []
