from hotelctl.deploy.elsewhere import Elsewhere


def test_where_nobody_else_tells_nothing_is_unknown() -> None:
    assert Elsewhere().unknown(("b1", "b2"), ()) == frozenset()


def test_unknown_is_what_neither_this_machine_nor_another_one_tells() -> None:
    assert Elsewhere(known=frozenset({"b1"})).unknown(("b1", "b2", "b3"), {"b2"}) == {"b3"}
