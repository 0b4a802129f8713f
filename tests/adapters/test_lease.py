"""The lease, on a real server: who gets it, who keeps it, and under which number."""

import threading
from dataclasses import replace

import psycopg
import pytest

from hotelctl.adapters.lease import Lease
from hotelctl.core.errors import Unavailable
from hotelctl.core.holder import Holder
from tests.databases import entered_as

pytestmark = pytest.mark.database

ANA = Holder("ana", "desk", 10, 1.0, "boot", "deploy", "d1", "", 1, "2026-03-01T12:00:00+00:00")
BEN = replace(ANA, user="ben", host="laptop", pid=20)


@pytest.fixture
def lease(database_url: str) -> Lease:
    return Lease(database_url, "shop", "production")


def expire(url: str) -> None:
    """The term of every lease is over, as after 15 seconds without a renewal."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE hotelctl.lease SET expires_at = clock_timestamp() - interval '1 ms'")


def test_one_has_it_and_the_other_reads_who(lease: Lease) -> None:
    assert lease.tenant() is None
    assert lease.take(ANA, "desk 1") == 1
    assert lease.take(BEN, "laptop 1") is None
    tenant = lease.tenant()
    assert tenant is not None
    assert (tenant.holder, tenant.held) == (ANA, True)
    assert 14 < tenant.left_s <= 15


def test_looking_makes_no_table(lease: Lease, database_url: str) -> None:
    lease.tenant()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT to_regnamespace('hotelctl')").fetchone() == (None,)


def test_the_next_one_gets_a_higher_number_and_the_former_one_can_never_renew(
    lease: Lease, database_url: str
) -> None:
    assert lease.take(ANA, "desk 1") == 1
    expire(database_url)
    assert lease.take(BEN, "laptop 1") == 2
    assert lease.renew(ANA, "desk 1") is False
    lease.give_back(1, "desk 1")
    tenant = lease.tenant()
    assert tenant is not None
    assert tenant.holder is not None
    assert (tenant.holder.user, tenant.holder.fence, tenant.held) == ("ben", 2, True)


def test_a_term_that_ran_out_is_renewed_where_nobody_came(lease: Lease, database_url: str) -> None:
    lease.take(ANA, "desk 1")
    expire(database_url)
    assert lease.renew(replace(ANA, step="build"), "desk 1") is True
    tenant = lease.tenant()
    assert tenant is not None
    assert tenant.holder is not None
    assert (tenant.held, tenant.holder.step) == (True, "build")
    assert lease.take(BEN, "laptop 1") is None


def test_given_back_it_is_free_at_once_and_tells_who_had_it_last(lease: Lease) -> None:
    lease.take(ANA, "desk 1")
    lease.give_back(1, "desk 1")
    tenant = lease.tenant()
    assert tenant is not None
    assert (tenant.holder, tenant.held) == (ANA, False)
    assert lease.take(BEN, "laptop 1") == 2


def test_whoever_holds_the_same_machines_lock_takes_it_over_at_once(lease: Lease) -> None:
    lease.take(ANA, "desk 1")
    assert lease.take(replace(ANA, pid=11), "desk 1") == 2
    assert lease.renew(ANA, "desk 1") is False


def test_a_machine_that_gave_higher_numbers_is_followed(lease: Lease) -> None:
    lease.take(ANA, "desk 1")
    lease.give_back(1, "desk 1")
    assert lease.take(replace(BEN, fence=41), "laptop 1") == 41
    lease.give_back(41, "laptop 1")
    assert lease.take(ANA, "desk 1") == 42


def test_services_and_environments_do_not_share_one(lease: Lease) -> None:
    lease.take(ANA, "desk 1")
    assert replace(lease, environment="staging").take(BEN, "laptop 1") == 1
    assert replace(lease, service="other").take(BEN, "laptop 1") == 1


def test_a_removed_row_is_put_there_again_by_who_has_it(lease: Lease, database_url: str) -> None:
    lease.take(replace(ANA, fence=7), "desk 1")
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA hotelctl CASCADE")
    assert lease.renew(replace(ANA, fence=7), "desk 1") is True
    assert lease.take(BEN, "laptop 1") is None


def test_after_the_rows_are_lost_another_machine_may_get_the_same_number_and_is_the_only_holder(
    lease: Lease, database_url: str
) -> None:
    lease.take(ANA, "desk 1")
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA hotelctl CASCADE")
    assert lease.take(BEN, "laptop 1") == ANA.fence
    assert lease.renew(ANA, "desk 1") is False
    lease.give_back(ANA.fence, "desk 1")
    tenant = lease.tenant()
    assert tenant is not None
    assert (tenant.holder, tenant.held) == (BEN, True)
    assert lease.renew(BEN, "laptop 1") is True


def test_of_many_at_once_one_gets_it(lease: Lease) -> None:
    got, ready = list[int](), threading.Barrier(8)

    def race(number: int) -> None:
        ready.wait()
        fence = lease.take(replace(BEN, pid=number), f"laptop {number}")
        if fence is not None:
            got.append(fence)

    racers = [threading.Thread(target=race, args=(n,)) for n in range(8)]
    for one in racers:
        one.start()
    for one in racers:
        one.join()
    assert got == [1]


@pytest.mark.parametrize("record", ["", "{}", "[]", "null", '{"user": "ana"'])
def test_a_record_that_tells_nothing_still_holds(lease: Lease, database_url: str, record: str) -> None:
    lease.take(ANA, "desk 1")
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE hotelctl.lease SET holder = %s", (record,))
    tenant = lease.tenant()
    assert tenant is not None
    assert (tenant.holder, tenant.held) == (None, True)


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    lease = Lease("postgresql://ana:secret-word@127.0.0.1:1/state", "shop", "production")
    for ask in (lease.tenant, lambda: lease.take(ANA, "x"), lambda: lease.renew(ANA, "x")):
        with pytest.raises(Unavailable, match=r"no database server answers at 127\.0\.0\.1:1") as refused:
            ask()
        assert "secret-word" not in str(refused.value)
    assert "secret-word" not in lease.address


def test_a_role_without_the_right_to_make_it_is_told_so(lease: Lease, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE ROLE guest_of_lease LOGIN PASSWORD 'guest'")
    try:
        guest = replace(lease, url=entered_as("guest_of_lease", "guest", database_url))
        with pytest.raises(Unavailable, match="permission denied for database"):
            guest.take(ANA, "desk 1")
    finally:
        with psycopg.connect(database_url) as connection:
            connection.execute("DROP ROLE guest_of_lease")
