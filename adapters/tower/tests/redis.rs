//! Two proxies that share a key and a store in Redis.

#[path = "support/mod.rs"]
mod support;

use std::convert::Infallible;
use std::future::ready;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use proxy_auth_tower::proxy_auth::{Policy, Reason, Request as Signed, Session, Step, Turn};
use proxy_auth_tower::redis::RedisStore;
use proxy_auth_tower::server::{ProxyAuthLayer, Refused};
use support::{LOGIN, TestUsers, digest_gate, users};
use tokio::time::sleep;
use tower::{Layer, ServiceExt, service_fn};

/// A server of Redis that loses nothing it has confirmed. Its directory is removed at the end.
struct Redis {
    port: u16,
    dir: PathBuf,
    child: Child,
}

impl Redis {
    /// Starts a server. Returns `None` if it is not installed, which says so; the checks of the repository install it.
    async fn start(name: &str) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let dir = std::env::temp_dir().join(format!("proxy-auth-tower-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let Some(child) = spawn(port, &dir) else {
            eprintln!("skipped: redis-server is not installed");
            return None;
        };
        let redis = Self { port, dir, child };
        redis.wait().await;
        Some(redis)
    }

    async fn wait(&self) {
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("redis-server does not listen");
    }

    /// Kills the server without a chance to write anything.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn restart(&mut self) {
        self.child = spawn(self.port, &self.dir).unwrap();
        self.wait().await;
    }

    fn store(&self) -> RedisStore {
        RedisStore::new(format!("redis://127.0.0.1:{}", self.port)).unwrap()
    }

    fn layer(&self) -> ProxyAuthLayer<TestUsers> {
        ProxyAuthLayer::new(digest_gate(), users()).with_shared_store(self.store())
    }
}

fn spawn(port: u16, dir: &Path) -> Option<Child> {
    let port = port.to_string();
    Command::new("redis-server")
        .args([
            "--port",
            &port,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "yes",
        ])
        .args(["--appendfsync", "always", "--maxmemory-policy", "noeviction", "--dir"])
        .arg(dir)
        .stdout(Stdio::null())
        .spawn()
        .ok()
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

type Content = Full<Bytes>;

async fn send(layer: &ProxyAuthLayer<TestUsers>, authorization: Option<&str>) -> Response<()> {
    let mut request = Request::get("http://a.example/");
    if let Some(value) = authorization {
        request = request.header("Proxy-Authorization", value);
    }
    let inner = service_fn(|_: Request<Content>| ready(Ok::<_, Infallible>(Response::new(Content::default()))));
    let response = layer
        .layer(inner)
        .oneshot(request.body(Content::default()).unwrap())
        .await;
    response.unwrap().map(drop)
}

fn reason(response: &Response<()>) -> Option<&Reason> {
    response
        .extensions()
        .get::<Refused>()
        .map(|refused| refused.refusal().reason())
}

/// Returns answers to a new nonce, with the counts 1, 2, 3, ...
async fn answers(layer: &ProxyAuthLayer<TestUsers>, number: usize) -> Vec<String> {
    let mut session = Session::<512>::new(Policy::digest_only());
    let signed = Signed::new("GET", "http://a.example/").unwrap();
    let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &signed, [7; 16]).unwrap();
    let response = send(layer, None).await;
    let Step::Again(turn) = session.receive(pending, 407, response.headers()) else {
        panic!("no challenge")
    };
    let answers = (0..number).map(|_| {
        let (value, _) = session.authorize(turn, &LOGIN, &signed, [7; 16]).unwrap();
        value.unwrap().to_string()
    });
    answers.collect()
}

#[tokio::test]
async fn an_answer_passes_once_across_two_proxies() {
    let Some(redis) = Redis::start("two").await else { return };
    let layers = [redis.layer(), redis.layer()];
    // The challenge is of one proxy, and the answers go to either.
    for (number, value) in answers(&layers[0], 20).await.iter().enumerate() {
        let (first, second) = (&layers[number % 2], &layers[(number + 1) % 2]);
        assert_eq!(send(first, Some(value)).await.status(), 200);
        for layer in [first, second] {
            let response = send(layer, Some(value)).await;
            assert_eq!(
                (response.status().as_u16(), reason(&response)),
                (407, Some(&Reason::Replayed))
            );
        }
    }
    // At the same time.
    for value in answers(&layers[1], 20).await {
        let (left, right) = tokio::join!(send(&layers[0], Some(&value)), send(&layers[1], Some(&value)));
        let passed = [left, right].iter().filter(|response| response.status() == 200).count();
        assert_eq!(passed, 1);
    }
}

