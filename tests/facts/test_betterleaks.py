import json

from hotelctl.core.ports import Completed
from hotelctl.facts.betterleaks import answered, command


def test_it_heeds_no_comment_that_allows_and_does_not_redact_itself() -> None:
    words = command("tree.tar")
    assert "--no-allow-signatures" in words
    assert "--redact" not in words
    assert words[-1] == "tree.tar"


def test_what_is_found_by_the_name_of_a_file_alone_is_all_of_it_from_its_first_line() -> None:
    item = {
        "rule_id": "pkcs12-file",
        "confidence": "high",
        "match": {"full": "file detected: x.tar!a.p12", "value": ""},
        "location": {"path": "x.tar!a.p12"},
    }
    scan = {"state": "complete", "num_findings": 1, "bytes_scanned": 9}
    told = json.dumps({"findings": [item], "scan": scan})
    (found,) = answered(
        Completed(("betterleaks",), 1, told, "", timed_out=False, duration_s=1.0, evidence="e1"), {}
    )
    assert (found["location"]["path"], found["location"]["start_line"]) == ("x.tar!a.p12", 1)
    assert found["match"]["value"] == "file detected: x.tar!a.p12"
