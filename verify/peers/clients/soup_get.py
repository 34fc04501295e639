"""/usr/bin/python3 soup_get.py PORT USER PASSWORD PAUSE METHOD URL...: libsoup 3."""

import sys
import time

import gi

gi.require_version("Soup", "3.0")
from gi.repository import Gio, GLib, Soup  # noqa: E402

port, user, password, pause, method, *urls = sys.argv[1:]
session = Soup.Session(proxy_resolver=Gio.SimpleProxyResolver.new(f"http://127.0.0.1:{port}", None))


def authenticate(message, auth, is_retry):
    if not is_retry:
        auth.authenticate(user, password)
    return not is_retry


for url in urls:
    message = Soup.Message.new(method, url)
    message.connect("authenticate", authenticate)
    message.connect("accept-certificate", lambda *_: True)
    if method == "POST":
        message.set_request_body_from_bytes("application/octet-stream", GLib.Bytes.new(bytes(65536)))
    try:
        session.send_and_read(message, None)
    except GLib.Error as error:
        print(error, file=sys.stderr)
    time.sleep(float(pause))
