"""What a password must be like, and what a form says of one that is not."""

from hotelctl.app.domain.texts import Texts

SHORTEST_NEW = 12
LONGEST = 1024


def faults_of_new(t: Texts, new: str, again: str) -> dict[str, str]:
    """What is wrong with a new password that was typed twice, by field; nothing if all is well."""
    if len(new) < SHORTEST_NEW:
        return {"new": t("password.too_short", least=SHORTEST_NEW)}
    if len(new) > LONGEST:
        return {"new": t("password.too_long", most=LONGEST)}
    return {} if new == again else {"again": t("password.differ")}
