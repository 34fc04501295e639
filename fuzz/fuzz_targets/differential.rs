//! Reads values with the crates `http-auth` and `parse-net`, too. If two accept a value, they must find the same. If only one
//! accepts it, the reason is one that README.md lists.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth_fuzz::peers::{http_auth, parse_net};

fuzz_target!(
    init: {
        http_auth::check_differences();
        parse_net::check_differences();
    },
    |value: &[u8]| {
        parse_net::check(value);
        if let Ok(text) = std::str::from_utf8(value) {
            http_auth::check(text);
        }
    }
);
