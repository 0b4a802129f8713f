from hotelctl.checks.env.env_files_stay_out_of_git import env_files_stay_out_of_git
from hotelctl.core.finding import Severity
from hotelctl.facts.git_files import GitFiles
from tests.checks import made


def test_ignored_files_are_fine() -> None:
    assert not made.judged(env_files_stay_out_of_git, GitFiles((), (".env.local",), ()))


def test_a_tracked_file_is_critical() -> None:
    (finding,) = made.judged(env_files_stay_out_of_git, GitFiles((".env",), (), ()))
    assert finding.severity is None
    assert "git rm --cached .env" in finding.fix


def test_a_file_that_git_would_take_is_less() -> None:
    (finding,) = made.judged(env_files_stay_out_of_git, GitFiles((), (), (".env.local",)))
    assert finding.severity is Severity.MEDIUM
