import pytest

from hotelctl.checks.docker.no_remote_script_is_run import no_remote_script_is_run as check
from tests.checks import made
from tests.checks.docker import written


@pytest.mark.parametrize(
    "run",
    [
        "curl -fsSL https://a.example.org -o a && sha256sum -c a.sum && sh a",
        "curl https://a.example.org | jq . | grep x > y; sh build.sh",
        "curl https://a.example.org | python -c 'import sys; print(sys.stdin.read())'",
        "curl https://a.example.org | python3 -m json.tool",
        "curl https://a.example.org | sh -c 'cat > /x'",
        "wget -q https://a.example.org/x || bash fallback.sh",
        "echo 'curl https://a.example.org | sh'",
    ],
)
def test_downloads_that_are_not_run_are_fine(run: str) -> None:
    assert made.judged(check, written.files(f"FROM a:1\nRUN {run}\n")) == []


@pytest.mark.parametrize(
    "run",
    [
        "curl https://a.example.org | sh",
        "curl -s https://a.example.org | tee log | sudo -E bash -s -- -y",
        "wget -O- https://a.example.org | /bin/bash",
        "curl https://a.example.org | python3 -",
        "bash <(curl https://a.example.org)",
        'sh -c "$(wget -qO- https://a.example.org)"',
        'eval "$(curl https://a.example.org)"',
        "bash -c 'curl https://a.example.org | sh'",
        '["/bin/bash", "-c", "curl https://a.example.org | bash"]',
        "<<E\nset -e\ncurl https://a.example.org \\\n  | bash\nE",
        "if true; then curl https://a.example.org | env X=1 bash; fi",
    ],
)
def test_a_script_that_is_run_unseen_is_told(run: str) -> None:
    (finding,) = made.judged(check, written.files(f"FROM a:1\nRUN {run}\n"))
    assert str(finding.location) == "Dockerfile:2"
    assert "checksum" in finding.fix


def test_another_script_in_the_file_is_another_subject() -> None:
    text = "FROM a:1\nRUN curl https://a.example.org | sh\nRUN curl https://b.example.org | sh\n"
    one, other = made.judged(check, written.files(text))
    assert one.subject != other.subject
    (moved,) = made.judged(check, written.files("FROM a:1\n\nRUN  curl https://a.example.org |  sh\n"))
    assert moved.subject == one.subject
