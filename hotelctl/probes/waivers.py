"""What `waivers.toml` says, and what of it is used."""

from hotelctl.config.waivers import FILE_NAME, parse_waivers
from hotelctl.core.errors import NotApplicable, Unavailable, UsageError
from hotelctl.facts.waivers import AnsweredArchives, WaiverBook, WaiverUse
from hotelctl.probes.context import Context


def waiver_book(context: Context) -> WaiverBook:
    """The waivers of the project. Raises `NotApplicable` without the file, `Unavailable` for a spoilt one."""
    try:
        data = context.files.read(context.configuration.project / FILE_NAME)
        waivers = parse_waivers(data, FILE_NAME)
    except FileNotFoundError as error:
        raise NotApplicable(f"there is no {FILE_NAME}: nothing is waived") from error
    except OSError as error:
        raise Unavailable(f"{FILE_NAME}: cannot be read: {error.strerror}") from error
    except UsageError as error:
        raise Unavailable(error.message) from error
    return WaiverBook(FILE_NAME, waivers, context.clock.now().date())


def waiver_use(_context: Context, _book: WaiverBook) -> WaiverUse:
    """That nothing is known of their use: whoever judges other checks before puts a better answer here."""
    return WaiverUse(frozenset(), frozenset())


def answered_archives(context: Context) -> AnsweredArchives:
    """What waivers say that hold today; none where they cannot be read."""
    try:
        book = waiver_book(context)
    except (NotApplicable, Unavailable):
        return AnsweredArchives()
    holding = (one for one in book.waivers if one.scope == "sha256" and not one.refused(book.today))
    return AnsweredArchives(frozenset(one.target for one in holding))
