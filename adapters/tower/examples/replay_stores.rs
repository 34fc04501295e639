//! Measures what it costs to remember used answers, in this process and in Redis:
//! `cargo run --release -p proxy-auth-tower --features redis --example replay_stores -- redis://127.0.0.1:6379`.
//!
//! It prints how many requests the layer checks in a second, and what a million nonces take in Redis. It deletes everything in that
//! Redis.

use std::collections::HashMap;
use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::future::ready;
use std::time::{Duration, Instant};

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::{Request, Response};
use proxy_auth_tower::proxy_auth::{Login, Policy, Request as Signed, Session, Step, Turn};
use proxy_auth_tower::redis::RedisStore;
use proxy_auth_tower::server::{Algorithm, DigestOffer, Gate, ProxyAuthLayer, StoredPassword};
use tower::{Layer, ServiceExt, service_fn};

type Layered = ProxyAuthLayer<HashMap<String, StoredPassword>>;

const NONCES: usize = 200;
const ANSWERS: usize = 100;
const KEYS: usize = 1_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("REDIS")?;
    let mut connection = redis::Client::open(address.as_str())?.get_connection()?;
    redis::cmd("FLUSHALL").exec(&mut connection)?;

    for in_flight in [1, 64] {
        measure("local window", &layer()?, in_flight).await?;
        let shared = layer()?.with_shared_store(RedisStore::new(address.as_str())?);
        measure("Redis", &shared, in_flight).await?;
    }

    redis::cmd("FLUSHALL").exec(&mut connection)?;
    let before = used_memory(&mut connection)?;
    for start in (0..KEYS).step_by(10_000) {
        let mut pipeline = redis::pipe();
        for number in start..start + 10_000 {
            // As long as the keys of the store.
            let key = [&b"proxy-auth:"[..], &[0; 12], &number.to_be_bytes()].concat();
            pipeline
                .cmd("SET")
                .arg(key)
                .arg("")
                .arg("NX")
                .arg("PX")
                .arg(305_000)
                .ignore();
        }
        pipeline.exec(&mut connection)?;
    }
    let bytes = used_memory(&mut connection)? - before;
    println!(
        "{KEYS} answers in Redis: {} MB, {} bytes each",
        bytes / 1_000_000,
        bytes / KEYS as u64
    );
    redis::cmd("FLUSHALL").exec(&mut connection)?;
    Ok(())
}

fn layer() -> Result<Layered, Box<dyn Error>> {
    let digest = DigestOffer::new(b"32 bytes from a random source   ", [Algorithm::Sha256]);
    let gate = Gate::new("apps".to_owned())?.with_digest(&digest);
    let users = HashMap::from([("aladdin".to_owned(), StoredPassword::new("open sesame"))]);
    Ok(ProxyAuthLayer::new(gate, users))
}

/// Sends requests with new answers, so many at a time, and prints how many passed in a second.
async fn measure(name: &str, layer: &Layered, in_flight: usize) -> Result<(), Box<dyn Error>> {
    tokio::time::sleep(Duration::from_millis(5)).await;
    let mut answers = Vec::new();
    for _ in 0..NONCES {
        answers.extend(answers_to_one_nonce(layer).await?);
    }
    let started = Instant::now();
    let sending = answers.chunks(answers.len().div_ceil(in_flight)).map(|answers| {
        let (layer, answers) = (layer.clone(), answers.to_vec());
        tokio::spawn(async move {
            let mut passed = 0;
            for answer in answers {
                passed += usize::from(send(&layer, Some(&answer)).await.status() == 200);
            }
            passed
        })
    });
    let mut passed = 0;
    for sent in sending.collect::<Vec<_>>() {
        passed += sent.await?;
    }
    let second = Duration::from_secs(1).as_nanos() / (started.elapsed().as_nanos() / passed as u128);
    println!(
        "{name}, {in_flight} at a time: {second} requests a second ({passed} of {} passed)",
        answers.len()
    );
    Ok(())
}

async fn answers_to_one_nonce(layer: &Layered) -> Result<Vec<String>, Box<dyn Error>> {
    let mut session = Session::<512>::new(Policy::digest_only());
    let login = Login {
        name: "aladdin",
        password: "open sesame",
    };
    let signed = Signed::new("GET", "http://a.example/")?;
    let (_, pending) = session.authorize(Turn::FIRST, &login, &signed, [7; 16])?;
    let response = send(layer, None).await;
    let Step::Again(turn) = session.receive(pending, 407, response.headers()) else {
        return Err("no challenge".into());
    };
    let answers = (0..ANSWERS).map(|_| {
        let (answer, _) = session.authorize(turn, &login, &signed, [7; 16])?;
        Ok(answer.map(|answer| answer.to_string()).unwrap_or_default())
    });
    answers.collect()
}

async fn send(layer: &Layered, authorization: Option<&str>) -> Response<()> {
    let inner = service_fn(|_: Request<Empty<Bytes>>| ready(Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))));
    let mut request = Request::new(Empty::new());
    *request.uri_mut() = hyper::Uri::from_static("http://a.example/");
    if let Some(value) = authorization.and_then(|value| value.parse().ok()) {
        request.headers_mut().insert("proxy-authorization", value);
    }
    let Ok(response) = layer.layer(inner).oneshot(request).await;
    response.map(drop)
}

fn used_memory(connection: &mut redis::Connection) -> Result<u64, Box<dyn Error>> {
    let info: String = redis::cmd("INFO").arg("memory").query(connection)?;
    let line = info.lines().find_map(|line| line.strip_prefix("used_memory:"));
    Ok(line.ok_or("no used_memory")?.trim().parse()?)
}
