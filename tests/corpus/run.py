#!/usr/bin/env python3
"""Runs COMMAND FIELD for each case, with the value on standard input, and compares: run.py COMMAND..."""
import json
import pathlib
import subprocess
import sys

command = sys.argv[1:] or sys.exit(__doc__)
cases = [json.loads(line) for line in pathlib.Path(__file__).with_name("cases.jsonl").open(encoding="ascii")]
failed = 0
for case in cases:
    run = subprocess.run([*command, case["field"]], input=case["raw"].encode("latin-1"), stdout=subprocess.PIPE)
    got = json.loads(run.stdout) if run.returncode == 0 else f"exit status {run.returncode}"
    expected = None if "must_fail" in case else case["tree"]
    if got != expected:
        failed += 1
        print(f"{case['id']}: {case['raw']!r}: {json.dumps(got)} instead of {json.dumps(expected)}")
print(f"{len(cases) - failed} of {len(cases)} cases passed")
sys.exit(failed > 0)
