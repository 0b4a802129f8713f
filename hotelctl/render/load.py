"""Reading a `report.json` again."""

from pydantic import ValidationError

from hotelctl.core.errors import UsageError
from hotelctl.render.document import Document


def load(data: bytes, name: str) -> Document:
    """The document in `data`; `name` is what people call the file.

    Raises:
        UsageError: it is no report of this schema.

    """
    try:
        return Document.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        place = f" at {where}" if where else ""
        raise UsageError(f"{name} is no report that can be read: {first['msg']}{place}") from error
