from itertools import pairwise

from hotelctl.app.domain.roles import PERMISSIONS, Role


def test_every_role_has_permissions_and_each_rank_has_more() -> None:
    ranked = [PERMISSIONS[role] for role in Role]
    assert all(lower < higher for lower, higher in pairwise(ranked))


def test_guests_private_data_needs_a_manager() -> None:
    allowed = {role for role in Role if "guests.pii.read" in PERMISSIONS[role]}
    assert allowed == {Role.MANAGER, Role.ADMIN, Role.OWNER}
