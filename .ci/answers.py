#!/usr/bin/env python3
"""Ends with 0 when the address $1 answers 200 within five seconds."""

import sys
import urllib.request
from http import HTTPStatus

with urllib.request.urlopen(sys.argv[1], timeout=5) as answer:
    sys.stdout.write(f"{sys.argv[1]} {answer.status} {answer.read(200).decode('utf-8', 'replace')}\n")
    sys.exit(answer.status != HTTPStatus.OK)
