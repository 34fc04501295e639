//! Authenticates to the proxy with `proxy-auth`: one session for all requests.

use std::error::Error;

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::PROXY_AUTHORIZATION;
use hyper::{Request, Response};
use proxy_auth::{Authorization, Login, Policy, Session, Step, ToHeaderValue, Turn};

use crate::proxy::Proxy;
use crate::report;

/// A user of a proxy.
pub(crate) struct Client {
    pub(crate) proxy: Proxy,
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) policy: Policy,
    pub(crate) session: Session<4096>,
}

impl Client {
    /// Sends a request to the proxy, as often as the session says. Returns `None` if the proxy refuses, or is not trusted.
    pub(crate) async fn send(
        &mut self,
        request: &Request<Empty<Bytes>>,
    ) -> Result<Option<Response<Bytes>>, Box<dyn Error>> {
        let Self {
            proxy,
            name,
            password,
            policy,
            session,
        } = self;
        let login = Login { name, password };
        let target = request.uri().to_string();
        let signed = proxy_auth::Request::new(request.method().as_str(), &target)?;
        let mut turn = Turn::FIRST;
        loop {
            let mut random = [0; 16];
            getrandom::fill(&mut random)?;
            let (authorization, pending) = session.authorize(turn, &login, &signed, random)?;
            let scheme = authorization.as_ref().map(Authorization::scheme);
            let mut request = request.clone();
            if let Some(authorization) = authorization {
                let value = authorization.to_header_value()?;
                request.headers_mut().insert(PROXY_AUTHORIZATION, value);
            }
            let Some(response) = proxy.send(request).await? else {
                continue; // with a new count, since the proxy may have used this one
            };
            report::response(scheme, &response);
            match session.receive(pending, response.status().as_u16(), response.headers()) {
                Step::Again(next) => turn = next,
                Step::NewConnection(next) => {
                    turn = next;
                    proxy.disconnect();
                }
                Step::Done { proved } => {
                    report::proof(scheme, proved);
                    return Ok(Some(response));
                }
                Step::GiveUp(reason) => {
                    report::give_up(&reason, *policy, &response);
                    return Ok(None);
                }
            }
        }
    }
}
