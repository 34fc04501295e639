//! A forward proxy on hyper and tokio that asks for a password: requests in absolute-form, and CONNECT.
//!
//! ```sh
//! cargo run -p hyper-proxy -- --user aladdin --password 'open sesame' --listen 127.0.0.1:3128
//! curl --proxy http://127.0.0.1:3128 --proxy-digest --proxy-user 'aladdin:open sesame' http://example.com/
//! ```
//!
//! `gate.rs` is the authentication, `forward.rs` passes messages on. It is an example: it lets its one user reach everything
//! that this machine reaches, takes the password from the command line, where others see it, and sets no limit to how many
//! connections there are, or to how long content may take.

mod forward;
mod gate;

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderName;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, http};
use hyper_util::rt::{TokioIo, TokioTimer};
use proxy_auth::FieldName;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::gate::{Gate, Offer};

/// How long the head of a message may be, and how long that of a request may take to come.
const MAX_HEAD: usize = 32 * 1024;
const MAX_HEAD_TIME: Duration = Duration::from_secs(30);

/// What an origin server sends, or this proxy.
type Body = Either<Incoming, Full<Bytes>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut offer, mut user, mut password) = (Offer::Both, None, None);
    // A nonce of Digest is good for so many seconds.
    let (mut listen, mut max_age) = (String::from("127.0.0.1:0"), 300);
    let mut arguments = env::args().skip(1);
    while let Some(option) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{option} takes a value"));
        match option.as_str() {
            "--basic" => offer = Offer::Basic,
            "--digest" => offer = Offer::Digest,
            "--user" => user = Some(value()?),
            "--password" => password = Some(value()?),
            "--listen" => listen = value()?,
            "--max-age" => max_age = value()?.parse()?,
            _ => return Err(format!("unknown option {option:?}").into()),
        }
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    let (user, password) = (
        user.ok_or("--user is missing")?,
        password.ok_or("--password is missing")?,
    );
    let gate = Arc::new(Gate::new(offer, user, password, &key, max_age)?);

    let listener = TcpListener::bind(listen).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let Ok((client, _)) = listener.accept().await else {
            // There may be too many files open; some will be closed.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let gate = Arc::clone(&gate);
        tokio::spawn(async move {
            let served = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(MAX_HEAD_TIME)
                .max_header_size(MAX_HEAD)
                .serve_connection(TokioIo::new(client), service_fn(|request| serve(&gate, request)))
                .with_upgrades();
            // What goes wrong here concerns this client only.
            let _ = served.await;
        });
    }
}

/// Answers a request: with a 407, or with what came of passing it on.
async fn serve(gate: &Gate, request: Request<Incoming>) -> Result<Response<Body>, http::Error> {
    match gate.check(request.method(), request.uri(), request.headers()) {
        Err(refusal) => {
            let response = gate.refuse(&refusal)?;
            Ok(response.map(|content| Either::Right(content.into())))
        }
        Ok(info) => {
            let mut response = forward::forward(request).await;
            if let Some(info) = info {
                let name = HeaderName::from(FieldName::PROXY_AUTHENTICATION_INFO);
                response.headers_mut().insert(name, info);
            }
            Ok(response)
        }
    }
}
