"""Files that installers write, which hold a digest beside the name of everything that they install."""

import re

_NAME = re.compile(
    r"(?i)(?:^|[/!])(?:[\w.-]+\.lockb?|[\w.-]*lock\.(?:json|ya?ml|hcl)|go\.sum|package\.resolved"
    r"|npm-shrinkwrap\.json|verification-metadata\.xml|gradle-wrapper\.properties|(?:sha|md5|b2)[0-9]*sums?(?:\.txt)?"
    r"|checksums?\.(?:txt|json|sha256)|integrity\.json|[\w.-]+\.(?:sha1|sha256|sha512|md5))$"
)


def is_lock_file(path: str) -> bool:
    """Whether it is one by its name."""
    return _NAME.search(path) is not None
