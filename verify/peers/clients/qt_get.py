"""/usr/bin/python3 qt_get.py PORT USER PASSWORD PAUSE METHOD URL...: Qt's QNetworkAccessManager."""

import sys
import time

from PyQt5.QtCore import QByteArray, QCoreApplication, QEventLoop, QTimer, QUrl
from PyQt5.QtNetwork import QNetworkAccessManager, QNetworkProxy, QNetworkRequest

port, user, password, pause, method, *urls = sys.argv[1:]
application = QCoreApplication([])
manager = QNetworkAccessManager()
# One kind forwards requests, the other opens tunnels.
kind = QNetworkProxy.HttpProxy if urls[0].startswith("https:") else QNetworkProxy.HttpCachingProxy
manager.setProxy(QNetworkProxy(kind, "127.0.0.1", int(port)))
asked = []


def authenticate(_, authenticator):
    # Without an answer, it gives up.
    if len(asked) < 2:
        asked.append(1)
        authenticator.setUser(user)
        authenticator.setPassword(password)


manager.proxyAuthenticationRequired.connect(authenticate)
for url in urls:
    request = QNetworkRequest(QUrl(url))
    request.setHeader(QNetworkRequest.ContentTypeHeader, "application/octet-stream")
    reply = manager.post(request, QByteArray(bytes(65536))) if method == "POST" else manager.get(request)
    reply.sslErrors.connect(lambda *_, reply=reply: reply.ignoreSslErrors())
    loop = QEventLoop()
    reply.finished.connect(loop.quit)
    QTimer.singleShot(15000, loop.quit)
    if not reply.isFinished():
        loop.exec_()
    time.sleep(float(pause))
