//! Reads Proxy-Authentication-Info from any bytes, strictly and leniently.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth::{AuthenticationInfo, digest, scram};
use proxy_auth_fuzz::{check_error, check_params, written};

fuzz_target!(|value: &[u8]| {
    let (strict, lenient) = (
        AuthenticationInfo::parse(value),
        AuthenticationInfo::parse_lenient(value),
    );
    for read in [&strict, &lenient] {
        match read {
            Ok(info) => {
                check_params(info.params());
                let bytes = written(info);
                assert_eq!(&AuthenticationInfo::parse(&bytes).unwrap(), info);
                if let Ok(digest) = digest::Info::read(info) {
                    let bytes = written(&digest);
                    let again = AuthenticationInfo::parse(&bytes).unwrap();
                    assert_eq!(written(&digest::Info::read(&again).unwrap()), bytes);
                }
                if let Ok(scram) = scram::Info::read(info) {
                    written(&scram);
                }
            }
            Err(error) => check_error(error, value),
        }
    }
    if strict.is_ok() {
        assert_eq!(strict, lenient);
    }
});
