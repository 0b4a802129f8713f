from hotelctl.facts.build_tools import is_builder, left_behind
from hotelctl.facts.image_reference import read_reference
from hotelctl.facts.shell_words import simple_commands


def test_what_stays() -> None:
    assert left_behind(simple_commands("apt-get install -y gcc=4 curl && dnf install make")) == (
        "gcc",
        "make",
    )


def test_what_is_taken_away_by_name_or_by_group() -> None:
    assert left_behind(simple_commands("apk add --virtual=.b gcc make && apk del .b")) == ()
    assert left_behind(simple_commands("apk add -t .b gcc && apk add make && apk del .b")) == ("make",)
    assert left_behind(simple_commands("apt-get install gcc make && apt-get purge gcc")) == ("make",)


def test_images_that_compilers_live_in() -> None:
    names = ("golang:1", "mcr.microsoft.com/dotnet/sdk:8.0", "python:3", "acme/golang-app:1")
    assert [is_builder(read_reference(name)) for name in names] == [True, True, False, False]
