#!/usr/bin/env python3
"""Ends with 0 when each check that passed in report $1 names evidence that is recorded there."""

import json
import sys
from pathlib import Path


def verdict(report: Path) -> tuple[bool, str]:
    """Whether every pass is borne out, and a line that says so."""
    recorded = {json.loads(line)["id"] for line in (report / "evidence.jsonl").read_text().splitlines()}
    said = json.loads((report / "report.json").read_text())
    checks = [check for section in said["sections"] for check in section["checks"]]
    passed = [check for check in checks if check["status"] == "pass"]
    bare = [check["id"] for check in passed if not check["evidence"] or set(check["evidence"]) - recorded]
    if not passed or bare:
        return False, f"without a record of evidence: {', '.join(bare) or 'nothing passed at all'}"
    return True, f"{len(passed)} of {len(checks)} checks passed, each with a record among {len(recorded)}"


if __name__ == "__main__":
    good, line = verdict(Path(sys.argv[1]))
    sys.stdout.write(line + "\n")
    sys.exit(not good)
