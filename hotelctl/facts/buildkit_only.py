"""What of a Dockerfile only BuildKit builds."""

from hotelctl.facts.dockerfile import Dockerfile, Instruction

_OF_RUN = ("--mount", "--network", "--security")
_OF_COPY = ("--link", "--chmod", "--checksum", "--parents", "--exclude", "--keep-git-dir", "--unpack")


def buildkit_only(file: Dockerfile) -> Instruction | None:
    """The first instruction that the engine's classic builder does not know; None where it knows all."""
    every = (one for _, one in file.every("RUN", "COPY", "ADD"))
    return next((one for one in every if one.heredocs or any(map(_is_new, one.flags))), None)


def _is_new(flag: str) -> bool:
    return flag.partition("=")[0] in (*_OF_RUN, *_OF_COPY)
