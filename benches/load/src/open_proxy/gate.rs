//! Takes the place of the example's gate: everyone may pass.

use hyper::header::{HeaderMap, HeaderValue};
use hyper::{Response, StatusCode, http};
use proxy_auth::{Refusal, Request};

pub(crate) struct Gatekeeper;

/// The result for a request, with the fields that the example logs.
pub(crate) struct Passed {
    pub(crate) scheme: String,
    pub(crate) user: String,
    pub(crate) info: Option<HeaderValue>,
}

#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as in the example")]
impl Gatekeeper {
    pub(crate) fn check(&self, _: &Request<'_>, _: &HeaderMap) -> Result<Passed, Refusal> {
        Ok(Passed {
            scheme: String::new(),
            user: String::new(),
            info: None,
        })
    }

    pub(crate) fn deny(&self, _: &Refusal) -> Result<Response<Vec<u8>>, http::Error> {
        let response = Response::builder().status(StatusCode::FORBIDDEN);
        response.body(Vec::new())
    }
}
