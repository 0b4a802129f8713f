"""What the real program finds by the rules that are handed to it."""

import base64
import hashlib
import random
import re
import string
from pathlib import Path

import pytest

from hotelctl.facts import leak_rules
from hotelctl.probes.leak_search import leaks_in
from tests.probes import real
from tests.probes.worlds import World

_CLASSES = (string.ascii_lowercase, string.digits, string.ascii_uppercase)


def _new(number: int) -> str:
    """So many letters and digits in turn, the same each time: some drawn ones look like words."""
    drawn = random.Random(number)  # noqa: S311 - which letters, not secrecy
    return "".join(drawn.choice(_CLASSES[n % 3]) for n in range(number))


def _found(place: Path, text: str, name: str = "a.txt") -> set[tuple[str, str]]:
    """Rule and confidence of everything in a file with that text, in which `<9>` is nine letters."""
    text = re.sub(r"<(\d+)>", lambda hit: _new(int(hit[1])), text)
    context = real.context(place, place / "work", World())
    return {(one.rule, one.confidence) for one in leaks_in("t.tar", {name: text.encode()}, context).found}


_PUTTY = """PuTTY-User-Key-File-3: ssh-ed25519
Encryption: HOW
Comment: ada
Public-Lines: 1
<64>
Private-Lines: 1
<48>
"""


@pytest.mark.system
@pytest.mark.parametrize(
    ("rule", "confidence", "text"),
    [
        ("password-file-entry", "medium", "ada:$apr1$<8>$<22>\n"),
        ("password-file-entry", "medium", "ada:{SHA}<27>=\n"),
        ("password-file-entry", "medium", "x\nroot:$6$<12>$<86>:19000:0:99999:7:::\n"),
        ("password-hash", "low", "  (1, 'ada', '$2b$12$<53>'),\n"),
        ("password-hash", "low", "a = 'pbkdf2_sha256$600000$<12>$<43>='\n"),
        ("putty-private-key", "high", _PUTTY.replace("HOW", "none")),
        ("filezilla-password", "medium", '<Pass encoding="base64"><16></Pass>\n'),
        ("wordpress-key", "medium", "define( 'AUTH_KEY',  '<30>$%(! <30>' );\n"),
        ("signing-key", "medium", "SECRET_KEY = 'django-insecure-<20>$#(=<25>'\n"),
        ("discord-bot-token", "high", "with M<23>.<6>.<38> it answers\n"),
        ("stripe-webhook-secret", "high", "hook whsec_<32>\n"),
        ("password-in-url", "low", "redis://:<14>@cache.acme.io:6379/0\n"),
        ("password-in-url", "low", "postgresql+psycopg://app:<14>@db.acme.io/x\n"),
        ("password-in-command", "low", "mysqldump -u root -p<12> shop > shop.sql\n"),
        ("password-in-command", "low", "sshpass -p '<12>' ssh ada@acme.io\n"),
        ("password-assigned", "low", "  pass: '<14>',\n"),
        ("password-assigned", "low", 'smtp_pass = "<14>"\n'),
    ],
)
def test_what_programs_keep_and_are_called_with_is_found(
    tmp_path: Path, rule: str, confidence: str, text: str
) -> None:
    assert (rule, confidence) in _found(tmp_path, text)


@pytest.mark.system
@pytest.mark.parametrize(
    "text",
    [
        "postgres://app:${DB_PASS}@db/x\nredis://cache:6379/0\npostgres://app@db/x\n",
        "mysqldump -u root -p$DB_PASS shop\nmysqldump -u root -p shop\nmysql --password=\n",
        "postgres://app:change-me@db/x\npass: 'password1'\n",
        "pass: read_from(vault)\npassed = 'nothing-of-the-kind'\nbypass = True\n",
        "SECRET_KEY = os.environ['SECRET_KEY']\nSECRET_KEY = 'short'\n",
        _PUTTY.replace("HOW", "aes256-cbc"),
        "ada:x:1000:1000::/srv/ada:/bin/sh\nroot:!:19000:0:99999:7:::\n",
        "<Pass></Pass>\nwhsec_...\n",
    ],
)
def test_references_and_encrypted_keys_are_none_of_them(tmp_path: Path, text: str) -> None:
    own = {rule for rule, _ in _found(tmp_path, text)}
    assert not {rule for rule in own if f'id = "{rule}"' in leak_rules.toml()}


