from hotelctl.facts.secret import Secret


def test_no_way_of_printing_shows_the_value() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    assert len(secret) == 7
    assert secret.reveal() == "hunter2"
    assert secret == Secret("hunter2")
