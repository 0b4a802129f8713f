import pytest

from hotelctl.facts.platform_variables import PLATFORM


@pytest.mark.parametrize("key", ["HOME", "NODE_ENV", "GITHUB_SHA", "https_proxy", "XDG_CACHE_HOME"])
def test_what_systems_set_is_known(key: str) -> None:
    assert PLATFORM.fullmatch(key)


@pytest.mark.parametrize("key", ["DATABASE_URL", "HOME_URL", "PORT", "MY_PATH"])
def test_what_a_service_sets_is_not(key: str) -> None:
    assert not PLATFORM.fullmatch(key)
