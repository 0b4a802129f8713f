"""A deploy puts another instance in front of the same database: who was held back stays held back."""

import httpx
import pytest

from tests.app_system.instances import Instance

pytestmark = pytest.mark.system
_MOST = 40


def _try(instance: Instance) -> int:
    wrong = {"email": "manager@alpha.example", "password": "not the password of anybody"}
    return httpx.post(f"{instance.base_url}/api/auth/login", json=wrong, timeout=60).status_code


def test_who_failed_too_often_at_one_is_refused_by_the_other(instances: list[Instance]) -> None:
    old, new = instances
    refused = next((status for status in (_try(old) for _ in range(_MOST)) if status != 401), None)
    assert refused in {423, 429}
    assert _try(new) == refused
