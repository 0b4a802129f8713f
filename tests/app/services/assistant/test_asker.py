from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import ASSISTANT
from hotelctl.app.services.assistant.asker import Asker

_HOTEL = uuid7()


def test_the_assistant_never_may_more_than_its_own_few_things() -> None:
    owner = Asker(_HOTEL, ASSISTANT | {"billing.manage", "users.manage"}, user_id=uuid7())
    assert owner.agent_permissions == ASSISTANT


def test_the_assistant_may_not_do_what_the_person_may_not() -> None:
    reader = Asker(_HOTEL, frozenset({"chat.use", "kb.read", "billing.manage"}), user_id=uuid7())
    assert reader.agent_permissions == {"chat.use", "kb.read"}


def test_only_staff_sees_what_is_for_staff() -> None:
    assert Asker(_HOTEL, frozenset(), session_id=uuid7()).audience == ("guest",)
    assert Asker(_HOTEL, frozenset(), user_id=uuid7()).audience == ("guest", "staff")
