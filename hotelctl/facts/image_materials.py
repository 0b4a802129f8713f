"""What an image is made of: the packages of its system and of its Python, as a bill of materials.

Source: CycloneDX 1.6, JSON; package URLs.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hotelctl.facts.layer_contents import LayerContents
from hotelctl.facts.layer_files import Hiding
from hotelctl.facts.package_lists import ABOUT, Material


@dataclass(slots=True)
class Materials:
    """Takes the contents of one layer after the other, oldest first; the last file of a path counts."""

    _lists: dict[str, tuple[Material, ...]] = field(default_factory=dict)
    _systems: dict[str, str] = field(default_factory=dict)

    def __call__(self, layer: LayerContents) -> None:
        """Take the next one."""
        hides = Hiding(layer.hidden)
        for found in (self._lists, self._systems):
            for path in [one for one in found if hides(one)]:
                del found[path]
        self._lists |= layer.materials
        self._systems |= layer.systems

    @property
    def system(self) -> str:
        """The distribution as it calls itself, such as `debian`; empty where the image has none."""
        return next((self._systems[path] for path in ABOUT if self._systems.get(path)), "")

    def every(self) -> tuple[Material, ...]:
        """All of them, sorted."""
        return tuple(sorted({one for told in self._lists.values() for one in told}))


def bill(found: Materials, image: str, digest: str, created: str) -> bytes:
    """The bill of that image, the same bytes each time; `created` is the time of its commit in ISO 8601."""
    system = found.system
    repository, _, tag = image.rpartition(":")
    root: Mapping[str, Any] = {
        "type": "container",
        "bom-ref": digest,
        "name": repository,
        "version": tag,
        "hashes": [{"alg": "SHA-256", "content": digest.removeprefix("sha256:")}],
    }
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{_uuid(digest)}",
        "version": 1,
        "metadata": {"timestamp": created, "component": root},
        "components": [_component(one, system) for one in found.every()],
    }
    return json.dumps(document, indent=1, sort_keys=True).encode()


def _component(one: Material, system: str) -> dict[str, Any]:
    url = one.url(system)
    told = {"evidence": {"occurrences": [{"location": f"/{one.place}"}]}}
    return {
        "type": "library",
        "bom-ref": f"{url}#{one.place}",
        "name": one.name,
        "version": one.version,
        "purl": url,
        **told,
    }


def _uuid(digest: str) -> str:
    """One that follows from the image, of the version for such ones."""
    hexes = hashlib.sha256(digest.encode()).hexdigest()
    return f"{hexes[:8]}-{hexes[8:12]}-8{hexes[13:16]}-a{hexes[17:20]}-{hexes[20:32]}"
