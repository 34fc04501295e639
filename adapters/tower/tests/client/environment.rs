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
