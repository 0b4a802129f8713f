from hotelctl.app.services.work_orders import difference


def test_the_difference_names_what_is_another_and_nothing_else() -> None:
    assert difference({"a": 1, "b": None}, {"a": 2, "b": None}) == {"a": {"old": 1, "new": 2}}
