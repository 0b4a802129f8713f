"""The commands of README.md: those in a fence marked `sh run` are executed, in order, in one shell.

python -m tests.house.readme          prints them
python -m tests.house.readme --run    runs them in the current directory; the first that fails ends it
"""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
_FENCE = re.compile(r"^```sh run\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[str]:
    """Each command line of the marked fences; a line that ends in a backslash goes on."""
    lines = "".join(_FENCE.findall(text)).replace("\\\n", " ").splitlines()
    stripped = [line.partition(" # ")[0].strip() for line in lines]
    return [line for line in stripped if line and not line.startswith("#")]


def run(lines: list[str], directory: Path) -> int:
    """The exit code of the first command that fails, else 0."""
    for line in lines:
        sys.stderr.write(f"README $ {line}\n")
        sys.stderr.flush()
        code = subprocess.run(
            ["bash", "-c", line], cwd=directory, stdin=subprocess.DEVNULL, check=False
        ).returncode
        if code:
            sys.stderr.write(f"README $ {line} -> exit {code}\n")
            return code
    return 0


if __name__ == "__main__":
    found = commands(README.read_text())
    if "--run" in sys.argv:
        sys.exit(run(found, Path.cwd()))
    sys.stdout.write("".join(f"{line}\n" for line in found))
