// Example values for each field, from RFCs and captures, and with mistakes of real senders.

export const EXAMPLES = {
  'proxy-authenticate': [
    ['Basic', 'Basic realm="Access to internal site", charset="UTF-8"'],
    ['Two field lines', 'Negotiate\nNTLM, Basic realm="Corporate \\"guest\\" proxy"'],
    ['Digest', 'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'],
    ['Missing comma', 'Digest realm="apps" nonce="dcd98b71", qop="auth", Basic realm="apps"'],
    ['Unquoted realm', 'Basic realm=foobar@baz.com, Bearer scope=a/b'],
    ['Open quote', 'NTLM, Basic realm="internal'],
    ['Comma after the scheme', 'Basic, realm="internal"'],
    ['Beyond ASCII', 'Basic realm="Café für Gäste" charset="UTF-8"'],
  ],
  'proxy-authorization': [
    ['Basic', 'Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['Digest', 'Digest username="Mufasa", realm="http-auth@example.org", uri="example.com:443", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv", qop=auth, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"'],
    ['Comma at the end', 'Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==,'],
    ['Unquoted signature', 'AWS4-HMAC-SHA256 Credential=AKID/20130524/us-east-1, Signature=fe5f80'],
  ],
  'proxy-authentication-info': [
    ['Digest', 'nextnonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC", qop=auth, rspauth="8ca523f5e9506fed4657c9700eebdbec", nc=00000001'],
    ['No value', 'nextnonce="5TsQWLVd", qop='],
    ['Missing comma', 'qop=auth nextnonce="5TsQWLVd"'],
  ],
};
