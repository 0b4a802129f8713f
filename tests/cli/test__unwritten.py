from hotelctl.cli._unwritten import Unwritten


def test_the_journal_of_a_plan_numbers_its_records_and_keeps_them_to_itself() -> None:
    log = Unwritten()
    assert log.append({"a": 1}) == {"a": 1, "seq": 1}
    log.append({"a": 2})
    assert [record["seq"] for record in log.records()] == [1, 2]
    assert Unwritten().records() == ()
