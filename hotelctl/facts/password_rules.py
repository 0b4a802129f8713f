"""Rules for passwords where a common program or format puts them, which is no assignment that is known well.

Source: the manuals of netrc(5), libpq's password file, ldap.conf(5), redis.conf, postfix' sasl_passwd, msmtp,
fetchmail, wpa_supplicant.conf(5), ipsec.secrets(5), OpenVPN, RFC 7517, RFC 2849, and what SQL,
Ansible, Docker and Kubernetes let people write.
"""

# As a whole word or behind another one: DB_PASSWORD, smtp-pass, apiToken.
_SECRETS = (
    r"pass|passwd|passwort|password|kennwort|pwd|passphrase|passcode|secret|token"
    r"|(?:api|auth|access|secret|signing|encryption|master|private|account)[_-]?key"
)
_NAMED = rf"[\w.-]{{0,40}}(?:{_SECRETS}|_pat)"
# One of these stands in whatever meets them. A search through a file costs a hundred times that for words, so
# they say as much as can be said without leaving anything out.
_KEYS = ("api", "auth", "access", "secret", "signing", "encryption", "master", "private", "account")
_SECRET_WORDS = (
    *("pass", "pwd", "kennwort", "secret", "token"),
    *(f"{one}{gap}key" for one in _KEYS for gap in ("", "_", "-") if one != "secret"),
)
_NAMED_WORDS = (*_SECRET_WORDS, *(f"_pat{after}" for after in ("'", '"', ",", ":", "v", *" \t\n\f\r")))
_LAST_OF_A_NAME = tuple(
    f"{end}{quote},"
    for end in ("pass", "wd", "wort", "word", "phrase", "code", "secret", "token", "key")
    for quote in ("'", '"')
)
_PORTS = ("*:", *(f"{digit}:" for digit in range(10)))
_BARE = r"""[^\s'"$`<>{}()\[\],;|&=:][^\s'"$`<>{}()\[\],;|&]{7,119}"""
_IN_QUOTES = r"""['"]([^\s'"$<>{}]{8,120})['"]"""
_QUOTED = r"""[^\s'"`\\$<>{}\x00-\x1f-][^\s'"`\\$<>{}\x00-\x1f]{7,119}"""
_PLAIN = r"""[^\s'"<>;&,()\[\]{}]{6,100}"""
_QUOTE = r"""\\?['"`]"""
# What stands between a name and its value in languages that tell the type, or a default of another.
_TYPED = r"(?:[ \t]*:[ \t]*[&\w][\w&'.<>\[\]|? ]{0,30}|[ \t]+\w[\w.\[\]]{0,20})?"
_ARGUMENT = r"""(?:'[^'\n]{0,200}'|"[^"\n]{0,200}"|[\w.$>-]{1,60})\s*,\s*"""
_WITH_DIGIT = r"""[^\s'"`(){}<>;\x00-\x1f]{0,60}[0-9][^\s'"`(){}<>,.;:\x00-\x1f]{0,60}"""
_SAID = (
    *(f"{name} {verb}" for name in ("password", "passphrase", "passcode") for verb in ("is", "was", "now")),
    *(f"{name} {verb}" for name in ("passwort", "kennwort") for verb in ("ist", "lautet")),
)
_COMPARED = tuple(
    f"{name}{gap}{sign}"
    for name in ("password", "passwd", "passphrase", "passcode", "secret")
    for gap in ("", " ")
    for sign in ("==", "!=")
)
_CELL = r"(?:[^|\n]*\|)"
_BETWEEN = r"(?:[^,;\n]*[,;])"
_COLUMNS = 5


def _times(regex: str, number: int) -> str:
    """So often: an engine that compiles all rules at once takes no repetition of nothing."""
    return f"{regex}{{{number}}}" if number else ""


