//! A forward proxy that asks for a password: `cargo run -p proxy-auth-tower --example proxy -- 127.0.0.1:3128 aladdin 'open sesame'`.
//!
//! Proxies that stand in for each other share a key of 64 hexadecimal digits and a store: with the feature `redis`, and two more
//! arguments, such as `redis://127.0.0.1:6379` and the output of `openssl rand -hex 32`.
//!
//! It prints the address that it listens on. It is an example: it does not limit connections, and does not log.

mod forward;

use std::collections::HashMap;
use std::env;
use std::error::Error;

use hyper::server;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use proxy_auth_tower::server::{Algorithm, DigestOffer, Gate, ProxyAuthLayer, StoredPassword, random_key};
use tokio::net::TcpListener;
use tower::{Layer, service_fn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("ADDRESS NAME PASSWORD [REDIS KEY]");
    let (address, name, password) = (next()?, next()?, next()?);
    let shared = next().ok();
    let key = if shared.is_some() {
        parse_key(&next()?)?
    } else {
        random_key()?
    };

    let digest = DigestOffer::new(&key, [Algorithm::Sha256, Algorithm::Md5]);
    let gate = Gate::new("proxy-auth-tower".to_owned())?
        .with_digest(&digest)
        .with_basic();
    let layer = ProxyAuthLayer::new(gate, HashMap::from([(name, StoredPassword::new(password))]));
    let layer = match shared {
        Some(address) => share(layer, &address)?,
        None => layer,
    };

    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(layer.layer(service_fn(forward::answer)));
        let mut http = server::conn::http1::Builder::new();
        let connection = http
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection.with_upgrades());
    }
}

/// Parses a key of 64 hexadecimal digits, which several proxies share.
fn parse_key(digits: &str) -> Result<[u8; 32], Box<dyn Error>> {
    let mut key = [0; 32];
    for (number, byte) in key.iter_mut().enumerate() {
        let pair = digits.get(2 * number..2 * number + 2).ok_or("KEY is too short")?;
        *byte = u8::from_str_radix(pair, 16)?;
    }
    Ok(key)
}

type Layered = ProxyAuthLayer<HashMap<String, StoredPassword>>;

/// Shares the answers that were used with the other proxies.
#[cfg(feature = "redis")]
fn share(layer: Layered, address: &str) -> Result<Layered, Box<dyn Error>> {
    Ok(layer.with_shared_store(proxy_auth_tower::redis::RedisStore::new(address)?))
}

#[cfg(not(feature = "redis"))]
fn share(_: Layered, _: &str) -> Result<Layered, Box<dyn Error>> {
    Err("built without the feature `redis`".into())
}
