from hotelctl.facts.buildkit_progress import BuildKitProgress

_OUTPUT = """#1 [internal] load build definition from Dockerfile
#1 sha256:d2f350c4d38c4663f1376dd0314b80879cdc6f75a324a84592ae1bf6a19ccdc9
#1 transferring dockerfile: 216B 0.1s done
#1 DONE 0.3s

#4 [stage-1 1/3] FROM docker.io/library/base:tests
#4 CACHED

#7 [stage-1 3/3] RUN   make   install
#7 sha256:e76999b4793ee9926c96eb4ab8aaafbb7e6caabac316bb509e0d1d8dc72cd039
#7 1.575 cc -c a.c
#7 [stage-1 3/3] RUN   make   install
#7 2.001 no such header
#7 ERROR: executor failed running [/bin/sh -c make install]: exit code: 1
------
 > [stage-1 3/3] RUN make install:
------
executor failed running [/bin/sh -c make install]: exit code: 1
"""


def _read(text: str, size: int = 1 << 16) -> tuple[BuildKitProgress, list[str]]:
    progress, data = BuildKitProgress(), text.encode()
    parts = (data[at : at + size] for at in range(0, len(data), size))
    return progress, [line for part in parts for line in progress.read(part)]


def test_instructions_and_what_they_print_are_told_in_whatever_pieces_it_comes() -> None:
    lines = ["FROM docker.io/library/base:tests", "RUN make install", "cc -c a.c", "no such header"]
    for size in (1, 7, 1 << 16):
        progress, told = _read(_OUTPUT, size)
        assert told == lines
        assert progress.failed == "RUN make install"
        assert progress.words == "cc -c a.c; no such header"


def test_what_is_refused_before_any_instruction_is_told_in_its_words() -> None:
    progress, _ = _read("failed to solve: dockerfile parse error line 4: unknown instruction: ECHO\n")
    assert not progress.failed
    assert progress.words.endswith("unknown instruction: ECHO")


def test_a_full_disk_and_a_missing_plugin_are_known() -> None:
    full = "#7 [1/1] RUN cp\n#7 0.1 cp: No space left on device\n#7 ERROR: exit code: 1\n"
    assert _read(full)[0].is_full
    assert not _read(_OUTPUT)[0].is_full
    missing = "ERROR: BuildKit is enabled but the buildx component is missing or broken.\n"
    assert _read(missing)[0].lacks_plugin
