"""Holds the signature vectors against Python's own hmac: run with `python3 check.py`, in this folder or any other."""

import hashlib
import hmac
import json
import pathlib

vectors = json.loads(pathlib.Path(__file__).with_name("authentication.json").read_text(encoding="utf-8"))
checked = 0
for vector in vectors:
    if vector["scheme"] != "body_hmac" or len(vector["headers"]) != 1:
        continue
    name, value = vector["headers"][0]
    if name.lower() != "x-signature":
        continue
    digest = value.strip(" \t").lower()
    for prefix in ("sha256=", "sha1="):
        digest = digest.removeprefix(prefix)
    body = vector["body"].encode()
    algorithms = [hashlib.sha256, hashlib.sha1]
    signed = [
        position
        for position, secret in enumerate(vector["secrets"])
        if digest in [hmac.new(secret.encode(), body, algorithm).hexdigest() for algorithm in algorithms]
    ]
    outcome = vector["outcome"]
    if isinstance(outcome, int):
        assert signed == [outcome], vector["note"]
    elif outcome == "credential_wrong":
        assert signed == [], vector["note"]
    checked += 1
print(f"{checked} passed, 0 failed")
