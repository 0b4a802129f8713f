import pytest

from hotelctl.checks.docker.signals_reach_the_service import signals_reach_the_service as check
from tests.checks import made
from tests.checks.docker import written


@pytest.mark.parametrize(
    "start",
    [
        'CMD ["python", "app.py"]',
        "CMD exec python app.py",
        'CMD ["sh", "-c", "exec python app.py"]',
        'ENTRYPOINT ["sh", "-c", "cd /srv && exec java $OPTS -jar app.jar"]',
        'ENTRYPOINT ["tini", "-g", "--", "sh", "-c", "a; b"]',
        'ENTRYPOINT ["dumb-init", "bash", "-c", "a; b"]',
        'CMD ["sh", "start.sh"]',
        "RUN true",
    ],
)
def test_what_gets_the_signal_is_fine(start: str) -> None:
    assert made.judged(check, written.files(f"FROM a:1\n{start}\n")) == []


@pytest.mark.parametrize(
    ("start", "fix"),
    [
        ("CMD python app.py --name 'a b'", 'CMD ["python", "app.py", "--name", "a b"]'),
        ("ENTRYPOINT java $OPTS -jar app.jar", "ENTRYPOINT exec ..."),
        ('CMD ["sh", "-c", "python app.py"]', 'CMD ["sh", "-c", "exec ..."]'),
        ('CMD ["/usr/bin/env", "bash", "-lc", "a && b"]', 'CMD ["sh", "-c", "exec ..."]'),
        ('CMD ["sh", "-c", "exec a | b"]', 'CMD ["sh", "-c", "exec ..."]'),
        ('CMD ["tini", "--", "sh", "-c", "a"]', 'CMD ["sh", "-c", "exec ..."]'),
        ("CMD echo 'open", 'CMD ["PROGRAM", "ARGUMENT"]'),
    ],
)
def test_a_shell_that_stays_is_told(start: str, fix: str) -> None:
    (finding,) = made.judged(check, written.files(f"FROM a:1\n{start}\n"))
    assert finding.fix == fix
    assert str(finding.location) == "Dockerfile:2"


def test_the_fix_repeats_no_password() -> None:
    (finding,) = made.judged(check, written.files("FROM a:1\nCMD app --password hunter2hunter2\n"))
    assert finding.fix == 'CMD ["app", "--password", [redacted 16 chars]]'


def test_only_the_last_one_of_the_last_stage_counts() -> None:
    text = 'FROM a:1 AS x\nCMD a\nFROM b:1\nCMD b\nCMD ["c"]\n'
    assert made.judged(check, written.files(text)) == []
