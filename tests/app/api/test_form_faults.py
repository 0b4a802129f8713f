from typing import Annotated

from pydantic import BaseModel, Field

from hotelctl.app.api.form_faults import faults


class _Shape(BaseModel):
    name: Annotated[str, Field(min_length=1)]
    age: int


_WORDS = {"name": "Say a name.", "age": "A number, please."}


def test_each_field_that_is_refused_has_its_words() -> None:
    assert faults(_Shape, {"name": "", "age": "old"}, _WORDS) == _WORDS
    assert faults(_Shape, {"name": "A"}, _WORDS) == {"age": "A number, please."}


class _Outer(BaseModel):
    inner: _Shape
    many: list[int]


def test_of_a_field_within_a_field_the_inner_one_is_named() -> None:
    given = {"inner": {"name": "A", "age": "old"}, "many": [1, "x"]}
    words = {**_WORDS, "many": "Numbers, please."}
    assert faults(_Outer, given, words) == {"age": "A number, please.", "many": "Numbers, please."}


def test_all_well_is_nothing() -> None:
    assert faults(_Shape, {"name": "A", "age": "7"}, _WORDS) == {}
