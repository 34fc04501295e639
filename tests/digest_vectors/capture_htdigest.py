"""Prints a file created by Apache's htdigest, with a tab and the password after each line.

    python3 capture_htdigest.py > htdigest.tsv
"""

import os
import pathlib
import pty
import subprocess
import sys
import tempfile

USERS = [
    ("aladdin", "apps", "open sesame"),
    ("Mufasa", "testrealm@host.com", "Circle Of Life"),
    ("Jäsøn Doe", "Büro", "Secret, or not?"),
    ('al"ad"din', 'test "this" realm!!', '"\\'),
    ("WORKGROUP\\aladdin", "WORKGROUP\\apps", "a:b:c"),
    ("a", "", "b"),
]


def htdigest(path, user, realm, password):
    """Runs htdigest, which asks for the password twice on a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("htdigest", ["htdigest", str(path), realm, user])
    for _ in range(2):
        shown = b""
        while b"assword:" not in shown:
            shown += os.read(terminal, 1024)
        os.write(terminal, password.encode() + b"\n")
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:
        pass
    if os.waitpid(pid, 0)[1]:
        sys.exit(f"htdigest failed for {user}")


def main():
    version = subprocess.check_output(["dpkg-query", "--show", "apache2-utils"], text=True).split()[1]
    print(f"# Made by capture_htdigest.py with htdigest of Debian's apache2-utils {version}.")
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory, "htdigest")
        path.touch()
        for user in USERS:
            htdigest(path, *user)
        for line, (_, _, password) in zip(path.read_text().splitlines(), USERS, strict=True):
            print(f"{line}\t{password}")


main()
