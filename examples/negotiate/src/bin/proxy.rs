//! A forward proxy for users with a Kerberos ticket, with NTLM, or with a password:
//! `proxy [--negotiate] [--ntlm] 127.0.0.1:3128 aladdin 'open sesame'`.
//!
//! It offers the given schemes, and Digest for the given user. The keytab and the users of NTLM come from the environment: see README.md.
//! It prints the address that it listens on, then each request that passes, with its user. It is an example: it does not limit
//! connections.

#[path = "../../../../adapters/tower/examples/proxy/forward.rs"]
mod forward;

use std::collections::HashMap;
use std::env;
use std::error::Error;

use hyper::body::Incoming;
use hyper::{Request, server};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use negotiate_example::GssAcceptor;
use proxy_auth_tower::proxy_auth::negotiate::Mechanism;
use proxy_auth_tower::server::{
    Algorithm, AuthenticatedUser, Connection, DigestOffer, Gate, ProxyAuthLayer, StoredPassword, random_key,
};
use tokio::net::TcpListener;
use tower::{Layer, Service, service_fn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (options, arguments): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let Ok([address, name, password]) = <[String; 3]>::try_from(arguments) else {
        return Err("[--negotiate] [--ntlm] ADDRESS NAME PASSWORD".into());
    };
    let key = random_key()?;
    let digest = DigestOffer::new(&key, [Algorithm::Sha256, Algorithm::Md5]);
    let mut gate = Gate::new("negotiate".to_owned())?.with_digest(&digest);
    for option in &options {
        gate = gate.with_negotiate(match option.as_str() {
            "--negotiate" => Mechanism::Negotiate,
            "--ntlm" => Mechanism::Ntlm,
            _ => return Err(format!("unknown: {option}").into()),
        });
    }
    let users = HashMap::from([(name, StoredPassword::new(password))]);
    let layer = ProxyAuthLayer::new(gate, users).with_token_acceptor(GssAcceptor);

    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let proxy = layer.layer(service_fn(answer));
        // The state of this connection from a client, and of no other.
        let state = Connection::new();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(state.clone());
            proxy.clone().call(request)
        });
        let connection = server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
            .with_upgrades();
        tokio::spawn(connection);
    }
}

/// Logs the user of a request that passed, and forwards it.
async fn answer(request: Request<Incoming>) -> Result<hyper::Response<forward::Body>, hyper::Error> {
    if let Some(user) = request.extensions().get::<AuthenticatedUser>() {
        println!(
            "{} {} {} {}",
            user.scheme(),
            user.name(),
            request.method(),
            request.uri()
        );
    }
    forward::answer(request).await
}
