"""What the docker target does besides the contract: whose things it leaves alone, and what it makes again."""

import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hotelctl.adapters.docker_containers import DockerContainers
from hotelctl.core.errors import Interrupted, StepFailed
from hotelctl.deploy.targets import durable
from hotelctl.deploy.targets.docker import DockerTarget
from hotelctl.deploy.targets.stopping import stop_containers
from tests.deploy.targets.harbour import PORT, Harbour
from tests.deploy.targets.place import ask, direct_port, eventually
from tests.engine import BASE

if TYPE_CHECKING:
    from docker.models.containers import Container

pytestmark = [pytest.mark.system, pytest.mark.engine]
SECRET = "correct-horse-battery"


def container(harbour: Harbour, release_id: str) -> "Container":
    found: Container = harbour.client.containers.get(f"{harbour.name}-local-{release_id}")
    return found


def without_shell(harbour: Harbour) -> str:
    """The id of an image like the base that has no shell."""
    words = ["python3", "-c", "import os; os.unlink('/bin/sh')"]
    bare = harbour.client.containers.run(BASE, words, detach=True)
    bare.wait()
    image = bare.commit()
    bare.remove()
    harbour.made.append(image.id)
    return str(image.id)


def policy(harbour: Harbour, release_id: str) -> Any:  # noqa: ANN401 - JSON is any shape
    return container(harbour, release_id).attrs["HostConfig"]["RestartPolicy"]["Name"]


def test_a_variable_reaches_the_service_and_nobody_who_asks_the_engine(harbour: Harbour) -> None:
    target = harbour.target()
    url = harbour.ready(target, harbour.release("r1"), PASSWORD=f"{SECRET} '$x'", EMPTY="")
    seen = ask(direct_port(url), "/environment")[1]["env"]
    assert (seen["PASSWORD"], seen["EMPTY"]) == (f"{SECRET} '$x'", "")
    assert SECRET not in str(container(harbour, "r1").attrs)


def test_a_database_of_this_machine_is_named_as_the_container_finds_it(harbour: Harbour) -> None:
    urls = {"URL": "postgresql://a@localhost:5433/x", "URL_PLAIN": "postgresql://b@localhost:5433/x"}
    url = harbour.ready(harbour.target(), harbour.release("r1"), **urls)
    seen = ask(direct_port(url), "/environment")[1]["env"]
    assert seen["URL"] == "postgresql://a@host.docker.internal:5433/x"
    assert "host.docker.internal:5433" in seen["URL_PLAIN"]
    code, said = container(harbour, "r1").exec_run(["getent", "hosts", "host.docker.internal"])
    assert code == 0, said


def test_files_are_given_to_read_or_to_change(harbour: Harbour, tmp_path: Path) -> None:
    kept, changed = tmp_path / "kept", tmp_path / "changed"
    for place in (kept, changed):
        place.mkdir()
        place.chmod(0o777)
    run = {"mounts": [str(kept)], "writable": [str(changed)], "user": "10002:10002"}
    harbour.ready(harbour.target(run=run), harbour.release("r1"))
    codes = [container(harbour, "r1").exec_run(["touch", f"{one}/x"])[0] for one in (kept, changed)]
    assert codes == [1, 0]
    assert (changed / "x").stat().st_uid == 10002


def test_of_an_image_without_a_shell_the_variables_are_given_plainly_and_that_is_said(
    harbour: Harbour,
) -> None:
    url = harbour.ready(harbour.target(), harbour.release("r1", base=without_shell(harbour)), WORD="seen")
    assert ask(direct_port(url), "/environment")[1]["env"]["WORD"] == "seen"
    assert [line for line in harbour.told if line.startswith("docker inspect shows the variables of")]


