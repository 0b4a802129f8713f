"""A client that wants each answer before it has ended what it says: `python -m ... URL WORDS...`."""

import json
import sys

from psycopg import pq
from psycopg.pq.abc import PGconn

END = "the end"


def said(url: str, *words: str) -> list[str]:
    """How each is answered, sent as one pipeline in which each answer is asked for ahead of its end.

    `END` ends it and begins another one; so does the last word.

    `PREPARE ` in front of one only prepares it. Behind a refusal nothing is answered up to the end.
    """
    client = pq.PGconn.connect(url.encode())
    client.enter_pipeline_mode()
    found, broken = [], False
    for number, sql in enumerate((*words, END)):
        if sql == END:
            client.pipeline_sync()
        elif sql.startswith("PREPARE "):
            client.send_prepare(f"p{number}".encode(), sql.removeprefix("PREPARE ").encode())
        else:
            client.send_query_params(sql.encode(), [])
        if sql != END:
            client.send_flush_request()
        client.flush()
        if not broken or sql == END:
            found.append(_answer(client))
            broken = found[-1] not in {"COMMAND_OK", "TUPLES_OK", "PIPELINE_SYNC"}
    client.finish()
    return found


def _answer(client: PGconn) -> str:
    """Of the next statement that was not passed over."""
    while True:
        answer = client.get_result()
        if answer is None:
            continue
        status = pq.ExecStatus(answer.status)
        if status is pq.ExecStatus.PIPELINE_ABORTED:
            continue
        if status is pq.ExecStatus.FATAL_ERROR:
            return (answer.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
        return status.name


if __name__ == "__main__":
    sys.stdout.write(json.dumps(said(*sys.argv[1:])))
