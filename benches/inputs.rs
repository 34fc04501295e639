//! The field values for the benchmarks, the instruction counts and the comparison with peers.

/// A field value, and its name in the tables.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

fn input(name: &'static str, value: impl Into<String>) -> Input {
    let value = value.into();
    Input { name, value }
}

pub(crate) const ONE_BASIC: &str = r#"Basic realm="Access to internal site""#;

/// RFC 9110, section 11.6.1.
pub(crate) const RFC_9110: &str = r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple""#;

/// RFC 7616, section 3.9.1: both challenges, in one list.
pub(crate) const TWO_DIGESTS: &str = concat!(
    r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, "#,
    r#"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", "#,
    r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, "#,
    r#"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
);

/// The challenges of a company's proxy.
pub(crate) const FOUR_SCHEMES: &str = concat!(
    r#"Negotiate, NTLM, Basic realm="proxy.example.com", "#,
    r#"Digest realm="proxy.example.com", qop="auth", algorithm=SHA-256, "#,
    r#"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", stale=false"#,
);

/// RFC 7617, section 2.
pub(crate) const BASIC_CREDENTIALS: &str = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

/// RFC 7616, section 3.9.1: ten parameters.
pub(crate) const DIGEST_CREDENTIALS: &str = concat!(
    r#"Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, "#,
    r#"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, "#,
    r#"cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, "#,
    r#"response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
);

/// Values of Proxy-Authenticate.
pub(crate) fn challenges() -> [Input; 10] {
    [
        input("one Basic", ONE_BASIC),
        input("RFC 9110's two", RFC_9110),
        input("two Digest", TWO_DIGESTS),
        input("four schemes", FOUR_SCHEMES),
        input("escapes, 64 KiB", escapes(64 << 10)),
        input("4000 parameters", params(4000)),
        input("token, 8 KiB", token(8 << 10)),
        input("token, 48 KiB", token(48 << 10)),
        input("commas, 64 KiB", ",".repeat(64 << 10)),
        input("spaces, 64 KiB", " ".repeat(64 << 10)),
    ]
}

/// The first of [`TWO_DIGESTS`].
pub(crate) fn digest_challenge() -> &'static str {
    TWO_DIGESTS.split(", Digest").next().unwrap_or_default()
}

/// Creates a challenge of Negotiate with a token of `len` base64 digits.
fn token(len: usize) -> String {
    format!("Negotiate {}", "YIIGhgYGKwYBBQUC".repeat(len / 16))
}

/// Creates a challenge with a realm of escaped quotes, `len` bytes long.
fn escapes(len: usize) -> String {
    format!("Basic realm=\"{}\"", "\\\"".repeat(len / 2))
}

fn params(count: usize) -> String {
    let params: Vec<_> = (0..count).map(|index| format!("name{index}=\"value\"")).collect();
    format!("Newauth {}", params.join(", "))
}
