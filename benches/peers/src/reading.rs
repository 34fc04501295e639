//! Reading Proxy-Authenticate. `http-auth` and `parse-net` read the same list. Two lower bounds: `httparse` reads the message around
//! it, and `memchr` searches it for a byte that it does not contain, so it looks at each byte once.

use std::hint::black_box;

use parse_net::auth::parse_challenges;
use parse_net::{AuthPayload, Limits};
use proxy_auth::Challenges;

use crate::inputs::{self, Input};
use crate::measure::contender;
use crate::row::{Row, Work};

/// The limits of `parse-net`, raised as far as it allows.
pub(crate) const LIMITS: Limits = Limits::DEFAULT.max_list_members(u16::MAX).max_params(u16::MAX);

/// The libraries that accept an input.
#[derive(Clone, Copy)]
struct Accepting {
    http_auth: bool,
    parse_net: bool,
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for input in inputs::challenges() {
        let accepting = Accepting {
            http_auth: http_auth_reads_the_same(&input.value),
            parse_net: parse_net_reads_the_same(&input.value),
        };
        rows.push(read(&input, accepting));
        if accepting.http_auth {
            rows.push(read_params(&input, accepting));
        }
    }
    rows
}

fn read(input: &Input, accepting: Accepting) -> Row {
    let value = input.value.as_str();
    let message = message(value);
    assert_eq!(find(&message, <[u8]>::to_vec), value.trim().as_bytes());
    let mut contenders = vec![
        contender("proxy-auth", || {
            for challenge in Challenges::new(black_box(value)) {
                black_box(&challenge);
            }
        }),
        contender("httparse", || {
            find(black_box(&message), |found| {
                black_box(found);
            });
        }),
        contender("memchr", || memchr::memchr(b'\0', black_box(value.as_bytes()))),
    ];
    if accepting.parse_net {
        contenders.push(contender("parse-net", || {
            let challenges = parse_challenges(black_box(value.as_bytes()), &LIMITS).expect("a list");
            for challenge in challenges.iter() {
                black_box(&challenge);
            }
        }));
    }
    if accepting.http_auth {
        contenders.push(contender("http-auth", || http_auth::parse_challenges(black_box(value))));
    }
    Row::measure(Work::Read, input.name, contenders)
}

fn read_params(input: &Input, accepting: Accepting) -> Row {
    let value = input.value.as_str();
    let mut contenders = vec![
        contender("proxy-auth", || {
            for challenge in Challenges::new(black_box(value)).flatten() {
                for param in &challenge.params() {
                    black_box(&param);
                }
            }
        }),
        contender("http-auth", || {
            for challenge in http_auth::parse_challenges(black_box(value)).into_iter().flatten() {
                for param in challenge.params {
                    black_box(&param);
                }
            }
        }),
    ];
    if accepting.parse_net {
        contenders.push(contender("parse-net", || {
            let challenges = parse_challenges(black_box(value.as_bytes()), &LIMITS).expect("a list");
            for challenge in challenges.iter() {
                if let AuthPayload::Params(params) = challenge.payload() {
                    for param in params.iter() {
                        black_box(&param);
                    }
                }
            }
        }));
    }
    Row::measure(Work::ReadParams, input.name, contenders)
}

/// Returns `true` if `http-auth` accepts the value, and panics if it then finds anything other than `proxy-auth`.
fn http_auth_reads_the_same(value: &str) -> bool {
    let Ok(theirs) = http_auth::parse_challenges(value) else {
        return false;
    };
    let ours: Vec<_> = Challenges::new(value)
        .map(|challenge| challenge.expect("strictly valid"))
        .collect();
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(ours.scheme_name().to_str(), theirs.scheme);
        assert_eq!(ours.params().iter().count(), theirs.params.len());
        for (ours, (name, value)) in ours.params().iter().zip(theirs.params) {
            assert_eq!(ours.name().to_str(), name);
            assert_eq!(ours.value(), *value.to_unescaped());
        }
    }
    true
}

/// Returns `true` if `parse-net` accepts the value, and panics if it then finds anything other than `proxy-auth`. It rejects more
/// parameters than it can compare the names of, and many empty elements of a list.
fn parse_net_reads_the_same(value: &str) -> bool {
    let Ok(theirs) = parse_challenges(value.as_bytes(), &LIMITS) else {
        return false;
    };
    let ours: Vec<_> = Challenges::new(value)
        .map(|challenge| challenge.expect("strictly valid"))
        .collect();
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs.iter()) {
        assert_eq!(ours.scheme_name().to_str().as_bytes(), theirs.scheme());
        let AuthPayload::Params(theirs) = theirs.payload() else {
            assert!(ours.params().iter().next().is_none());
            continue;
        };
        assert_eq!(ours.params().iter().count(), theirs.len());
        for (ours, (name, value)) in ours.params().iter().zip(theirs.iter()) {
            assert_eq!(ours.name().to_str().as_bytes(), name);
            let ours: Vec<_> = ours.value().unescaped().collect();
            assert!(value.eq_bytes(&ours));
        }
    }
    true
}

/// Returns a minimal 407 around a field value.
fn message(value: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 407 Proxy Authentication Required\r\n\
         Date: Wed, 21 Oct 2015 07:28:00 GMT\r\n\
         Proxy-Authenticate: {value}\r\n\
         \r\n"
    )
    .into_bytes()
}

/// Parses `message` with `httparse`, and calls `found` with the value of its second field.
fn find<T>(message: &[u8], found: impl FnOnce(&[u8]) -> T) -> T {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut response = httparse::Response::new(&mut headers);
    response.parse(message).expect("a whole message");
    found(response.headers[1].value)
}
