"""What a container prints, kept as a file where each release's log is: it outlives the container."""

import os
from datetime import datetime
from pathlib import Path

from hotelctl.core.containers import Containers
from hotelctl.deploy.targets import durable, logfile

_FROM = "copied.json"


def copy(containers: Containers, name: str, log: Path) -> None:
    """`log` has all that the container printed until now; a copy killed in the middle may say lines twice."""
    mark = log.with_name(_FROM)
    last = (durable.read_json(mark) or {}).get("last", "")
    new = [(at, line) for at, line in containers.log(name, second_of(last)) if at > last]
    if not new:
        return
    handle = logfile.open_append(log)
    try:
        for _, line in new:
            os.write(handle, line)
    finally:
        os.close(handle)
    durable.write_json(mark, {"last": new[-1][0]})
    logfile.rotate(log)


def second_of(stamp: str) -> float:
    """The whole second that `stamp` lies in, as Unix time; 0 for none."""
    return datetime.fromisoformat(f"{stamp[:19]}+00:00").timestamp() if stamp else 0.0
