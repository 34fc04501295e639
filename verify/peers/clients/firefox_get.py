"""python3 firefox_get.py PORT USER PASSWORD PAUSE METHOD URL...: loads pages with Firefox, which finds the login among the saved ones.

It speaks with Firefox in the protocol Marionette: a length, a colon and a JSON array.
"""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

port, user, password, pause, _, *urls = sys.argv[1:]
REALM = "proxy-auth example"

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    marionette = free.getsockname()[1]
profile = pathlib.Path("profile")
profile.mkdir()
preferences = {
    "marionette.port": marionette,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": int(port),
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": int(port),
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": True,
    "signon.autologin.proxy": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.provider.mozilla.updateURL": "",
    "services.settings.server": "data:,",
    "browser.chrome.site_icons": False,
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.server": "",
    "dom.push.connection.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "app.update.enabled": False,
    "browser.topsites.contile.enabled": False,
    "browser.newtabpage.enabled": False,
    "media.gmp-manager.url": "",
}
lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items())
(profile / "user.js").write_text("".join(lines))

command = ["firefox-esr", "--headless", "--marionette", "--remote-allow-system-access", "--profile", profile, "about:blank"]
firefox = subprocess.Popen(command, env=os.environ | {"HOME": os.getcwd()}, stderr=subprocess.DEVNULL)


class Marionette:
    def __init__(self):
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                self.socket = socket.create_connection(("127.0.0.1", marionette), timeout=30)
                break
            if time.monotonic() > deadline:
                sys.exit("Firefox does not start")
            time.sleep(0.2)
        self.stream = self.socket.makefile("rb")
        self.read()
        self.number = 0

    def read(self):
        length = b""
        while (byte := self.stream.read(1)) != b":":
            length += byte
        return json.loads(self.stream.read(int(length)))

    def __call__(self, name, **parameters):
        self.number += 1
        message = json.dumps([0, self.number, name, parameters])
        self.socket.sendall(f"{len(message.encode())}:{message}".encode())
        return self.read()


try:
    call = Marionette()
    call("WebDriver:NewSession", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
    call("Marionette:SetContext", value="chrome")
    script = """
        const [origin, realm, user, password, done] = arguments;
        const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
        login.init(origin, null, realm, user, password, "", "");
        Services.logins.addLoginAsync(login).then(() => {
            // Now it uses the proxy.
            Services.prefs.setIntPref("network.proxy.type", 1);
            done(true);
        }, done);
    """
    arguments = [f"moz-proxy://127.0.0.1:{port}", REALM, user, password]
    print(call("WebDriver:ExecuteAsyncScript", script=script, args=arguments), file=sys.stderr)
    call("Marionette:SetContext", value="content")
    call("WebDriver:SetTimeouts", pageLoad=8000)
    for url in urls:
        print(call("WebDriver:Navigate", url=url), file=sys.stderr)
        time.sleep(float(pause))
finally:
    firefox.kill()
    firefox.wait()
