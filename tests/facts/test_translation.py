import pytest

from hotelctl.facts.translation import is_text, is_translation


@pytest.mark.parametrize(
    "path",
    [
        "app/translations/de/access.toml",
        "src/i18n/en.json",
        "Locales/fr-FR.yml",
        "locale/de/LC_MESSAGES/django.po",
        "lib/l10n/app_de.arb",
        "res/values-de/strings.xml",
        "src/main/resources/messages_de.properties",
        "Base.lproj/Main.strings",
    ],
)
def test_files_of_translations_are_known_by_their_place_or_name(path: str) -> None:
    assert is_translation(path)


@pytest.mark.parametrize(
    "path",
    ["config/app.toml", "i18n.py", "src/lang", "values/config.xml", "messages.properties.bak", "a.json"],
)
def test_others_are_none(path: str) -> None:
    assert not is_translation(path)


@pytest.mark.parametrize(
    "value",
    [
        "Passwort",
        "Mit E-Mail und Passwort anmelden",
        "Cambiar la contraseña…",
        "Mot de passe oublié ?",
        "L'ancien mot de passe",
        "At least 12 characters.",
        "Noch {count} Versuche",
        "كلمة المرور",
        "पासवर्ड बदलें",
        "パスワード",
        "PASSWORT",
    ],
)
def test_words_are_text(value: str) -> None:
    assert is_text(value)


@pytest.mark.parametrize(
    "value",
    [
        "kXvvqLwZpQ",
        "hunter2",
        "s3cr3t-value",
        "Tr0ub4dor&3",
        "abc_def",
        "4711 815",
        "{count}",
        "",
        "a@b",
        "a=b",
    ],
)
def test_what_could_be_a_secret_is_none(value: str) -> None:
    assert not is_text(value)
