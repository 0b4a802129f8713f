"""Rules for passwords where a common program or format puts them, which is no assignment that is known well.

Source: the manuals of netrc(5), libpq's password file, ldap.conf(5), redis.conf, postfix' sasl_passwd, msmtp,
fetchmail, wpa_supplicant.conf(5), ipsec.secrets(5), OpenVPN, RFC 7517, RFC 2849, and what SQL,
Ansible, Docker and Kubernetes let people write.
"""

# As a whole word or behind another one: DB_PASSWORD, smtp-pass, apiToken.
_NAMED = r"[\w.-]{0,40}(?:pass|passwd|passwort|password|pwd|passphrase|secret|token|api[_-]?key|auth[_-]?key)"
_BARE = r"""[^\s'"$`<>{}()\[\],;|&=:][^\s'"$`<>{}()\[\],;|&]{7,119}"""
_IN_QUOTES = r"""['"]([^\s'"$<>{}]{8,120})['"]"""
_PLAIN = r"""[^\s'"<>;&,()\[\]{}]{6,100}"""

# Name, regular expression with one group, and words of which one stands there. None is sure.
PASSWORDS = (
    ("netrc-password", rf"(?i)\bmachine\s+\S+\s+login\s+\S+\s+password\s+({_PLAIN})", ("machine",)),
    ("pgpass-password", r"(?m)^[\w.*-]+:(?:[0-9]{2,5}|\*):[\w.*-]+:[\w.*-]+:([^\s:]{8,100})$", (":",)),
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
        "password-line",
        rf"(?im)^[ \t]*(?:export\s+|ENV\s+|ARG\s+|set\s+)?{_NAMED}[ \t]*(?:=|:|[ \t])[ \t]*({_BARE})\s*$",
        ("pass", "pwd", "secret", "token", "key"),
    ),
    (
        "password-variable",
        rf"(?m)(?:^|[ \t;])[A-Z0-9_]{{0,40}}(?:PASS|PASSWD|PASSWORD|PWD)=['\"]?({_PLAIN})",
        ("pass", "pwd"),
    ),
    (
        "password-in-words",
        rf"(?i)\b(?:password|pwd|ansible_\w*pass)\s?=\s?({_PLAIN})[\s;'\"]",
        ("password", "pwd", "pass"),
    ),
    ("password-in-markup", rf"(?i)<[\w:]{{0,40}}pass(?:word|wd|phrase)?>\s*({_PLAIN})\s*</", ("pass",)),
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
        "password-key",
        rf"""(?i)['"]{_NAMED}['"]\]?\s*(?:=>|=|:)\s*{_IN_QUOTES}""",
        ("pass", "pwd", "secret", "token", "key"),
    ),
    (
        "named-value",
        rf"""(?i)['"]?(?:name|key)['"]?\s*:\s*['"]?{_NAMED}['"]?\s*,?\s*['"]?value['"]?\s*:\s*(?:{_IN_QUOTES}|({_BARE}))""",
        ("value",),
    ),
    (
        "value-of-a-name",
        rf"""(?i)['"]?value['"]?\s*:\s*(?:{_IN_QUOTES}|({_BARE}))\s*,?\s*['"]?(?:name|key)['"]?\s*:\s*['"]?{_NAMED}['"]?\s""",
        ("value",),
    ),
    (
        "password-block",
        rf"""(?im)^[ \t]*['"]?{_NAMED}['"]?:\s*[|>][0-9+-]*\s*\n\s+({_BARE})\s*$""",
        ("pass", "pwd", "secret", "token", "key"),
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
