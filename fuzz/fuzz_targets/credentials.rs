//! Reads credentials from any bytes, strictly and leniently.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth::Credentials;
use proxy_auth_fuzz::{check_error, check_params, written};

fuzz_target!(|value: &[u8]| {
    let (strict, lenient) = (Credentials::parse(value), Credentials::parse_lenient(value));
    for read in [&strict, &lenient] {
        match read {
            Ok(credentials) => {
                check_params(credentials.params());
                let shown = format!("{credentials:?} {:?} {:?}", credentials.params(), credentials.token68());
                for param in credentials.params() {
                    let secret = param.value().to_string();
                    let named = format!(
                        "{} {} {:?}",
                        credentials.scheme_name(),
                        credentials.scheme(),
                        credentials
                            .params()
                            .iter()
                            .map(|param| param.name())
                            .collect::<Vec<_>>()
                    );
                    assert!(secret.len() < 12 || named.contains(&secret) || !shown.contains(&secret));
                }
                let bytes = written(credentials);
                let again = Credentials::parse(&bytes).unwrap();
                assert!(again.params() == credentials.params());
                assert_eq!(
                    again.token68().map(|token| token.as_bytes()),
                    credentials.token68().map(|token| token.as_bytes())
                );
            }
            Err(error) => check_error(error, value),
        }
    }
    if let Ok(strict) = strict {
        assert_eq!(written(&strict), written(&lenient.unwrap()));
        assert!(Credentials::from_lines([value]).unwrap().is_some());
    }
    assert!(Credentials::from_lines([value, value]).is_err());
});
