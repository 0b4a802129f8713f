from hotelctl.checks.build.build_saw_the_commit_only import build_saw_the_commit_only
from tests.checks import made


def test_a_clean_checkout_is_fine() -> None:
    assert not made.judged(build_saw_the_commit_only, made.artifact())


def test_many_paths_are_summed_up() -> None:
    found = made.judged(build_saw_the_commit_only, made.artifact(dirty=tuple(f"f{n}.py" for n in range(25))))
    assert found[-1].message.startswith("15 more")


def test_changed_and_hidden_paths_are_named() -> None:
    found = made.judged(build_saw_the_commit_only, made.artifact(dirty=("a.py",), hidden=("b.py",)))
    assert [finding.subject for finding in found] == ["a.py", "b.py"]
    assert "no-skip-worktree" in found[1].fix
