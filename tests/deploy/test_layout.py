from pathlib import Path

from hotelctl.deploy.layout import Layout

LAYOUT = Layout(Path("/p/.hotelctl/local"))


def test_everything_lies_below_the_state_and_is_named_by_its_deploy() -> None:
    named = [
        getattr(LAYOUT, name)("d1")
        for name in (
            "deploy",
            "journal",
            "source",
            "release",
            "venv",
            "manifest",
            "environment",
            "good",
            "left",
        )
    ]
    named += [
        LAYOUT.backup("d1"),
        LAYOUT.checks("d1", "test"),
        LAYOUT.release_log("d1"),
        LAYOUT.kept_log("d1"),
    ]
    assert all(LAYOUT.state in path.parents and "d1" in path.parts for path in named)
    assert len(set(named)) == len(named)


def test_what_is_removed_with_a_release_or_a_deploy_lies_inside_it() -> None:
    release, deploy = LAYOUT.release("d1"), LAYOUT.deploy("d1")
    for path in (LAYOUT.venv("d1"), LAYOUT.manifest("d1"), LAYOUT.environment("d1"), LAYOUT.good("d1")):
        assert path.parent == release
    assert LAYOUT.left("d1").parent == release
    assert LAYOUT.kept_log("d1").parent == deploy, "it outlives the release"
    assert LAYOUT.journal("d1").parent == deploy


def test_two_environments_share_nothing() -> None:
    other = Layout(LAYOUT.state.with_name("staging"))
    own, others = ((at.frozen(), at.workspace(), at.applied()) for at in (LAYOUT, other))
    assert not set(own) & set(others)
    assert {path.parent for path in own} == {LAYOUT.state}


def test_what_the_holder_of_the_lock_writes_lies_in_directories_that_it_can_clear(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "local")
    own = (layout.deploy("d1"), layout.release("d1"), layout.backup("d1"))
    for directory in (*own, layout.state / "postgres"):
        directory.mkdir(parents=True)
    assert set(layout.written()) == {layout.state, *own}
