"""What the guard of a program does where the kernel asks for patience."""

from pathlib import Path
from typing import IO

import pytest

from hotelctl.adapters import guard


@pytest.mark.parametrize(("refused", "written"), [(0, "10"), (3, "10"), (10_000, "")])
def test_the_weight_of_a_session_is_said_until_the_kernel_takes_it(
    refused: int, written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def opened(name: str, mode: str) -> IO[str]:
        asked.append(name)
        if len(asked) <= refused:
            raise BlockingIOError
        return (tmp_path / "autogroup").open(mode)

    monkeypatch.setattr(guard, "open", opened, raising=False)
    monkeypatch.setattr(guard, "_TICK_S", 0.001)
    monkeypatch.setattr(guard, "_WEIGHED_S", 0.05 if refused > 3 else 60.0)
    (tmp_path / "autogroup").touch()
    monkeypatch.setattr("os.nice", lambda _: 10)
    monkeypatch.setattr("os.getpriority", lambda *_: 10)
    monkeypatch.setattr(guard, "_IOPRIO_SET", {})
    guard._stand_back()
    assert (tmp_path / "autogroup").read_text() == written
