import pytest

from hotelctl.facts.idle_tests import IdleTest, idle_tests

A = "tests/test_a.py"


def _idle(text: str, **others: str) -> list[str]:
    sources: dict[str, bytes | str] = {A: text.encode()}
    sources |= {f"tests/{name}.py": other.encode() for name, other in others.items()}
    return [test.name for test in idle_tests(sources, [A]).idle]


@pytest.mark.parametrize(
    "body",
    [
        "assert f() == 1",
        "with pytest.raises(ValueError): f()",
        "with warns(UserWarning): f()",
        "self.assertEqual(f(), 1)",
        "mock.assert_called_once()",
        "check_page(f())",
        "expect(page).to_have_title('x')",
        "_require_ready(f())",
        "pytest.fail('no')",
        "if f() != 1: raise ValueError",
        "async with f() as x:\n        assert x",
    ],
)
def test_what_can_fail_is_an_assertion(body: str) -> None:
    assert _idle(f"async def test_it(self):\n    {body}\n") == []


@pytest.mark.parametrize(
    "body",
    [
        "f()",
        "pass",
        "assert True",
        "assert 'it works'",
        "print(f() == 1)",
        "def boom(): raise ValueError",
        "checkout(f())",
        "client.get('/')",
        "failure = f()",
    ],
)
def test_what_holds_whatever_happens_is_none(body: str) -> None:
    assert _idle(f"def test_it(client):\n    {body}\n") == ["test_it"]


def test_place_and_number_of_tests_are_told() -> None:
    text = b"import x\n\ndef test_a():\n    f()\n\nclass TestB:\n    def test_c(self):\n        assert x\n"
    found = idle_tests({A: text}, [A])
    assert (found.tests, found.idle, found.unread) == (2, (IdleTest(A, 3, "test_a"),), {})


def test_helpers_that_assert_count_wherever_they_stand() -> None:
    text = "def test_it():\n    same(1)\n\ndef same(x):\n    other(x)\n"
    assert _idle(text, made="def other(x):\n    assert x == 1\n") == []
    assert _idle(text, made="def other(x):\n    return x == 1\n") == ["test_it"]
    assert (
        _idle(
            "def test_it():\n    World().holds(1)\n", made="class World:\n def holds(self, x): assert x == 1"
        )
        == []
    )


def test_a_helper_that_raises_for_its_own_reasons_asserts_nothing() -> None:
    for error, idle in (("ValueError", ["test_it"]), ("AssertionError('no')", [])):
        assert _idle("def test_it():\n    got(1)\n", made=f"def got(x):\n    raise {error}\n") == idle


def test_a_helper_of_the_same_file_hides_others() -> None:
    text = "def test_it():\n    same(1)\n\ndef same(x):\n    return x\n"
    assert _idle(text, made="def same(x):\n    assert x == 1\n") == ["test_it"]


def test_what_a_helper_says_to_the_type_checker_does_not_count() -> None:
    for said in ("x is not None", "isinstance(x, int)", "x"):
        assert _idle("def test_it():\n    got(1)\n", made=f"def got(x):\n    assert {said}\n") == ["test_it"]


def test_methods_of_plain_values_are_not_followed() -> None:
    made = "class Box:\n    def append(self, x):\n        assert x == 1\n"
    assert _idle("def test_it():\n    [].append(1)\n", made=made) == ["test_it"]


FIXTURE = "@pytest.fixture\ndef box():\n    {}\n    yield 1\n    {}\n"


def test_a_fixture_counts_for_what_it_asserts_in_the_end() -> None:
    text = "def test_it(box):\n    f()\n"
    assert _idle(text, conftest=FIXTURE.format("f()", "assert f() == 1")) == []
    assert _idle(text, conftest=FIXTURE.format("assert f() == 1", "f()")) == ["test_it"]
    inner = "@fixture()\ndef box():\n    def held(x):\n        assert x == 1\n    return held\n"
    assert _idle(text, conftest=inner) == []
    used = "@pytest.mark.usefixtures('box')\ndef test_it():\n    f()\n"
    assert _idle(used, conftest=FIXTURE.format("f()", "assert f() == 1")) == []
    assert _idle("def test_it():\n    box()\n", conftest=FIXTURE.format("f()", "assert f() == 1")) == [
        "test_it"
    ]


def test_a_fixture_that_is_called_like_a_test_is_none() -> None:
    assert _idle("@pytest.fixture\ndef test_data():\n    return 1\n") == []


def test_files_that_cannot_be_read_are_named() -> None:
    found = idle_tests({A: b"def test_it(:\n", "tests/test_b.py": "is too large"}, [A, "tests/test_b.py"])
    assert found.unread == {
        A: "is no Python that this one can parse (SyntaxError)",
        "tests/test_b.py": "is too large",
    }
