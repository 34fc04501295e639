//! Messages about the authentication, on standard error. They contain no secret, and no part of a URL.

use hyper::body::Bytes;
use hyper::{HeaderMap, Response, StatusCode};
use proxy_auth::{Challenges, FieldName, GiveUp, Policy, Scheme, digest};

/// Reports the response to a request with credentials of the given scheme.
pub(crate) fn response(scheme: Option<Scheme<'_>>, response: &Response<Bytes>) {
    let sent = scheme.map_or("without credentials".into(), |scheme| format!("with {scheme}"));
    let status = response.status();
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        let offered = describe(response.headers());
        eprintln!("request {sent}: 407; {offered} offered");
    } else {
        eprintln!("request {sent}: {}", status.as_u16());
    }
}

/// Reports whether the proxy proved that it knows the password. Only Digest has such a proof.
pub(crate) fn proof(scheme: Option<Scheme<'_>>, proved: bool) {
    if proved {
        eprintln!("the proxy proved that it knows the password");
    } else if scheme == Some(Scheme::Digest) {
        eprintln!("the proxy did not prove that it knows the password");
    }
}

/// Reports the reason why the client gives up, and the option that would help.
pub(crate) fn give_up(reason: &GiveUp, policy: Policy, response: &Response<Bytes>) {
    eprintln!("{reason}");
    let nothing_fits = matches!(reason, GiveUp::NothingFits(_));
    if nothing_fits && policy == Policy::digest_only() && offers_basic(response.headers()) {
        eprintln!("Basic lets anyone on the network path read the password; --allow-basic allows it");
    }
}

/// Describes what a proxy offers, such as `Digest (SHA-256), Basic`.
fn describe(headers: &HeaderMap) -> String {
    let challenges = Challenges::from_headers(headers, FieldName::PROXY_AUTHENTICATE).lenient();
    let offered = challenges.map(|challenge| match challenge {
        Ok(challenge) => match digest::Challenge::read(&challenge) {
            Ok(digest) => format!("{} ({})", challenge.scheme(), digest.algorithm()),
            Err(_) => challenge.scheme().to_string(),
        },
        Err(error) => format!("({error})"),
    });
    let offered = offered.collect::<Vec<_>>().join(", ");
    if offered.is_empty() { "nothing".into() } else { offered }
}

/// Checks whether a proxy offers Basic, even in a challenge that is damaged or unusable.
fn offers_basic(headers: &HeaderMap) -> bool {
    let challenges = Challenges::from_headers(headers, FieldName::PROXY_AUTHENTICATE).lenient();
    challenges
        .flatten()
        .any(|challenge| challenge.scheme() == Scheme::Basic)
}
