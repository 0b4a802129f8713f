"""The licence of a package as an SPDX expression, and whether a list of licences allows it.

Source: PEP 639: License-Expression wins; before it there were classifiers and free words, which are
translated where they are one of the usual spellings.
"""

import re
from collections.abc import Callable, Sequence

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from hotelctl.facts.package_metadata import PackageMetadata

_WORDS = re.compile(r"[()]|[^\s()]+")
_LONGEST = 60
# Who passes the program on, or with AGPL and SSPL only lets others use it, owes them the source of it all.
COPYLEFT = re.compile(r"(A?GPL|SSPL|EUPL|OSL|RPL|CPAL)-.*")
_CLASSIFIERS = {
    "MIT License": "MIT", "MIT No Attribution License (MIT-0)": "MIT-0", "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0", "ISC License (ISCL)": "ISC",
    "The Unlicense (Unlicense)": "Unlicense",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v2 (LGPLv2)": "LGPL-2.0-only",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-2.0-or-later",
    "GNU General Public License (GPL)": "GPL-2.0-or-later",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "Zope Public License": "ZPL-2.1", "zlib/libpng License": "Zlib", "Academic Free License (AFL)": "AFL-3.0",
    "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
}  # fmt: skip
_SPELLINGS = {
    "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0", "apache software license 2.0": "Apache-2.0", "mit license": "MIT",
    "the mit license": "MIT", "expat": "MIT", "bsd": "BSD-3-Clause", "new bsd": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause", "modified bsd license": "BSD-3-Clause", "bsd license": "BSD-3-Clause",
    "3-clause bsd": "BSD-3-Clause", "bsd 3-clause": "BSD-3-Clause", "bsd 3-clause license": "BSD-3-Clause",
    "bsd-3": "BSD-3-Clause", "psf": "PSF-2.0", "python software foundation license": "PSF-2.0",
    "mpl 2.0": "MPL-2.0", "isc license": "ISC", "lgplv3+": "LGPL-3.0-or-later", "gplv3": "GPL-3.0-only",
    "gplv3+": "GPL-3.0-or-later", "agplv3": "AGPL-3.0-only", "public domain": "LicenseRef-Public-Domain",
}  # fmt: skip


def expression(package: PackageMetadata) -> str:
    """What it says, in SPDX's terms where it can be told, else in its own first line; empty for nothing."""
    if package.licence_expression:
        return _canonical(package.licence_expression) or package.licence_expression
    said = [one.rpartition(" :: ")[2] for one in package.licence_classifiers]
    known = sorted({_CLASSIFIERS[one] for one in said if one in _CLASSIFIERS})
    if known:
        return " OR ".join(known)
    first = package.licence_text.strip().partition("\n")[0].strip()
    if first and first.upper() != "UNKNOWN":
        return _SPELLINGS.get(first.lower()) or _canonical(first) or first[:_LONGEST]
    return said[0] if said and said[0] != "OSI Approved" else ""


def _canonical(text: str) -> str:
    try:
        return str(canonicalize_license_expression(text))
    except (InvalidLicenseExpression, ValueError):
        return ""


def is_met(said: str, fine: Callable[[str], bool]) -> bool:
    """Whether one can keep to an expression by licences that are `fine`: one of OR, all of AND.

    Words that are no expression are asked as one licence.
    """
    words = _WORDS.findall(said)
    if not _canonical(said):
        return fine(said)
    value, rest = _either(words, fine)
    return value and not rest


def _either(words: Sequence[str], fine: Callable[[str], bool]) -> tuple[bool, Sequence[str]]:
    value, rest = _both(words, fine)
    while rest and rest[0] == "OR":
        other, rest = _both(rest[1:], fine)
        value = value or other
    return value, rest


def _both(words: Sequence[str], fine: Callable[[str], bool]) -> tuple[bool, Sequence[str]]:
    value, rest = _one(words, fine)
    while rest and rest[0] == "AND":
        other, rest = _one(rest[1:], fine)
        value = value and other
    return value, rest


def _one(words: Sequence[str], fine: Callable[[str], bool]) -> tuple[bool, Sequence[str]]:
    if words[0] == "(":
        value, rest = _either(words[1:], fine)
        return value, rest[1:]
    if words[1:2] == ["WITH"]:
        return fine(words[0]) or fine(" ".join(words[:3])), words[3:]
    return fine(words[0]), words[1:]
