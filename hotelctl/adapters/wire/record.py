"""What a running release asks of its database, and how each statement ends."""

import threading

from hotelctl.adapters.wire.parts import only_parsed
from hotelctl.adapters.wire.session import Session
from hotelctl.facts.old_code import Spoken


class Record:
    """The statements of all sessions that `attend` was called for; nothing of them is held up."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._guard = threading.Lock()
        self._found: list[Spoken] = []

    def attend(self, session: Session) -> None:
        """The session is led to its end. Raises `Gone` where a side is lost."""
        while batch := session.batch():
            sql = session.sql_of(batch).strip()
            answer = session.forward(batch)
            refusal = answer.refusal
            if refusal and not sql:
                sql = only_parsed(batch)
            if sql:
                code, message = (refusal.sqlstate, refusal.message) if refusal else ("", "")
                with self._guard:
                    self._found.append(Spoken(sql, code, message))
            session.release()

    def said(self) -> tuple[Spoken, ...]:
        """What was said so far, in the order of the answers."""
        with self._guard:
            return tuple(self._found)
