"""Rules for passwords that are given to a program in its command.

Source: the manuals of openssl, redis-cli, gpg, keytool, the clients of LDAP, htpasswd(1), chpasswd(8) and
kubectl.
"""

_WORD = r"""[^\s'"`$|;&<>(){}=,\\]{6,120}={0,2}"""
_QUOTE = r"""\\?['"]?"""
_WAY = r"[^\n|;&]{0,200}?\s"
_SECRETS = r"pass|passwd|password|passphrase|storepass|keypass|token|secret|(?:api|auth|secret|access)-?key"

# Name, regular expression with one group, and words of which one stands there. None is sure.
COMMANDS = (
    (
        "password-option",
        rf"(?i)\s--?(?:\w+-){{0,3}}(?:{_SECRETS})(?:\s+|=){_QUOTE}({_WORD})",
        ("-pass", "-token", "-secret", "-key", "-apikey", "-authkey", "-storepass", "word ", "word="),
    ),
    ("password-of-openssl", rf"\s-pass(?:in|out)?\s+{_QUOTE}pass:({_WORD})", ("pass:",)),
    (
        "password-letter",
        rf"\b(?:redis-cli|valkey-cli|mongodump|mongorestore|mongosh|mongo)\b{_WAY}(?:-a|-p)\s+{_QUOTE}({_WORD})",
        ("redis-cli", "valkey-cli", "mongo"),
    ),
    (
        "password-of-a-directory",
        rf"\bldap(?:search|add|modify|delete|whoami|passwd|compare)\b{_WAY}-w\s*{_QUOTE}({_WORD})",
        ("ldap",),
    ),
    (
        "password-of-htpasswd",
        rf"\bhtpasswd\s+(?:-\w+\s+)*-\w*b\w*\s+(?:-\w+\s+)*\S+\s+\S+\s+{_QUOTE}({_WORD})",
        ("htpasswd",),
    ),
    (
        "password-of-an-account",
        rf"{_QUOTE}\b\w[\w.-]{{0,40}}:({_WORD}){_QUOTE}\s*\|\s*(?:sudo\s+)?chpasswd\b",
        ("chpasswd",),
    ),
    (
        "password-literal",
        rf"(?i)\s--from-literal[=\s]{_QUOTE}[\w.-]{{0,40}}(?:{_SECRETS})={_QUOTE}({_WORD})",
        ("--from-literal",),
    ),
)
