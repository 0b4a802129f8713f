"""The scanner's search through the layers of the image that the service file names."""

from collections.abc import Iterable, Mapping

from hotelctl.core.images import BuiltImage
from hotelctl.core.kept import Question
from hotelctl.facts import leak_rules
from hotelctl.facts.layer_leaks import LayerBatches, LayerLeaks
from hotelctl.facts.leaks import Leak, leaks
from hotelctl.probes.context import Context
from hotelctl.probes.leak_search import scan_files, words

_ARCHIVE = "layers.tar"


def layer_leaks(context: Context, image: BuiltImage) -> LayerLeaks:
    """What it finds in them; an image of the same digest is read once.

    Raises:
        Unavailable: the scanner could not judge, or the engine does not give them whole.

    """
    program, *rest = argv = words(_ARCHIVE, context)

    def scan(held: Mapping[str, bytes]) -> Iterable[Leak]:
        return leaks(_ARCHIVE, scan_files(_ARCHIVE, held, context), context.mark, held)[0]

    def ask() -> LayerLeaks:
        batches = LayerBatches(scan)
        layers = context.images.each_file(image.name, batches)
        return batches.leaks(argv, layers)

    inputs = {"image": image.digest.encode(), "mark": context.mark(_ARCHIVE).encode()}
    inputs[leak_rules.FILE] = leak_rules.toml().encode()
    return context.kept.once(LayerLeaks, Question(program, tuple(rest), inputs), ask)
