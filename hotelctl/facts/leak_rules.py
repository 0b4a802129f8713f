"""What betterleaks is told to look for besides what it knows: files of common programs, and how they spell.

Source: crypt(5) for hashes, the file formats of PuTTY and FileZilla, wp-config-sample.php of WordPress, the
settings of Django, Stripe's and Discord's descriptions of their tokens, and what clients of databases take.
"""

import json
import re

from hotelctl.facts.command_rules import COMMANDS
from hotelctl.facts.password_rules import PASSWORDS
from hotelctl.facts.token_rules import KEY_FILES, TOKENS

FILE = "own-rules.toml"
_HASH = (
    r"\$(?:apr1|1|5|6)\$(?:rounds=[0-9]+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}"
    r"|\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}|\$y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}"
    r"|\$argon2(?:id|i|d)\$v=[0-9]+\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[+/A-Za-z0-9]+\$[+/A-Za-z0-9]+"
)
_SALTED = r"\{S?SHA(?:256|512)?\}[+/A-Za-z0-9]{27,}={0,2}"
_DERIVED = r"pbkdf2_sha(?:1|256|512)\$[0-9]+\$[A-Za-z0-9]+\$[+/A-Za-z0-9]{27,}={0,2}|\$P\$[./A-Za-z0-9]{31}"
_SALTS = "AUTH|SECURE_AUTH|LOGGED_IN|NONCE"
_CLIENTS = r"mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump|mariadb-admin"
_WORD = r"""[^\s'"$|;&<>(){}]{6,100}"""

# Name, regular expression, words of which one stands there, and how sure it is.
_RULES = (
    ("password-file-entry", rf"(?m)^[\w.@-]+:({_HASH}|{_SALTED})(?:[:\s]|$)", ("$", "sha"), "medium"),
    ("password-hash", rf"""(?m)(?:^|[\s'"`=(,])({_HASH}|{_DERIVED})""", ("$",), "low"),
    (
        "putty-private-key",
        r"PuTTY-User-Key-File-[0-9]: [^\n]{1,80}\nEncryption: none\r?\n"
        r"(?s:.{1,999}?)Private-Lines: [0-9]+\r?\n([+/=A-Za-z0-9]{32,})",
        ("private-lines",),
        "high",
    ),
    ("filezilla-password", r'<Pass(?: encoding="base64")?>([^<\s]{6,})</Pass>', ("<pass",), "medium"),
    (
        "wordpress-key",
        rf"""define\(\s*['"](?:(?:{_SALTS})_(?:KEY|SALT)|DB_PASSWORD)['"]\s*,\s*(?:'([^'\r\n]{{8,}})'|"([^"\r\n]{{8,}})")""",
        ("define(",),
        "medium",
    ),
    (
        "signing-key",
        r"""\b(?:SECRET_KEY|SECRET_KEY_BASE)\s*=\s*(?:'([^'\s]{32,})'|"([^"\s]{32,})")""",
        ("secret_key",),
        "medium",
    ),
    (
        "discord-bot-token",
        r"\b([MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})\b",
        (),
        "high",
    ),
    ("stripe-webhook-secret", r"\b(whsec_[A-Za-z0-9]{32,64})\b", ("whsec_",), "high"),
    (
        "password-in-url",
        r"""\b[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s:@/'"]*:([^\s@/'"$<>{}]{6,100})@[\w.\[-]""",
        ("://",),
        "low",
    ),
    (
        "password-in-command",
        rf"""\b(?:(?:{_CLIENTS})\b[^\n|;&]{{0,200}}?\s(?:-p|--password=)|sshpass\s+-p\s*)['"]?({_WORD})""",
        ("mysql", "mariadb", "sshpass"),
        "low",
    ),
    (
        "password-assigned",
        rf"""(?i)\b(?:\w+[_.-])?(?:pass|passwd|pwd|passphrase)['"]?\s*(?:=>|:=|=|:)\s*['"]({_WORD})['"]""",
        ("pass", "pwd"),
        "low",
    ),
)

# Beside a rule that is not called so betterleaks drops its own generic ones, which may be surer.
_GENERIC = "generic-"
_GUESSED = (*PASSWORDS, *COMMANDS)
_ALL = (*_RULES, *TOKENS, *((f"{_GENERIC}{name}", regex, words, "low") for name, regex, words in _GUESSED))

OWN = frozenset(name for name, *_ in (*_ALL, *KEY_FILES))
"""They go by the place or the form alone, so that words which are guessed first are none of theirs."""
BESIDE_OTHERS = frozenset(f"{_GENERIC}{name}" for name, *_ in _GUESSED)
"""Of them those that say nothing new where another rule found the same value."""

BY_NAME = frozenset({"generic-api-key", "generic-password", "password-assigned"})
"""They go by the name that a value stands under, whatever it is."""

_KEY_FILE = re.compile("|".join(path for *_, path in KEY_FILES))


def is_key_file(path: str) -> bool:
    """Whether a rule takes all that stands in a file of that path, as one text, for a key."""
    return _KEY_FILE.search(path) is not None


def toml() -> str:
    """The configuration that holds them besides all that betterleaks brings."""
    files = (f"{_rule(name, regex, (), 'medium')}path = '''{path}'''\n" for name, regex, path in KEY_FILES)
    return "\n".join(("[extend]", "useDefault = true", *(_rule(*one) for one in _ALL), *files))


def _rule(name: str, regex: str, keywords: tuple[str, ...], confidence: str) -> str:
    words = ", ".join(json.dumps(word) for word in keywords)
    # Of two that mean one value betterleaks keeps the more specific one: its own knows how sure it is.
    specific = "specificity = -200\n" if name in BESIDE_OTHERS else ""
    return (
        f'\n[[rules]]\nid = "{name}"\ndescription = "{name}"\nconfidence = "{confidence}"\n{specific}'
        f"keywords = [{words}]\nregex = '''{regex}'''\n"
    )
