"""`python -m hotelctl.adapters.load URL`: a plan as JSON on stdin, its outcome on stdout."""

import sys

from hotelctl.adapters.load.planned import outcome
from hotelctl.facts.load_measurement import LoadPlan

if __name__ == "__main__":
    plan = LoadPlan.model_validate_json(sys.stdin.read())
    sys.stdout.write(outcome(sys.argv[1], plan).model_dump_json() + "\n")
