from hotelctl.facts.evidence_chain import EvidenceChain
from tests.facts.test_journal_story import journal
from tests.probes.worlds import STATE, World


def test_the_newest_finished_report_and_the_journals() -> None:
    world = World()
    for name in ("2026-01", "2026-02"):
        world.write(f"reports/{name}/report.json", "{}")
        world.write(f"reports/{name}/evidence.jsonl", journal(("", "note", {})))
    world.write("reports/2026-03-running/evidence.jsonl", "half")
    world.journals = (STATE / "deploys" / "d1" / "journal.jsonl",)
    world.files.write_durable(world.journals[0], b"broken\n")
    files = world.fact(EvidenceChain).files
    assert [(one.path, one.broken_line) for one in files] == [
        ("reports/2026-02/evidence.jsonl", None),
        (".hotelctl/local/deploys/d1/journal.jsonl", 1),
    ]


def test_evidence_that_is_gone_is_broken() -> None:
    world = World()
    world.write("reports/2026-01/report.json", "{}")
    (file,) = world.fact(EvidenceChain).files
    assert (file.broken_line, file.why) == (1, "the file is gone")


def test_nothing_yet() -> None:
    assert World().why_not(EvidenceChain).startswith("NotApplicable")
