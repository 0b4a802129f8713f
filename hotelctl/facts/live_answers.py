"""What an instance answers to whoever is not logged in, and what it lets one tenant see of another."""

from dataclasses import dataclass

from hotelctl.facts.running_service import Asked


@dataclass(frozen=True, slots=True)
class Crossing:
    """A request for what belongs to another tenant: made by its owner and by somebody else."""

    owner: Asked
    stranger: Asked


@dataclass(frozen=True, slots=True)
class LiveAnswers:
    """The answers of one instance; `place` says which, `https` whether people reach it by that.

    `pages` are plain looks, the last of them at a path that nobody serves. `origins` are asked as pages of
    other sites ask, `intruders` by somebody who may not come in: a status of 401 or 403 refuses them, and a
    redirect to `log_in_page`. `entered` are the answers to right passwords. `hidden` are asked of an instance
    in production only.
    """

    place: str
    profile: str
    https: bool
    pages: tuple[Asked, ...]
    origins: tuple[Asked, ...] = ()
    intruders: tuple[Asked, ...] = ()
    log_in_page: str | None = None
    crossings: tuple[Crossing, ...] = ()
    entered: tuple[Asked, ...] = ()
    readable_cookies: tuple[str, ...] = ()
    hidden: tuple[Asked, ...] = ()

    @property
    def nobodys(self) -> Asked:
        """The answer for a path that nobody serves."""
        return self.pages[-1]
