//! A proxy that intercepts TLS with hudsucker, and asks for a password: `cargo run -- 127.0.0.1:3128 aladdin 'open sesame'`.
//!
//! It prints the address that it listens on. It signs certificates with an authority that ends with it, which no client trusts.

use std::collections::HashMap;
use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use hudsucker::certificate_authority::RcgenAuthority;
use hudsucker::hyper::{Method, Request, Response};
use hudsucker::rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use hudsucker::rustls::crypto::aws_lc_rs;
use hudsucker::{Body, HttpContext, HttpHandler, Proxy, RequestOrResponse};
use proxy_auth_tower::server::{Algorithm, DigestOffer, Gate, ProxyAuthLayer, StoredPassword, random_key};
use tokio::net::TcpListener;
use tower::{Layer, ServiceExt, service_fn};

/// Lets authenticated requests pass. hudsucker clones it for each request.
#[derive(Clone)]
struct Authenticated {
    layer: ProxyAuthLayer<HashMap<String, StoredPassword>>,
    /// `true` for the requests in a tunnel, whose CONNECT has passed. The scheme of a URI proves nothing.
    is_in_tunnel: bool,
}

impl HttpHandler for Authenticated {
    async fn handle_request(&mut self, _: &HttpContext, request: Request<Body>) -> RequestOrResponse {
        if self.is_in_tunnel {
            return request.into();
        }
        let passed = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&passed);
        let keep = service_fn(move |request: Request<Body>| {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
            ready(Ok::<_, Infallible>(Response::new(Body::empty())))
        });
        let Ok(refused) = self.layer.layer(keep).oneshot(request).await;
        match passed.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(request) => {
                self.is_in_tunnel = request.method() == Method::CONNECT;
                request.into()
            }
            None => refused.map(|_| Body::empty()).into(),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("ADDRESS NAME PASSWORD");
    let (address, name, password) = (next()?, next()?, next()?);
    let key = random_key()?;
    let digest = DigestOffer::new(&key, [Algorithm::Sha256, Algorithm::Md5]);
    let gate = Gate::new("hudsucker".to_owned())?.with_digest(&digest).with_basic();
    let layer = ProxyAuthLayer::new(gate, HashMap::from([(name, StoredPassword::new(password))]));

    let mut authority = CertificateParams::new([])?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = Issuer::new(authority, KeyPair::generate()?);
    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    let proxy = Proxy::builder()
        .with_listener(listener)
        .with_ca(RcgenAuthority::new(issuer, 1000, aws_lc_rs::default_provider()))
        .with_rustls_connector(aws_lc_rs::default_provider())
        .with_http_handler(Authenticated {
            layer,
            is_in_tunnel: false,
        })
        .build()?;
    Ok(proxy.start().await?)
}