# Name, regular expression with one group, and words of which one stands there. None is sure.
PASSWORDS = (
    ("netrc-password", rf"(?i)\bmachine\s+\S+\s+login\s+\S+\s+password\s+({_PLAIN})", ("machine",)),
    ("pgpass-password", r"(?m)^[\w.*-]+:(?:[0-9]{2,5}|\*):[\w.*-]+:[\w.*-]+:([^\s:]{8,100})$", _PORTS),
    ("mail-password", r"(?m)^\[?[\w-]+\.[\w.-]+\]?(?::[0-9]{2,5})?\s+[\w.@+-]+:([^\s:]{8,100})$", (":",)),
    (
        "password-of-a-program",
        rf"(?im)^[ \t]*(?:bindpw|rootpw|requirepass|masterauth|password|passphrase|rocommunity|rwcommunity)"
        rf"\s+['\"]?({_PLAIN})['\"]?(?:\s|$)",
        ("bindpw", "rootpw", "requirepass", "masterauth", "password", "passphrase", "community"),
    ),
    (
        "mail-password-word",
        rf"""(?i)\buser(?:name)?\s+\S+\s+(?:there\s+)?pass(?:word)?\s+['"]?({_PLAIN})""",
        ("pass",),
    ),
    (
        "password-given",
        rf"(?i)(?:{_SECRETS})(?:{_QUOTE}?[\])]{{0,2}}|{_TYPED})[ \t]*(?:=>|:=|=|\|\||\?\?|:)[ \t]*"
        rf"{_QUOTE}({_QUOTED}){_QUOTE}",
        ("pass", "pwd", "kennwort", "secret", "token", "key"),
    ),
    (
        "password-compared",
        rf"(?i)(?:password|passwd|passphrase|passcode|secret)[ \t]*(?:={{2,3}}|!==?)"
        rf"[ \t]*['\"]({_QUOTED})['\"]",
        _COMPARED,
    ),
    (
        "password-as-a-default",
        rf"(?i)(?:get|getenv|default|fetch|env|define)\(\s*['\"][\w.-]{{0,40}}(?:{_SECRETS})['\"],\s*['\"]({_QUOTED})['\"]",
        _LAST_OF_A_NAME,
    ),
    (
        "password-set",
        rf"(?i)(?:(?:set|with|use)_?[\w]{{0,30}}|\.)(?:password|passwd|pwd|passphrase|secret|token|api_?key)\(\s*['\"]({_QUOTED})['\"]\s*\)",
        ("word(", "secret(", "token(", "passphrase(", "passwd(", "pwd(", "apikey(", "api_key("),
    ),
    (
        "password-of-a-pair",
        rf"""(?i)\b(?:login|\w*basic_?auth|\w*credentials?|passwordauthentication|auth)\s*=?\s*\(\s*{_ARGUMENT}['"]({_PLAIN})['"]\s*\)""",
        ("login(", "auth(", "auth=(", "auth = (", "credential", "authentication("),
    ),
    (
        "password-of-a-connection",
        rf"""(?i)\b(?:dbi->connect|new\s+pdo|getconnection|mysqli?_connect|new\s+mysqli)\s*\(\s*{_ARGUMENT}{_ARGUMENT}['"]({_PLAIN})['"]""",
        ("dbi->connect", "new pdo", "getconnection", "mysqli"),
    ),
    (
        "default-of-a-variable",
        rf"""(?i)\bvariable\s+"{_NAMED}"\s*\{{[^}}]{{0,300}}?\bdefault\s*=\s*"([^"$\s]{{6,100}})\"""",
        ("variable",),
    ),
    (
        "default-of-a-reference",
        rf"(?i)\$\{{{_NAMED}:?[-=]([^\s'\"`$<>{{}}]{{6,100}})\}}",
        ("${",),
    ),
    (
        "password-in-a-sentence",
        rf"(?i)\b(?:pass(?:word|wort|code|phrase)|kennwort)\s+(?:is|ist|lautet|was|now)\s*:?\s+['\"`]?({_WITH_DIGIT})",
        _SAID,
    ),
    (
        "password-after-words",
        rf"(?i)\b(?:password|passwort|kennwort|passwd)[*_]{{0,2}}:[*_]{{0,2}}[ \t]+['\"`]?({_WITH_DIGIT})"
        r"(?:[\s'\"`,.;:*)]|$)",
        ("password:", "passwort:", "kennwort:", "passwd:", "password*", "passwort*"),
    ),
    (
        "password-in-a-table",
        r"(?im)(?:"
        + "|".join(
            rf"^\|{_times(_CELL, column)}\s*pass(?:word|wort|wd)?\s*\|[^\n]*\n\|[-| :]+\n"
            rf"\|{_times(_CELL, column)}[ \t`]*([^\s|`]{{8,100}})[ \t`]*\|"
            for column in range(_COLUMNS)
        )
        + ")",
        ("| pass", "|pass"),
    ),
    (
        "password-in-a-column",
        r"(?im)(?:"
        + "|".join(
            rf"^{_times(_BETWEEN, column)}\s*['\"]?(?:{_SECRETS}|secret access key)['\"]?"
            rf"\s*(?:[,;][^\n]*)?\n{_times(_BETWEEN, column)}['\"]?([^\s,;'\"]{{8,100}})['\"]?\s*(?:[,;]|$)"
            for column in range(_COLUMNS)
        )
        + ")",
        (
            "password,",
            "password;",
            ",password",
            ";password",
            "passwort",
            "secret access key",
            ",token",
            ",secret",
        ),
    ),
    (
        "password-of-a-switch",
        rf"(?im)^\s*(?:user(?:name)?\s+\S+\s+(?:privilege\s+[0-9]+\s+)?|enable\s+)(?:insecure-password|password|secret)\s+(?:[0-9]\s+)?['\"]?({_PLAIN})",
        ("user", "enable"),
    ),
    (
        "password-of-a-driver",
        r"\b[\w.-]{1,40}:([^\s:@/'\"$<>{}]{6,100})@(?:tcp|unix|udp)\(",
        ("@tcp(", "@unix(", "@udp("),
    ),
    (
        "login-of-bundler",
        r"(?m)^BUNDLE_[A-Z0-9_]+:\s*['\"]?[\w.-]+:([^\s:'\"]{8,100})['\"]?\s*$",
        ("bundle_",),
    ),
    (
        "password-line",
        rf"(?im)^[ \t]*(?:export\s+|ENV\s+|ARG\s+|set\s+)?{_NAMED}[ \t]*(?:=|:|[ \t])[ \t]*({_BARE})\s*$",
        ("pass", "pwd", "secret", "token", "key"),
    ),
    (
        "password-variable",
        rf"(?m)(?:^|[ \t;,'\"`])[A-Z0-9_]{{0,40}}"
        rf"(?:PASS|PASSWD|PASSWORD|PWD|SECRET|TOKEN|KEY|_PAT)=['\"]?({_PLAIN})",
        ("pass", "pwd", "secret", "token", "key", "_pat"),
    ),
    (
        "password-in-words",
        rf"(?i)\b(?:password|pwd|ansible_\w*pass)\s?=\s?({_PLAIN})[\s;'\"]",
        ("password", "pwd", "pass"),
    ),
    (
        "password-in-markup",
        rf"(?i)<[\w:]{{0,40}}(?:pass(?:word|wd|phrase)?|token|secret|api-?key)>\s*({_PLAIN})\s*</",
        ("pass", "token", "secret", "key"),
    ),
    (
        "password-attribute",
        r"""(?i)\b(?:\w{0,30}pass(?:word|wd|phrase)?|psk)=['"]([^'"$<>{}\s]{6,100})['"]""",
        ("pass", "psk"),
    ),
    (
        "setting-attribute",
        rf"""(?i)\b(?:key|name)=['"]{_NAMED}['"]\s+value=['"]([^'"$<>{{}}\s]{{8,120}})['"]""",
        ("value=",),
    ),
    (
        "named-value",
        rf"""(?i)['"]?(?:name|key)['"]?\s*:\s*['"]?{_NAMED}['"]?\s*,?\s*['"]?value['"]?\s*:\s*(?:{_IN_QUOTES}|({_BARE}))""",
        _NAMED_WORDS,
    ),
    (
        "value-of-a-name",
        rf"""(?i)['"]?value['"]?\s*:\s*(?:{_IN_QUOTES}|({_BARE}))\s*,?\s*['"]?(?:name|key)['"]?\s*:\s*['"]?{_NAMED}['"]?\s""",
        _NAMED_WORDS,
    ),
    (
        "password-block",
        rf"""(?im)^[ \t]*['"]?{_NAMED}['"]?:\s*[|>][0-9+-]*\s*\n\s+({_BARE})\s*$""",
        _NAMED_WORDS,
    ),
    (
        "password-in-sql",
        r"(?i)\b(?:identified\s+(?:with\s+\w+\s+)?by|(?:encrypted\s+)?password)\s+'([^'\s$<>{}]{6,100})'",
        ("identified", "password"),
    ),
    (
        "password-of-sudo",
        r"""(?i)\becho\s+['"]?([^\s'"$|]{6,100})['"]?\s*\|\s*sudo\s+(?:-\w+\s+)*-S""",
        ("sudo",),
    ),
    (
        "password-of-a-login",
        rf"(?i)\b(?:docker|podman|helm|buildah|skopeo|oras|az)\s[^\n|;&]{{0,120}}?\s(?:-p|--password)[\s=]+['\"]?({_PLAIN})",
        ("login",),
    ),
    (
        "secure-string",
        r"""(?i)\bConvertTo-SecureString\s+(?:-String\s+)?['"]([^'"$\s]{6,100})['"]""",
        ("convertto-securestring",),
    ),
    (
        "wireguard-key",
        r"(?m)^[ \t]*(?:PrivateKey|PresharedKey)[ \t]*=[ \t]*([A-Za-z0-9+/]{43}=)",
        ("privatekey", "presharedkey"),
    ),
    ("private-jwk", r'"d"\s*:\s*"([A-Za-z0-9_-]{40,700})"', ("kty",)),
    ("directory-password", r"(?im)^userPassword::?\s+([^\s{]{8,100})\s*$", ("userpassword",)),
    ("shared-key", r'(?m)\bPSK\s+"([^"\s]{8,100})"', ("psk",)),
    ("openvpn-static-key", r"-----BEGIN OpenVPN Static key V1-----\s+([0-9a-fA-F]{32})\s", ("openvpn",)),
)
