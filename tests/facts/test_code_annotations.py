import ast

import pytest

from hotelctl.facts.code_annotations import shape_of
from hotelctl.facts.code_reads import ValueShape


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        ("int", ValueShape("int")),
        ("Optional[PositiveInt]", ValueShape("int")),
        ("float | None", ValueShape("float")),
        ("Annotated[bool, Field(alias='X')]", ValueShape("bool")),
        ("pydantic.PostgresDsn", ValueShape("url")),
        ("EmailStr", ValueShape("email")),
        ("pathlib.Path", ValueShape("path")),
        ("list[str]", ValueShape("json")),
        ("SecretStr", ValueShape(secret=True)),
        ("Literal['a', 'b'] | None", ValueShape(choices=("a", "b"))),
        ("Literal[1, 2]", None),
        ("str", None),
        ("int | str", None),
        ("Union[int, str]", None),
        ("Annotated[list[str], BeforeValidator(parse)]", None),
        ("Annotated[list[str], NoDecode]", None),
        ("timedelta", None),
        ("Level", None),
    ],
)
def test_an_annotation_tells_what_a_value_must_look_like(annotation: str, shape: ValueShape | None) -> None:
    assert shape_of(ast.parse(annotation, mode="eval").body) == shape
