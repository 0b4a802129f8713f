import pytest

from hotelctl.facts.code_settings import classes, settings_reads, with_settings


def found(*texts: str) -> list[tuple[str, ...]]:
    every = [one for n, text in enumerate(texts) for one in classes(f"{n}.py", text)]
    return sorted(read.names for read in settings_reads(every)[0])


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("    port: int = 1\n    _own: int = 2\n", [("PORT",)]),
        ("    model_config = SettingsConfigDict(env_prefix='A_')\n    port: int\n", [("A_PORT",)]),
        ("    model_config = {'env_prefix': 'A_'}\n    port: int\n", [("A_PORT",)]),
        ("    port: int\n    class Config:\n        env_prefix = 'A_'\n", [("A_PORT",)]),
        ("    model_config = {'env_prefix': 'A_'}\n    p: int = Field(1, alias='PORT')\n", [("PORT",)]),
        ("    p: int = Field(validation_alias='port_no', alias='X')\n", [("PORT_NO",)]),
        ("    p: int = Field(validation_alias=AliasChoices('A', 'B', AliasPath('c', 0)))\n", [("A", "B")]),
        ("    p: Annotated[int, Field(alias='A')] = 1\n", [("A",)]),
        ("    p: int = Field(env=['A', 'B'])\n", [("A", "B")]),
        ("    p: ClassVar[int] = 1\n", []),
    ],
)
def test_names_with_prefix_and_aliases(body: str, names: list[tuple[str, ...]]) -> None:
    assert found(f"class S(BaseSettings):\n{body}") == names
    assert found(f"class S(BaseModel):\n{body}") == []


def test_a_prefix_may_stand_in_the_head() -> None:
    assert found("class S(BaseSettings, env_prefix='a_'):\n    port: int\n") == [("A_PORT",)]


def test_a_class_of_another_file_is_a_base() -> None:
    base = "class Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='A_')\n    x: int\n"
    assert found(base, "class S(Base):\n    y: int\n") == [("A_X",), ("A_Y",)]


def test_fields_of_a_base_are_read_under_the_prefix_of_its_heirs() -> None:
    text = "class B(BaseSettings):\n    x: int\nclass S(B, env_prefix='S_'):\n    y: int\n"
    assert found(text) == [("S_X",), ("S_Y",)]


def test_nested_names_begin_with_the_field() -> None:
    text = "class S(BaseSettings, env_prefix='A_', env_nested_delimiter='__'):\n    db: dict\n"
    assert settings_reads(classes("a.py", text))[1] == ("A_DB__",)


def test_classes_that_are_their_own_bases_end() -> None:
    assert found("class A(B): x: int\nclass B(A): y: int\n") == []


def test_only_files_with_settings_are_named() -> None:
    texts = {
        "a.py": "class A(pydantic_settings.BaseSettings):\n    x: int\n",
        "b.py": "class B(\n    A,\n    Mixin,\n): pass\n",
        "c.py": "class C(Other): pass\n",
        "d.py": "# class Some(Other\nif True:\n\tclass D(BaseSettings): pass\n",
        "e.py": "a = 'class E(BaseSettings)'\n# class E(BaseSettings):\n",
        "f.py": "x = 1\n",
    }
    assert with_settings(texts) == ("a.py", "b.py", "d.py")


@pytest.mark.parametrize(
    ("field", "needed"),
    [
        ("p: int", True),
        ("p: int | None", True),
        ("p: int = Field(alias='P')", True),
        ("p: int = Field(..., gt=0)", True),
        ("p: Annotated[int, Field(gt=0)]", True),
        ("p: int = 1", False),
        ("p: str = secrets.token_hex(8)", False),
        ("p: int = Field(1, alias='P')", False),
        ("p: list[int] = Field(default_factory=list)", False),
        ("p: Annotated[int, Field(gt=0)] = 1", False),
        ("p: Annotated[int, Field(default=1)]", False),
    ],
)
def test_a_field_without_a_default_is_needed(field: str, needed: bool) -> None:  # noqa: FBT001 - a fact
    (read,) = settings_reads(classes("s.py", f"class S(BaseSettings):\n    {field}\n"))[0]
    assert read.needed is needed
