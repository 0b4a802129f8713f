import pytest

from hotelctl.facts.requirement_pins import is_pinned


@pytest.mark.parametrize(
    "text",
    [
        "a==1.0\nb[c,d]==2 ; python_version > '3'\n",
        "# x\n--index-url y\na==1 \\\n    --hash=sha256:aa\n",
        "a @ https://example.org/a.whl#sha256=00\n",
        "a==1.0  # why\n",
    ],
)
def test_one_version_each(text: str) -> None:
    assert is_pinned(text)


@pytest.mark.parametrize(
    "text", ["", "# x\n", "a\n", "a>=1\n", "a==1.*\n", "a==1\nb\n", "-r other.txt\n", "-e .\n"]
)
def test_anything_else(text: str) -> None:
    assert not is_pinned(text)