def test_an_attempt_that_ended_before_its_container_was_started_is_repeated(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = harbour.release("r1", base=without_shell(harbour))

    def end(*_: object) -> bool:
        raise Interrupted("killed here")

    with monkeypatch.context() as killing:
        killing.setattr(DockerContainers, "holds", end)
        with pytest.raises(Interrupted):
            harbour.target().stage(release, {})
    assert container(harbour, "r1").status == "created"
    harbour.ready(harbour.target(), release)


def test_so_are_they_where_no_shell_can_hold_a_name(harbour: Harbour) -> None:
    url = harbour.ready(harbour.target(), harbour.release("r1"), **{"odd-name": "2"})
    assert ask(direct_port(url), "/environment")[1]["env"]["odd-name"] == "2"
    assert [line for line in harbour.told if line.startswith("docker inspect shows the variables of")]


def test_a_paused_container_does_not_run_and_is_woken_by_whoever_needs_it(harbour: Harbour) -> None:
    target = harbour.target()
    first, second = harbour.serve(target, "r1", 1), harbour.serve(target, "r2", 2)
    container(harbour, "r2").pause()
    health = target.health(second)
    assert (health.alive, health.exit_code) == (False, None)
    assert f"paused: docker unpause {harbour.name}-local-r2" in health.log_tail
    target.prepare(harbour.port)
    assert target.health(second).alive
    container(harbour, "r1").pause()
    assert target.retire(first).clean
    assert target.health(first).exit_code == 0


def test_a_container_has_no_rights_that_it_does_not_need(harbour: Harbour) -> None:
    harbour.ready(harbour.target(), harbour.release("r1"))
    said = container(harbour, "r1").attrs["HostConfig"]
    assert said["CapDrop"] == ["ALL"]
    assert said["SecurityOpt"] == ["no-new-privileges"]
    assert {one["HostIp"] for one in said["PortBindings"][f"{PORT}/tcp"]} == {"127.0.0.1"}


def test_the_engine_keeps_what_served_running_and_lets_what_was_retired_lie(harbour: Harbour) -> None:
    target = harbour.target()
    target.prepare(harbour.port)
    first, second = harbour.release("r1"), harbour.release("r2")
    harbour.ready(target, first)
    assert policy(harbour, "r1") == "no"
    target.route(first, 1)
    assert policy(harbour, "r1") == "unless-stopped"
    harbour.ready(target, second)
    target.route(second, 2)
    assert policy(harbour, "r1") == "unless-stopped"
    target.retire(first)
    assert policy(harbour, "r1") == "no"


def test_one_that_served_and_crashes_is_started_again_and_counted(harbour: Harbour) -> None:
    target = harbour.target()
    release = harbour.serve(target, "r1", 1)
    address = target.health(release).url
    ask(harbour.port, "/crash")
    eventually(lambda: target.health(release).restarts >= 1)
    eventually(lambda: harbour.version() == "commit-r1")
    assert target.health(release).url == address


@pytest.mark.parametrize(
    ("manners", "code", "words"),
    [(("--crash",), 7, "cannot read postgresql://"), (("--stubborn",), None, "started")],
)
def test_a_candidate_that_ends_is_not_started_again_and_its_last_words_hold_no_secret(
    harbour: Harbour, manners: tuple[str, ...], code: int | None, words: str
) -> None:
    target, release = harbour.target(), harbour.release("r1", *manners)
    target.stage(release, {})
    eventually(lambda: words in target.health(release).log_tail)
    eventually(lambda: target.health(release).exit_code == code)
    health = target.health(release)
    assert (health.alive, health.restarts) == (code is None, 0)
    assert SECRET not in health.log_tail


def test_one_that_does_not_end_when_told_is_killed_at_its_limit_and_that_is_no_clean_end(
    harbour: Harbour,
) -> None:
    target, release = harbour.target(stop_timeout_s=1), harbour.release("r1", "--stubborn")
    harbour.ready(target, release)
    ended = target.retire(release)
    assert not ended.clean
    assert "exit code 137" in ended.detail
    assert "no line 'shutdown_complete' in its log" in ended.detail
    assert "started" in harbour.places.release_log("r1").read_text()


@pytest.mark.parametrize(
    ("changes", "docker", "refusal"),
    [
        ({"User": ""}, {}, "runs as root"),
        ({"User": "0:0"}, {}, "runs as root"),
        ({"User": "root"}, {}, "runs as root"),
        ({}, {"port": None}, "exposes 0 ports"),
        ({"ExposedPorts": {"1/tcp": {}, "2/tcp": {}}}, {"port": None}, "exposes 2 ports"),
        ({}, {"run": {"mounts": ["/nowhere/at/all"]}}, "gives /nowhere/at/all to the container"),
        ({"Cmd": ["/no/such/program"]}, {}, None),
    ],
)
def test_an_image_that_cannot_serve_is_told_and_leaves_nothing(
    harbour: Harbour, changes: dict[str, Any], docker: dict[str, Any], refusal: str | None
) -> None:
    target, release = harbour.target(**docker), harbour.release("r1", **changes)
    if refusal is None:
        target.stage(release, {})
        eventually(lambda: target.health(release).exit_code == 127)
        assert "/no/such/program" in target.health(release).log_tail
    else:
        with pytest.raises(StepFailed, match=refusal):
            target.stage(release, {})
    assert target.retire(release).clean is (refusal is not None)
    target.discard(release)
    assert [name for name in harbour.mine() if name.endswith("r1")] == []


def test_an_image_that_starts_nothing_is_told(harbour: Harbour) -> None:
    release = replace(harbour.release("r1"), image=harbour.client.images.get(BASE).id)
    with pytest.raises(StepFailed, match=r"starts nothing"):
        harbour.target().stage(release, {})


def test_an_image_that_is_gone_is_told(harbour: Harbour) -> None:
    release = replace(harbour.release("r1"), image=f"sha256:{'0' * 64}")
    with pytest.raises(StepFailed, match=r"has no image sha256:0+ of release r1"):
        harbour.target().stage(release, {})


def test_a_port_that_the_image_exposes_alone_is_taken(harbour: Harbour) -> None:
    target = harbour.target(port=None)
    harbour.ready(target, harbour.release("r1", ExposedPorts={f"{PORT}/tcp": {}, "9/udp": {}}))


def test_one_that_listens_elsewhere_gets_no_traffic(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotelctl.deploy.targets.leading.LIMIT_S", 1.0)
    target = harbour.target(port=PORT + 1)
    release = harbour.release("r1")
    target.prepare(harbour.port)
    health = target.stage(release, {})
    assert health.alive
    assert ask(direct_port(health.url), "/readyz")[0] is None
    with pytest.raises(StepFailed, match="does not answer through the edge"):
        target.route(release, 1)


def test_a_strangers_container_of_our_name_is_refused_and_left_alone(harbour: Harbour) -> None:
    name = f"{harbour.name}-local-r1"
    stranger = harbour.client.containers.create(BASE, ["sleep", "60"], name=name)
    try:
        target, release = harbour.target(), harbour.release("r1")
        with pytest.raises(StepFailed, match=f"a container named {name} is there already"):
            target.stage(release, {})
        target.discard(release)
        assert harbour.client.containers.get(name).id == stranger.id
    finally:
        stranger.remove(force=True)


def test_a_strangers_network_of_our_name_is_refused_and_left_alone(harbour: Harbour) -> None:
    target, release = harbour.target(), harbour.release("r1")
    target.stage(release, {})
    name = next(iter(container(harbour, "r1").attrs["NetworkSettings"]["Networks"]))
    target.retire(release)
    target.discard(release)
    harbour.client.networks.get(name).remove()
    stranger = harbour.client.networks.create(name)
    try:
        with pytest.raises(StepFailed, match=f"a network named {name} is there already"):
            target.stage(harbour.release("r2"), {})
        target.dismantle()
        assert harbour.client.networks.get(name).id == stranger.id
    finally:
        stranger.remove()


def test_a_network_that_somebody_removed_is_made_again(harbour: Harbour) -> None:
    target = harbour.target()
    release = harbour.serve(target, "r1", 1)
    container(harbour, "r1").stop(timeout=5)
    (network,) = harbour.client.networks.list(filters={"label": f"hotelctl.service={harbour.name}"})
    network.remove()
    harbour.target().prepare(harbour.port)
    assert harbour.told == ["r1 serves again"]
    assert harbour.version() == "commit-r1"
    harbour.ready(target, harbour.release("r2"))
    assert target.health(release).alive


def test_a_container_that_somebody_removed_is_made_again_with_its_variables(harbour: Harbour) -> None:
    target = harbour.target()
    release = harbour.release("r1")
    durable.write_json(harbour.places.environment("r1"), {"WORD": "kept"})
    harbour.serve(target, "r1", 1, WORD="kept")
    container(harbour, "r1").remove(force=True)
    assert target.serving() == release
    assert not target.health(release).alive
    harbour.target().prepare(harbour.port)
    assert harbour.version() == "commit-r1"
    assert ask(harbour.port, "/environment")[1]["env"]["WORD"] == "kept"


def test_one_whose_port_somebody_took_listens_elsewhere_and_traffic_follows(harbour: Harbour) -> None:
    target = harbour.target()
    release = harbour.serve(target, "r1", 1)
    taken = direct_port(target.health(release).url)
    container(harbour, "r1").stop(timeout=5)
    with socket.create_server(("127.0.0.1", taken)):
        harbour.target().prepare(harbour.port)
        assert harbour.version() == "commit-r1"
    assert target.serving() == release
    assert direct_port(target.health(release).url) != taken


def test_no_traffic_moves_and_one_line_says_why_when_no_engine_answers(
    harbour: Harbour, tmp_path: Path
) -> None:
    nowhere = DockerContainers({**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/none"})
    target = DockerTarget(harbour.state, harbour.spec(), nowhere)
    release = harbour.release("r1")
    assert target.serving() is None
    with pytest.raises(StepFailed, match="cannot be asked: no such file or directory") as refused:
        target.obstacle(harbour.port)
    assert "hotelctl doctor" in str(refused.value.hint), "it may be the library that is not there"
    for act in (lambda: target.prepare(harbour.port), lambda: target.stage(release, {})):
        with pytest.raises(Interrupted, match="cannot be asked: no such file or directory"):
            act()
    assert target.retire(release).detail == "nothing was there"
    target.discard(release)


def test_what_was_stopped_serves_again_when_it_is_prepared(harbour: Harbour) -> None:
    target = harbour.target()
    harbour.serve(target, "r1", 1)
    said = [*stop_containers(harbour.places, lambda _: harbour.containers())]
    assert said[-1] == "release r1 stopped: exit code 0"
    assert harbour.version() is None
    assert [*stop_containers(harbour.places, lambda _: harbour.containers())] == []
    harbour.target().prepare(harbour.port)
    assert harbour.version() == "commit-r1"


def test_a_paused_one_is_stopped_too_and_an_engine_that_is_away_keeps_nothing_else_alive(
    harbour: Harbour,
) -> None:
    target = harbour.target()
    harbour.serve(target, "r1", 1)
    away = DockerContainers({**os.environ, "DOCKER_HOST": f"unix://{harbour.state}/none"}, patience_s=0)
    said: list[str] = []
    with pytest.raises(StepFailed, match="was started on the engine unix://"):
        said.extend(stop_containers(harbour.places, lambda _: away))
    assert harbour.version() is None, "the edge ended"
    target.prepare(harbour.port)
    container(harbour, "r1").pause()
    told = [*stop_containers(harbour.places, lambda _: harbour.containers())]
    assert told[-1].startswith("release r1 stopped: ")
    assert container(harbour, "r1").status == "exited"


def test_other_variables_make_another_container_at_the_same_place(harbour: Harbour) -> None:
    target, release = harbour.target(), harbour.release("r1")
    first = harbour.ready(target, release, WORD="1")
    made = container(harbour, "r1").id
    assert harbour.ready(target, release, WORD="1") == first
    assert container(harbour, "r1").id == made
    assert harbour.ready(target, release, WORD="2") == first
    assert container(harbour, "r1").id != made
    assert ask(direct_port(first), "/environment")[1]["env"]["WORD"] == "2"


def test_two_environments_of_a_service_never_meet(harbour: Harbour) -> None:
    other = replace(
        harbour, state=harbour.state.with_name("staging"), port=harbour.port + 1, told=[], made=[]
    )
    harbour.serve(harbour.target(), "r1", 1)
    other.serve(other.target(), "r1", 1)
    networks = [name for name in harbour.mine() if not name.endswith("-r1")]
    assert len(networks) == 2
    [*stop_containers(other.places, lambda _: other.containers())]
    other.target().route(None, 1)
    other.target().discard(other.release("r1"))
    other.target().dismantle()
    assert harbour.version() == "commit-r1"
    assert harbour.mine() == sorted([f"{harbour.name}-local-r1", next(n for n in networks if "-local-" in n)])


def test_a_release_of_another_engine_is_not_looked_for_here(harbour: Harbour) -> None:
    target, release = harbour.target(), harbour.release("r1")
    target.stage(release, {})
    elsewhere = DockerTarget(
        harbour.state, harbour.spec(), DockerContainers({**os.environ, "DOCKER_HOST": "unix:///x"})
    )
    with pytest.raises(StepFailed, match=r"was started on the engine unix:///\S+, which unix:///x is not"):
        elsewhere.health(release)
