"""What a run is given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Invalid
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.store.hotel_facts import HotelFacts

INSUFFICIENT = "insufficient_data"


@dataclass(frozen=True, slots=True)
class Asked:
    """The caller, the hotel, the moment, and the input that some models need."""

    session: AsyncSession
    asker: Asker
    hotel: HotelFacts
    now: datetime
    question: str | None = None
    kind: str | None = None

    def needed_question(self) -> str:
        """The question.

        Raises Invalid when there is none.
        """
        if self.question is None or not self.question.strip():
            raise Invalid(("body", "question"), "is needed by this model")
        return self.question
