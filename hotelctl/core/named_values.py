"""Values whose name says that they are secret, as they stand in settings, headers, JSON and commands.

A name says it loudly, and stands in prose, code and reports as well: a value counts where it is no word, no
placeholder, no number, no piece of code and no place in a file. Nobody can tell a password that is one plain
word from those.
"""

import re
from collections.abc import Iterator

_LOUD = (
    r"pass(?:word|wd|phrase)|secret(?:[-_]?key)?|token|(?:api|access|private|signing|encryption|master)[-_]?key|"
    r"authorization|(?<![a-z])auth|(?<=[_-])pwd"
)
# One of these stands in each name.
NEEDLES = ("passw", "passphrase", "secret", "token", "key", "auth", "pwd")
_GAP = r"[ \t]{0,9}"
_QUOTE = r"\\{0,3}[\"']"
# The word before the value in a header; what is given to an option of a command stands apart.
_SCHEME = r"(?:(?:bearer|basic|token|digest|apikey)[ \t]{1,9})?"
_JOINED = rf"(?:{_QUOTE})?{_GAP}(?:=>|=(?!=)|:(?![:=]))"
# Where words of a command are a list, a new line may stand between them.
_APART = rf"(?<=--)(?:[a-z]{{1,20}}-){{0,4}}(?:{_LOUD})(?:{_QUOTE},\s{{0,40}}|(?=[ \t]))"
_WHOLE = rf"(?P<quote>{_QUOTE})(?P<quoted>(?:(?!(?P=quote))(?:\\[^\n]|[^\\\n])){{1,2000}})(?P=quote)"
# Up to what may follow it: the next one of several, or what has been hidden already.
_BARE = rf"(?:{_QUOTE})?(?P<bare>(?:(?![&,;][\w.-]{{1,40}}=|\[redacted )[^\s\"'`\\]){{1,20000}})"
NAMED = re.compile(
    rf"(?:(?:{_LOUD}){_JOINED}|{_APART}){_GAP}"
    rf"{_SCHEME}(?!\\*[\"']?\[redacted )(?:{_WHOLE}|{_BARE})",
    re.ASCII | re.IGNORECASE,
)
_FEWEST, _LONG = 6, 12
# No word and no code is that long; it also bounds how often the same signs are looked at.
_ENDLESS = 200
_ENDS = ".,;:)]}>"
_FILE_ENDS = (
    r"(?:py|toml|ya?ml|json|env|sql|md|txt|log|ini|cfg|conf|pem|key|crt|html?|[jt]s|sh|lock|j2|po|whl)"
)
_IDENTIFIER = r"[A-Za-z_]+(?:\.[A-Za-z_]+)*"
_NO_VALUE = re.compile(
    # A placeholder of a shell, of a template, of a format, or of an example; a star for each letter.
    r"\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+)|(?:\$\{|\$\(|\$\$|\{|<|%\(|%\{|\{\{).*|(.)\1*"
    # A number, a version, a day, a rule.
    r"|[-+]?[\d.,_:%]+[A-Za-z]{0,2}|v?\d+(?:\.\d+)+[A-Za-z0-9.+-]*|\d{4}-\d\d-\d\d\S*|[A-Z]{2,4}\d{3}"
    # The name of a variable, and code.
    rf"|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|{_IDENTIFIER}(?:[(\[](?:.*[)\]]|\d{{0,4}}))?"
    # A directory, a place in a file, an address.
    r"|(?:~|\.{1,2})?(?:/(?:\.?[a-z_][\w.@-]*|[A-Z][a-z]+))+/?"
    rf"|[\w./-]*\.{_FILE_ENDS}(?::\d+)*|[a-z][a-z+.-]*://.*",
    re.ASCII,
)
_MARK = re.compile(r"\[redacted [^\]]{1,40}\]")
_LETTER, _SIGN = re.compile(r"[^\W\d_]"), re.compile(r"\d|[!@#$%^~]")


def places(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each stands, in order; what it held is gone on from where it was none."""
    if not may_name(text):
        return
    at = 0
    while (hit := NAMED.search(text, at)) is not None:
        group = "bare" if hit["quoted"] is None else "quoted"
        start, end = hit.span(group)
        value = hit[group].rstrip(_ENDS) if group == "bare" else hit[group]
        if any(map(is_value, _MARK.sub(" ", value).split())):
            end = start + len(value)
            yield start, end
            at = end
        else:
            at = start


def may_name(text: str) -> bool:
    """False where no such name stands in it: quick."""
    small = text.lower()
    return any(needle in small for needle in NEEDLES)


def is_value(word: str) -> bool:
    """Whether a word beside such a name is taken for a secret."""
    word = word.rstrip(_ENDS)
    if len(word) >= _ENDLESS:
        return True
    if word.isalpha():
        # Words of which a name is made begin with a great letter, and go on with small ones.
        great = sum(map(str.isupper, word))
        return len(word) >= _LONG and len(word) < 4 * great < 3 * len(word)
    if len(word) < _FEWEST or _NO_VALUE.fullmatch(word):
        return False
    return _LETTER.search(word) is not None and _SIGN.search(word) is not None
