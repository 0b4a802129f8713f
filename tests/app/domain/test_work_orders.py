from hotelctl.app.domain.permissions import Department, work_order_kinds
from hotelctl.app.domain.work_orders import EVERY_KIND, WorkOrderStatus, may_become


def test_a_proposal_is_confirmed_or_cancelled_and_done_can_be_opened_again() -> None:
    def after(status: WorkOrderStatus) -> set[WorkOrderStatus]:
        return {new for new in WorkOrderStatus if new != status and may_become(status, new)}

    assert after(WorkOrderStatus.NEEDS_CONFIRMATION) == {WorkOrderStatus.OPEN, WorkOrderStatus.CANCELLED}
    assert after(WorkOrderStatus.DONE) == {WorkOrderStatus.OPEN}
    assert after(WorkOrderStatus.CANCELLED) == set()
    assert all(may_become(status, status) for status in WorkOrderStatus)


def test_every_kind_is_somebodys() -> None:
    assert work_order_kinds(Department.GENERAL) == EVERY_KIND
