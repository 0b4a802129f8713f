"""Every topic that a request can have; what else a model names is no request."""

from hotelctl.app.domain.assistant import faults, matters, things
from hotelctl.app.domain.assistant.wishes import Wish

TOPICS: dict[str, Wish] = {**things.catalogue(), **faults.catalogue(), **matters.catalogue()}
