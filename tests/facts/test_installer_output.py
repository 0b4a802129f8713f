from hotelctl.facts.installer_output import complaint

_MISMATCH = """\
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package \
versions, please update the hashes. Otherwise, examine the package contents carefully; someone may have \
tampered with them.
    psycopg==3.3.2 from https://example.org/psycopg-3.3.2-py3-none-any.whl (from -r r.txt (line 1)):
        Expected sha256 00
        Expected     or 07
             Got        d2
"""


def test_the_package_with_the_wrong_hash_is_named() -> None:
    assert complaint(_MISMATCH) == "psycopg==3.3.2 is not what its hash in the requirements promises"


def test_the_last_error_is_the_reason() -> None:
    said = (
        "ERROR: Could not find a version that satisfies the requirement x==9 (from versions: none)\n"
        "ERROR: No matching distribution found for x==9\n"
    )
    assert complaint(said) == "No matching distribution found for x==9"


def test_other_words_are_no_reason() -> None:
    assert complaint("WARNING: a newer pip is there\n") == ""
