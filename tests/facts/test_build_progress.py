from collections.abc import Mapping

from hotelctl.facts.build_progress import BuildProgress


def _read(*messages: Mapping[str, object]) -> tuple[BuildProgress, list[str]]:
    progress = BuildProgress()
    return progress, [line for one in messages for line in progress.read(one)]


def test_each_instruction_is_told_and_what_it_prints() -> None:
    progress, lines = _read(
        {"stream": "Step 1/2 : FROM debian"},
        {"stream": "\n"},
        {"stream": " ---> 0123456789ab\n"},
        {"stream": "Step 2/2 : RUN make     && make install"},
        {"stream": "10%\r50%\rdone\n\x1b[31mred\x1b[0m\n"},
        {"aux": {"ID": "sha256:1"}},
        {"stream": "Successfully built 1\n"},
    )
    assert lines == ["1/2 FROM debian", "2/2 RUN make && make install", "done", "red", "Successfully built 1"]
    assert progress.image == "sha256:1"
    assert progress.steps == 2
    assert not progress.error


def test_the_image_of_an_earlier_stage_is_not_the_image() -> None:
    progress, _ = _read(
        {"stream": "Step 1/2 : FROM a"}, {"aux": {"ID": "sha256:1"}}, {"stream": "Step 2/2 : FROM b"}
    )
    assert not progress.image


def test_what_fails_is_told_with_its_last_words_alone() -> None:
    progress, _ = _read(
        {"stream": "Step 1/2 : RUN one"},
        {"stream": "of the first\n"},
        {"stream": "Step 2/2 : RUN two"},
        *({"stream": f"line {n}\n"} for n in range(20)),
        {"error": "The command returned a non-zero code: 2", "errorDetail": {"code": 2}},
    )
    assert progress.where == "2/2 RUN two"
    assert progress.words == "line 17; line 18; line 19"
    assert "of the first" not in progress.tail
    assert len(progress.tail.splitlines()) == 12
    assert progress.error == "The command returned a non-zero code: 2"
    assert not progress.is_full


def test_what_the_engine_cannot_do_is_told_in_its_words() -> None:
    progress, lines = _read(
        {"stream": "Step 1/1 : RUN make"},
        {"stream": "Removing intermediate container 0466c4b235e1\n"},
        {"error": "could not find bridge docker0"},
    )
    assert lines == ["1/1 RUN make"]
    assert progress.words == "could not find bridge docker0"


def test_a_full_disk_is_known_from_either() -> None:
    assert _read({"error": "write /x: no space left on device"})[0].is_full
    assert _read({"stream": "cp: No space left on device\n"}, {"error": "code 1"})[0].is_full


def test_a_long_line_is_cut() -> None:
    _, (line,) = _read({"stream": "x" * 500})
    assert len(line) == 160
