"""The committed results: expected.tsv, and the table PEERS.md that is made from it."""

import re

from notes import note_for, proxy_note_for

COLUMNS = ("basic", "digest", "md5", "all", "tunnel", "wrong", "name", "name, basic", "post", "stale")
HEAD = """# Clients through the example proxy

What {count} clients do with the proxy of `examples/hyper`: `cargo xtask interop` runs those that install fast, and `cargo xtask interop --all` all
of them. Both compare what went over the wire with `verify/peers/expected.tsv`; `--bless` writes it and this table anew.

- **basic**, **SHA-256**, **MD5**: two requests, and one offer alone. **all**: SHA-256, then MD5, then Basic, the default of the proxy.
- **tunnel**: CONNECT, with all on offer. **wrong**: a wrong password, with all on offer.
- **Jäsøn**: a name that is not ASCII, with all on offer, and with Basic alone.
- **POST**: content of 64 KiB or more, with Expect if the client can. **stale**: the nonce expires between two requests.

A cell has the scheme that passed, and how many requests it took, except for browsers, which send requests of their own. `nc 2`: the second
request used the nonce again. A cell in bold did not pass; the numbers say why. `no answer`: the client sent no credentials, so none were refused. No such cell is a fault of this crate.

"""
PROXIES_TITLE = "# The example client through proxies\n"
PROXIES_HEAD = """
What the client of `examples/hyper` does with proxies of others, in the same form. Each has two requests, two requests in tunnels of their own, a
wrong password, and a name that is not ASCII. All these proxies know Digest only with MD5. None sends `rspauth` in
Proxy-Authentication-Info; WEBrick sends it in Authentication-Info.

"""
TITLES = {
    "basic": "basic",
    "digest": "SHA-256",
    "md5": "MD5",
    "name": "Jäsøn",
    "name, basic": "Jäsøn, basic",
    "post": "POST",
}


def read(file):
    if not file.exists():
        return {}
    lines = (line.rstrip("\n").split("\t") for line in file.open(encoding="utf-8") if not line.startswith("#"))
    return {(name, mode): said for name, mode, said in lines}


def requests(said):
    return [request for connection in said.split("; ") for request in connection.split(", ")]


def passes(mode, said):
    """Checks that the last request passed; with a wrong password, that none did."""
    if mode == "wrong":
        return " 200" not in said
    is_accepted = "200" in requests(said)[-1].split(" ")
    return is_accepted and (mode != "stale" or " stale" in said)


def is_explained(key, said):
    return passes(key[1], said) or note_for(*key) is not None


def agree(mode, said, expected, varies):
    """Compares what was said with what is expected; if it varies, only the scheme and whether it passed."""
    if not varies:
        return said == expected
    return passes(mode, said) == passes(mode, expected) and scheme_of(said) == scheme_of(expected)


def scheme_of(said):
    """Returns the scheme, or the algorithm of Digest, of the last request with credentials."""
    found = re.findall(r" (Basic|Digest (\S+))", said)
    return (found[-1][1] or found[-1][0]) if found else None


def cell(mode, said, varies=False):
    words = requests(said)[-1].split(" ")
    if mode == "wrong":
        return "refused" if scheme_of(said) else "no answer"
    if not passes(mode, said):
        return "**nothing**" if said == "nothing" else f"**{words[-1] if words[-1].isdigit() else 407}**"
    parts = [scheme_of(said) or "no answer"]
    if varies:
        return parts[0]
    parts.append(str(len(requests(said))))
    if " nc=2 200" in said:
        parts.append("nc 2")
    if " Expect" in said and " 100 " in said:
        parts.append("Expect")
    return ", ".join(parts)


def read_versions(file):
    return dict(row.split("\t") for row in file.read_text().splitlines()) if file.exists() else {}


def write_versions(file, versions):
    file.write_text("".join(f"{name}\t{version}\n" for name, version in sorted(versions.items())))


def write_results(file, results):
    head = "# peer\tmode\twhat was said: requests with their responses; connections are separated by semicolons\n"
    rows = (f"{name}\t{mode}\t{said}\n" for (name, mode), said in results.items())
    file.write_text(head + "".join(rows), encoding="utf-8")


def write(dir, results, versions, browsers):
    """Writes both files. Versions of clients that did not run are kept."""
    known = read_versions(dir / "versions.tsv") | versions
    write_versions(dir / "versions.tsv", known)
    write_results(dir / "expected.tsv", results)
    numbers = {}
    names = list(dict.fromkeys(name for name, _ in results))
    rows = []
    for name in names:
        row = [name, known.get(name, "")]
        for mode in COLUMNS:
            said = results.get((name, mode))
            if said is None:
                row.append("")
                continue
            text = cell(mode, said, name in browsers)
            if not passes(mode, said):
                number = numbers.setdefault(note_for(name, mode), len(numbers) + 1)
                text += f" ({number})"
            row.append(text)
        rows.append(row)
    titles = ["Client", "Version", *(TITLES.get(mode, mode) for mode in COLUMNS)]
    file = dir.parent.parent / "PEERS.md"
    _, _, proxies = file.read_text(encoding="utf-8").partition(PROXIES_TITLE)
    table = "".join(f"| {' | '.join(row)} |\n" for row in (titles, ["---"] * len(titles), *rows))
    notes = "".join(f"{number}. {note}\n" for note, number in numbers.items())
    text = f"{HEAD.format(count=len(names))}{table}\n{notes}"
    file.write_text(f"{text}\n{PROXIES_TITLE}{proxies}" if proxies else text, encoding="utf-8")


def write_proxies(dir, results, versions):
    """Writes proxies.tsv, and the second table of PEERS.md. Versions of proxies that did not run are kept."""
    known = read_versions(dir / "proxy_versions.tsv") | versions
    write_versions(dir / "proxy_versions.tsv", known)
    write_results(dir / "proxies.tsv", results)
    numbers, rows = {}, []
    for name in dict.fromkeys(name for name, _ in results):
        proxy, scheme = name.rsplit(", ", 1)
        row = [proxy, known.get(name, ""), scheme]
        for mode in ("get", "tunnel", "wrong", "name"):
            said = results.get((name, mode))
            text = "" if said is None else cell(mode, said)
            if said is not None and not passes(mode, said):
                number = numbers.setdefault(proxy_note_for(name, mode), len(numbers) + 1)
                text += f" ({number})"
            row.append(text)
        rows.append(row)
    notes = "".join(f"{number}. {note}\n" for note, number in numbers.items())
    lines = [["Proxy", "Version", "It asks for", "two requests", "two tunnels", "wrong", "Jäsøn"], ["---"] * 7, *rows]
    file = dir.parent.parent / "PEERS.md"
    text = file.read_text(encoding="utf-8").split(PROXIES_TITLE)[0].rstrip("\n")
    table = "".join(f"| {' | '.join(row)} |\n" for row in lines)
    file.write_text(f"{text}\n\n{PROXIES_TITLE}{PROXIES_HEAD}{table}\n{notes}", encoding="utf-8")
