"""Names that say of a value that it is secret, even where a page shows it to everybody."""

import re

_NAME = re.compile(r"(SECRET|PASSWORD|PASSWD|PRIVATE|SERVICE_ROLE|CREDENTIALS?)(_KEY)?$")


def is_exposed_secret(key: str) -> bool:
    """Whether `key` calls its value a secret; keys that pages need, such as API_KEY of a map, are none."""
    return _NAME.search(key) is not None
