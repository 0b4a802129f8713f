import getpass
import os

import pytest

from hotelctl.adapters.user import user_name


def test_the_login_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ana")
    assert user_name() == "ana"


@pytest.mark.parametrize("error", [KeyError("getpwuid(): uid not found: 1234"), OSError("no username set")])
def test_without_an_entry_it_is_the_number(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def nobody() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert user_name() == f"uid {os.getuid()}"
