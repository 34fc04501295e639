"""Writes the cases of the corpus as a table in C: corpus_table.py CASES.JSONL >corpus_table.h

The tree of a case becomes one text, which corpus.c writes from what it reads: scheme, token68 and parameters, each with its length.
"""

import json
import sys

FIELDS = {"proxy-authenticate": "PA_CHALLENGES", "proxy-authorization": "PA_CREDENTIALS", "proxy-authentication-info": "PA_INFO"}


def literal(text):
    """One array element for each byte: a string literal may have only 4095 of them."""
    return "{" + ",".join(str(byte) for byte in text.encode("latin-1") + b"\0") + "}"


def piece(kind, text):
    return f"{kind}{len(text)}:{text}"


def flat(field, tree):
    if field == "proxy-authentication-info":
        tree = [{"scheme": "", "token68": None, "params": tree}]
    out = ""
    for item in tree:
        out += piece("s", item["scheme"])
        out += piece("t", item["token68"]) if item["token68"] is not None else ""
        out += "".join(piece("n", name) + piece("v", value) for name, value in item["params"])
    return out


table = []
for line in open(sys.argv[1], encoding="ascii"):
    case = json.loads(line)
    tree = None if "must_fail" in case else flat(case["field"], case["tree"])
    name = case["id"]
    print(f"static const unsigned char raw_{name}[] = {literal(case['raw'])};")
    if tree is not None:
        print(f"static const unsigned char tree_{name}[] = {literal(tree)};")
    known = f"tree_{name}, sizeof tree_{name} - 1" if tree is not None else "NULL, 0"
    table.append(f'{{ "{name}", {FIELDS[case["field"]]}, raw_{name}, sizeof raw_{name} - 1, {known} }},')
print("static const struct { const char *id; uint32_t field; const unsigned char *raw; size_t raw_len; const unsigned char *tree; size_t tree_len; }")
print("cases[] = {", *table, "};", sep="\n")