#[tokio::test]
async fn keys_expire_with_the_nonce() {
    let Some(redis) = Redis::start("expiry").await else {
        return;
    };
    let layer = redis.layer();
    let value = &answers(&layer, 1).await[0];
    assert_eq!(send(&layer, Some(value)).await.status(), 200);
    let mut connection = redis::Client::open(format!("redis://127.0.0.1:{}", redis.port))
        .unwrap()
        .get_connection()
        .unwrap();
    let keys: Vec<Vec<u8>> = redis::cmd("KEYS").arg("proxy-auth:*").query(&mut connection).unwrap();
    assert_eq!(keys.len(), 1);
    let left: u64 = redis::cmd("PTTL").arg(&keys[0]).query(&mut connection).unwrap();
    // A nonce lives 5 minutes, and the clocks may differ by 5 seconds.
    assert!((290_000..=305_010).contains(&left), "{left}");
}

#[tokio::test]
async fn without_redis_nothing_passes_and_nothing_hangs() {
    let Some(mut redis) = Redis::start("away").await else {
        return;
    };
    let layers = [redis.layer(), redis.layer()];
    let values = answers(&layers[0], 6).await;
    assert_eq!(send(&layers[0], Some(&values[0])).await.status(), 200);
    redis.kill();
    for value in &values[..5] {
        for layer in &layers {
            let started = Instant::now();
            let response = send(layer, Some(value)).await;
            assert_eq!(reason(&response), Some(&Reason::Replayed));
            assert!(
                response.headers()["Proxy-Authenticate"]
                    .to_str()
                    .unwrap()
                    .contains("stale=true")
            );
            assert!(
                started.elapsed() < Duration::from_millis(700),
                "{:?}",
                started.elapsed()
            );
        }
    }
    redis.restart().await;
    // The first answer after the restart may still meet the old connection.
    let _ = send(&layers[1], Some(&values[1])).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(send(&layers[1], Some(&values[0])).await.status(), 407);
    assert_eq!(send(&layers[1], Some(&values[5])).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_passes_twice_if_redis_is_killed_in_the_middle() {
    let Some(mut redis) = Redis::start("killed").await else {
        return;
    };
    let layers = [redis.layer(), redis.layer()];
    for round in 0..3 {
        let mut values = Vec::new();
        for _ in 0..4 {
            values.extend(answers(&layers[round % 2], 500).await);
        }
        let sending = values.chunks(250).enumerate().map(|(number, values)| {
            let (layer, values) = (layers[number % 2].clone(), values.to_vec());
            tokio::spawn(async move {
                let mut passed = Vec::new();
                for value in values {
                    let response = send(&layer, Some(&value)).await;
                    if response.status() == 200 {
                        passed.push(value);
                    } else if !passed.is_empty() {
                        break; // Redis is away
                    }
                }
                passed
            })
        });
        let sending: Vec<_> = sending.collect();
        sleep(Duration::from_millis(30)).await;
        redis.kill();
        let mut passed = Vec::new();
        for sent in sending {
            passed.extend(sent.await.unwrap());
        }
        redis.restart().await;
        while send(&layers[0], Some(&answers(&layers[0], 1).await[0])).await.status() != 200 {
            sleep(Duration::from_millis(50)).await;
        }
        while send(&layers[1], Some(&answers(&layers[1], 1).await[0])).await.status() != 200 {
            sleep(Duration::from_millis(50)).await;
        }
        eprintln!(
            "round {round}: {} of {} answers passed before Redis was killed",
            passed.len(),
            values.len()
        );
        assert!(!passed.is_empty() && passed.len() < values.len());
        for (number, value) in passed.iter().enumerate() {
            assert_eq!(
                reason(&send(&layers[number % 2], Some(value)).await),
                Some(&Reason::Replayed)
            );
        }
    }
}
