"""Who has to sign a validation off before a deploy.

[environments.production.approvals]
needed = 2
roles = ["release-manager", "operations"]
signers = "allowed_signers"        # as ssh-keygen reads it: NAME[,NAME] TYPE KEY
"""

from typing import Annotated

from pydantic import Field

from hotelctl.config.table import Table
from hotelctl.facts.signoff import ROLE

Role = Annotated[str, Field(pattern=ROLE)]


class Approvals(Table):
    """So many people of these roles, none of whom wrote the commit; `signers` is below the project."""

    needed: Annotated[int, Field(ge=0, le=20)] = 0
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = (
        "release-manager",
        "engineering",
        "operations",
        "security",
    )
    signers: Annotated[str, Field(min_length=1)] = "allowed_signers"
