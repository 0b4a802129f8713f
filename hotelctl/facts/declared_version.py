"""The version that a project's own file declares."""

import json
import tomllib


def declared_version(name: str, data: bytes) -> str:
    """`version` of a package.json, else `[project].version` of a TOML file.

    Raises:
        ValueError: it is neither, or declares no version as a text.

    """
    text = data.decode("utf-8-sig")
    try:
        found = (
            json.loads(text)["version"]
            if name.endswith(".json")
            else tomllib.loads(text)["project"]["version"]
        )
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{name} declares no version") from error
    if not isinstance(found, str):
        raise ValueError(f"{name}: version is no text")  # noqa: TRY004 - what the file holds, not what was passed
    return found
