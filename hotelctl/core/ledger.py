"""Where a database keeps account of its migrations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """The table in which a database says which revisions it has; one without these columns is another's.

    `table` is as SQL writes it, with or without a schema.
    """

    table: str
    columns: tuple[str, ...]
