"""What an operator refuses before anything is done: files of an earlier command that nobody can read."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.cli._operating import Operator
from hotelctl.cli._wiring import Wiring
from hotelctl.core.errors import UsageError
from hotelctl.core.ports import WorkTree
from hotelctl.core.redact import Redactor
from hotelctl.deploy.history import Past
from hotelctl.deploy.journal import Progress
from hotelctl.deploy.layout import Layout
from tests.fakes.clock import FakeClock
from tests.fakes.target import FakeTarget, Ground


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / ".hotelctl" / "local")


@pytest.fixture
def operator(layout: Layout) -> Operator:
    files = LocalFiles(Unrecorded(Redactor(), FakeClock()), layout.state)
    parts = SimpleNamespace(
        layout=layout, database_url=None, ports=SimpleNamespace(files=files), redactor=Redactor(b"k", [])
    )
    none = cast("None", SimpleNamespace())
    return Operator(cast("Wiring", parts), FakeTarget(Ground()), none, 1, none, layout.workspace())  # type: ignore[arg-type]


@pytest.mark.parametrize("data", ["", '[{"info', "{}", "[1]", '[{"info": {}}]'])
def test_an_operation_is_not_gone_on_with_whose_judged_checks_nobody_can_read(
    layout: Layout, operator: Operator, data: str
) -> None:
    path = layout.checks("d1", "preflight")
    path.parent.mkdir(parents=True)
    path.write_text(data)
    tree = cast("WorkTree", SimpleNamespace())
    with pytest.raises(UsageError, match=r"d1/checks-preflight\.json: cannot be read: it ") as refused:
        operator.reopen(Past("d1", (), Progress()), tree)
    assert "move it away, then hotelctl resume" in refused.value.hint
    assert not layout.journal("d1").exists()


@pytest.mark.parametrize("data", ["", '{"A', "[]", '{"A": 1}'])
def test_variables_that_nobody_can_read_start_no_release(
    layout: Layout, operator: Operator, data: str
) -> None:
    path = layout.environment("d1")
    path.parent.mkdir(parents=True)
    path.write_text('{"A": "b"}')
    assert operator._release_env("d1") == {"A": "b"}
    path.write_text(data)
    with pytest.raises(UsageError, match=r"d1/env\.json: cannot be read: it ") as refused:
        operator._release_env("d1")
    assert "hotelctl rollback --to" in refused.value.hint