_PASSWORDS = {
    ".netrc": "machine acme.io login ada password <14>\n",
    "_netrc": "machine acme.io\n  login ada\n  password <14>\n",
    ".pgpass": "db.acme.io:5432:shop:ada:<14>\n",
    "rclone.conf": "[x]\ntype = sftp\npass = <30>\n",
    "settings.xml": "<server><username>ada</username><password><14></password></server>\n",
    "tomcat-users.xml": '<user username="ada" password="<14>" roles="x"/>\n',
    "odbc.ini": "[x]\nUID=sa\nPWD=<14>\n",
    "hosts.ini": "w1 ansible_ssh_pass=<14> ansible_port=22\n",
    "wpa.conf": 'network={\n  psk="<14>"\n}\n',
    "ldap.conf": "bindpw <14>\n",
    "redis.conf": "requirepass <14>\n",
    "sasl_passwd": "[smtp.acme.io]:587 ada@acme.io:<14>\n",
    ".msmtprc": "user ada\npassword <14>\n",
    ".fetchmailrc": 'poll imap.acme.io user "ada" password "<14>"\n',
    "jwk.json": '{"kty":"EC","d":"<43>"}\n',
    "users.ldif": "userPassword:: <14>==\n",
    "a.sh": "PGPASSWORD=<14> psql -h db\n",
    "b.sh": "echo '<14>' | sudo -S true\n",
    "c.sh": "docker run -e DB_PASSWORD=<14> x\n",
    "d.sh": "docker login -u ada -p <14> acme.io\n",
    "a.sql": "CREATE USER ada IDENTIFIED BY '<14>';\n",
    "b.sql": "ALTER ROLE ada WITH LOGIN PASSWORD '<14>';\n",
    "ci.json": '[{"key": "DB_PASSWORD", "value": "<14>", "masked": false}]\n',
    "a.yaml": "env:\n  - name: DB_PASSWORD\n    value: <14>\n",
    "b.yaml": "env:\n  - value: '<14>'\n    name: DB_PASSWORD\n",
    "c.yaml": "data:\n  password: >-\n    <18>\n",
    "d.yaml": "data:\n  api_key: |\n    <32>\n",
    "a.php": "<?php $cfg['password'] = '<14>';\n",
    "App.cs": 'var c = "Server=db;User Id=sa;Password=<14>;";\n',
    "a.config": '<add key="ApiKey" value="<32>"/>\n',
    "a.ps1": '$p = ConvertTo-SecureString "<14>" -AsPlainText\n',
    "Dockerfile": "FROM x\nENV DB_PASSWORD <14>\n",
    "a.ini": "[x]\npassphrase = <18>\n",
    "dsn.py": 'DSN = "host=db user=ada password=<14> dbname=x"\n',
    "ipsec.secrets": '10.0.0.1 : PSK "<24>"\n',
}
_NONE = {
    "a.py": "password = settings.smtp_password\nsecret: DatabaseSecret\ntoken = get_access_token\n",
    "b.py": 'PASSWORD = getpass.getpass()\npassword = PasswordField("password", validators=[Required()])\n',
    "a.ts": "login(user: string, password: string): Promise<AccessToken>;\napiKey: process.env.API_KEY,\n",
    "a.yaml": "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef: {name: db, key: password}\n",
    "b.yaml": "password: ${DB_PASSWORD}\ntoken: op://ops/deploy/token\nsecret: {{ vault_secret }}\n",
    "Dockerfile": "FROM python:3.12-slim\nARG API_TOKEN\n",
    "a.md": "Set the password: at least twelve characters.\nmachine readable, login required\n",
    "a.sql": "ALTER ROLE ada WITH PASSWORD :'password';\n",
    "a.xml": "<password>${db.password}</password>\n",
}


def _drawn(name: str, number: int) -> str:
    """So many letters, the same each time: what is drawn anew may happen to be a word."""
    digest = base64.b64encode(hashlib.sha512(name.encode()).digest()).decode()
    return re.sub(r"[^A-Za-z0-9]", "", digest)[:number]


@pytest.mark.system
def test_passwords_are_found_where_programs_put_them_and_no_code_is_one(tmp_path: Path) -> None:
    context = real.context(tmp_path, tmp_path / "work", World())
    filled = {
        name: re.sub(r"<(\d+)>", lambda hit: _drawn(name, int(hit[1])), text)  # noqa: B023 - used at once
        for name, text in _PASSWORDS.items()
    }
    told = leaks_in("t.tar", {name: text.encode() for name, text in filled.items()}, context).found
    assert set(filled) - {one.path for one in told} == set()
    none = leaks_in("n.tar", {name: text.encode() for name, text in _NONE.items()}, context).found
    assert [(one.path, one.line, one.rule) for one in none if one.doubt == ""] == []


@pytest.mark.system
def test_a_place_that_is_guessed_takes_nothing_from_a_rule_that_is_surer(tmp_path: Path) -> None:
    text = "A = 1\nPASSWORD = '<14>-<9>'\n[x]\npassword = <18>\n"
    context = real.context(tmp_path, tmp_path / "work", World())
    filled = re.sub(r"<(\d+)>", lambda hit: _new(int(hit[1])), text).encode()
    told = leaks_in("t.tar", {"a.py": filled}, context).found
    assert sorted(one.line for one in told) == [2, 4], "told by one rule each"
    assert told[0].rule == "generic-password"


@pytest.mark.system
def test_a_key_is_found_wherever_it_stands_in_a_long_file_without_an_empty_line(tmp_path: Path) -> None:
    tokens = (f"ghp_{hashlib.sha256(str(number).encode()).hexdigest()[:36]}" for number in range(600))
    words = "and so on\n" * 10_000
    text = words + "".join(f'KEY = "{one}"\n' for one in tokens) + words
    context = real.context(tmp_path, tmp_path / "work", World())
    found = leaks_in("t.tar", {"a/long.js": text.encode()}, context).found
    assert {one.path for one in found} == {"a/long.js"}
    assert sorted(one.line for one in found) == [*range(10_001, 10_601)]
