"""The name that a value stands under, and whether things are called so that are no secrets."""

import re

# What stands between a name and its value.
_BETWEEN = re.compile(r"[\s'\"`=:>,|?(\[\]\\{]*$")
_NAME = re.compile(r"[A-Za-z_][\w.-]*$")
_PARTS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_OF_THINGS = """
asset blob build cache chunk column content correlation dedup dedupe event feature field file
foreign group hash host idempotency image index issue item label lookup message namespace node
object parent partition primary project public publishable query react record request route row site
sort span table trace translation unique
"""
_THINGS = frozenset(_OF_THINGS.split())
_OF_REQUESTS = """
action change client continuation cursor fixed fmt identity input make marker next output page
pagination paging request retry sequence start stop sync token update path
"""
_REQUESTS = frozenset(_OF_REQUESTS.split())
_SECRETS = frozenset({"secret", "session", "token", "password", "auth"})
_IDS = frozenset({"id", "uuid", "guid", "uid"})


def name_of(before: str) -> str:
    """The last word of the text in front of a value; empty where none stands there."""
    hit = _NAME.search(_BETWEEN.sub("", before))
    return hit[0] if hit else ""


def names_no_secret(name: str) -> bool:
    """Whether it is the key or the number of a thing: `cacheKey`, `request_id`, `nextToken`."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    if not parts:
        return False
    if parts[-1] in _IDS:
        return _SECRETS.isdisjoint(parts)
    if parts[-1] in ("key", "keys"):
        return len(parts) > 1 and parts[-2] in _THINGS
    if parts[-1] in ("token", "tokens"):
        return len(parts) > 1 and parts[-2] in _REQUESTS
    return bool(parts[-1] == "sitekey")
