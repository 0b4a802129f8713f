"""What a password must be like, and what a form says of one that is not."""

SHORTEST_NEW = 12
LONGEST = 1024


def faults_of_new(new: str, again: str) -> dict[str, str]:
    """What is wrong with a new password that was typed twice, by field; nothing if all is well."""
    if len(new) < SHORTEST_NEW:
        return {"new": f"Use at least {SHORTEST_NEW} characters."}
    if len(new) > LONGEST:
        return {"new": f"Use at most {LONGEST} characters."}
    return {} if new == again else {"again": "The two are not the same."}
