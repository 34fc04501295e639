//! The proxy variables of the environment.

use proxy_auth_tower::client::{ErrorKind, Policy, Proxies, Proxy};

/// Returns the proxies for `http://a.example/` and `https://a.example/`.
fn proxies(variables: &[(&str, &str)]) -> [Option<String>; 2] {
    let proxies = Proxies::from_variables(|name| find(variables, name), Policy::digest_only()).unwrap();
    ["http://a.example/", "https://a.example/"].map(|uri| {
        let proxy = proxies.for_uri(&uri.parse().unwrap());
        proxy.map(|proxy| proxy.uri().to_string())
    })
}

fn find(variables: &[(&str, &str)], name: &str) -> Option<String> {
    let found = variables.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| (*value).to_owned())
}

#[test]
fn variables_are_read_as_curl_reads_them() {
    let proxy = |host: &str| Some(format!("http://{host}/"));
    let cases: [(&[(&str, &str)], _); 9] = [
        (&[], [None, None]),
        (&[("http_proxy", "http://p:1")], [proxy("p:1"), None]),
        (&[("https_proxy", "http://p:1")], [None, proxy("p:1")]),
        (&[("all_proxy", "p:1")], [proxy("p:1"), proxy("p:1")]),
        (
            &[("ALL_PROXY", "p:1"), ("HTTPS_PROXY", "q:2")],
            [proxy("p:1"), proxy("q:2")],
        ),
        (&[("http_proxy", "p:1"), ("HTTP_PROXY", "q:2")], [proxy("p:1"), None]),
        (&[("HTTP_PROXY", "q:2"), ("REQUEST_METHOD", "GET")], [None, None]),
        (
            &[("all_proxy", "p:1"), ("no_proxy", "b.example, .example")],
            [None, None],
        ),
        (
            &[("all_proxy", "p:1"), ("http_proxy", "")],
            [proxy("p:1"), proxy("p:1")],
        ),
    ];
    for (variables, expected) in cases {
        assert_eq!(proxies(variables), expected, "{variables:?}");
    }
}

#[test]
fn an_invalid_variable_is_not_ignored() {
    for value in [
        "socks5://p:1",
        "http://",
        "http://a b",
        "ftp://p:1",
        "http://user%3Aname:password@p:1",
    ] {
        let variables = [("https_proxy", value)];
        let error = Proxies::from_variables(|name| find(&variables, name), Policy::digest_only()).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::InvalidProxy, "{value}");
        assert!(Proxy::parse(value, Policy::digest_only()).is_err(), "{value}");
    }
}

#[test]
fn names_and_passwords_are_not_shown() {
    let variables = [("all_proxy", "http://aladdin:open%20sesame@p:1")];
    let proxies = Proxies::from_variables(|name| find(&variables, name), Policy::digest_only()).unwrap();
    let shown = format!("{proxies:?}");
    assert!(
        shown.contains("http://p:1/") && !shown.contains("aladdin") && !shown.contains("sesame"),
        "{shown}"
    );
}

#[test]
fn a_password_that_is_not_encoded_is_an_error_and_never_a_part_of_the_host() {
    for address in [
        "http://aladdin:open/sesame@p:1",
        "http://aladdin:open#sesame@p:1",
        "http://aladdin:open?sesame@p:1",
        "http://aladdin:12/sesame@p:1",
        "http://aladdin:open@sesame@p:1",
        "http://aladdin@sesame@p:1",
        "aladdin:open/sesame@p:1",
        "http://p:99999",
        "http://p:x",
        "http://aladdin:open%FFsesame@p:1",
    ] {
        let parsed = Proxy::parse(address, Policy::digest_only());
        let parsed = parsed.map_err(|error| error.kind().clone());
        assert_eq!(parsed.err(), Some(ErrorKind::InvalidProxy), "{address}");
    }
}

#[test]
fn an_address_with_a_name_is_not_one_without_a_login() {
    assert!(Proxy::without_login("http://aladdin:open%20sesame@p:1").is_err());
}

/// Runs in a process of its own, since it needs an environment of its own.
#[test]
#[cfg(unix)]
fn a_variable_that_is_not_unicode_is_not_ignored() {
    use std::os::unix::ffi::OsStrExt;

    const CHILD: &str = "PROXY_AUTH_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let error = Proxies::from_env(Policy::digest_only()).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::InvalidProxy);
        return;
    }
    for name in ["http_proxy", "HTTPS_PROXY", "all_proxy"] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let child = child
            .args(["--exact", "environment::a_variable_that_is_not_unicode_is_not_ignored"])
            .env(CHILD, "1")
            .env(name, std::ffi::OsStr::from_bytes(b"http://p\xE4ul:sesame@p:1"));
        let output = child.output().unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
    }
}
