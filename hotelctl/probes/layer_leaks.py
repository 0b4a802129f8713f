"""The scanner's search through the layers of the image that the service file names."""

from collections.abc import Iterable, Mapping

from hotelctl.core.images import BuiltImage
from hotelctl.core.kept import Question
from hotelctl.core.layers import LayerQuestion
from hotelctl.facts import leak_rules
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.layer_leaks import FoundLeaks, LayerBatches, LayerLeaks, together
from hotelctl.facts.leaks import Leak, leaks
from hotelctl.probes.context import Context
from hotelctl.probes.leak_search import search_files, words

_ARCHIVE = "layers.tar"


def layer_leaks(context: Context, image: BuiltImage) -> LayerLeaks:
    """What it finds in them; a layer of the same digest is searched once.

    Raises:
        Unavailable: the scanner could not judge, or the engine does not give them whole.

    """
    program, *rest = argv = words(_ARCHIVE, context)

    def scan(held: Mapping[str, bytes]) -> Iterable[Leak]:
        return leaks(_ARCHIVE, search_files(_ARCHIVE, held, context), context.mark, held)[0]

    inputs = {"mark": context.mark(_ARCHIVE).encode(), leak_rules.FILE: leak_rules.toml().encode()}
    here = LayerQuestion(FoundLeaks, Question(program, tuple(rest), inputs), lambda: LayerBatches(scan))
    told = context.images.layers(image.name, (CONTENTS, here), context.kept_layers)
    return together(argv, told.of(CONTENTS), told.of(here))
