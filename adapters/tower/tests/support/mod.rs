//! A forward proxy, origin servers and proxies that follow a script.

#![allow(dead_code, reason = "each test program uses a part")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::PROXY_AUTHORIZATION;
use hyper::{Method, Request, Response, StatusCode, client, upgrade};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use proxy_auth_tower::client::{Login, Policy, Proxies, Proxy, ProxyConnector};
use proxy_auth_tower::server::{
    Algorithm, AuthenticatedUser, Connection, DigestOffer, Gate, ProxyAuthLayer, StoredPassword, Users,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, Service, service_fn};

pub(crate) const NAME: &str = "aladdin";
pub(crate) const PASSWORD: &str = "open sesame";
pub(crate) const LOGIN: Login<'_> = Login {
    name: NAME,
    password: PASSWORD,
};

pub(crate) type TestUsers = HashMap<String, StoredPassword>;
pub(crate) type Body = Either<Incoming, Full<Bytes>>;

pub(crate) fn users() -> TestUsers {
    HashMap::from([(NAME.to_owned(), StoredPassword::new(PASSWORD))])
}

pub(crate) fn digest_gate() -> Gate<String> {
    let digest = DigestOffer::new(&[7; 32], [Algorithm::Sha256, Algorithm::Md5]);
    Gate::new("apps".to_owned()).unwrap().with_digest(&digest)
}

pub(crate) fn basic_gate() -> Gate<String> {
    Gate::new("apps".to_owned()).unwrap().with_basic()
}

/// Returns a gate for each scheme, with the policy of a client that answers it.
pub(crate) fn digest_and_basic() -> [(Gate<String>, Policy); 2] {
    [
        (digest_gate(), Policy::digest_only().with_proof_required()),
        (basic_gate(), Policy::basic_only()),
    ]
}

/// A running server, and what it has seen.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) connections: Arc<AtomicUsize>,
    pub(crate) requests: Arc<AtomicUsize>,
    /// The values of Proxy-Authorization, and of the users that passed.
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn listen() -> (TcpListener, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self {
            address,
            connections: Arc::default(),
            requests: Arc::default(),
            seen: Arc::default(),
        };
        (listener, server)
    }

    pub(crate) fn proxy_at(&self, policy: Policy) -> Proxy {
        self.proxy_with(&LOGIN, policy)
    }

    pub(crate) fn proxy_with(&self, login: &Login<'_>, policy: Policy) -> Proxy {
        let proxy = Proxy::new(&format!("http://{}", self.address), login, policy).unwrap();
        proxy.with_time_limit(Duration::from_secs(5))
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// Starts a forward proxy behind the layer, for HTTP/1 and HTTP/2.
pub(crate) async fn start_proxy<U: Users>(layer: ProxyAuthLayer<U>) -> Server {
    let (listener, server) = Server::listen().await;
    let (connections, requests, seen) = (server.connections.clone(), server.requests.clone(), server.seen.clone());
    // Nonces of the millisecond in which the layer was created are stale.
    tokio::time::sleep(Duration::from_millis(5)).await;
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            connections.fetch_add(1, Ordering::SeqCst);
            let (requests, seen, connection) = (requests.clone(), seen.clone(), Connection::new());
            let inner_seen = seen.clone();
            let proxy = layer.layer(service_fn(move |request| forward(request, inner_seen.clone())));
            let service = service_fn(move |mut request: Request<Incoming>| {
                requests.fetch_add(1, Ordering::SeqCst);
                if let Some(value) = request.headers().get(PROXY_AUTHORIZATION) {
                    seen.lock().unwrap().push(value.to_str().unwrap().to_owned());
                }
                request.extensions_mut().insert(connection.clone());
                proxy.clone().call(request)
            });
            tokio::spawn(async move {
                let http = auto::Builder::new(TokioExecutor::new());
                let service = TowerToHyperService::new(service);
                let _ = http.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
            });
        }
    });
    server
}

async fn forward(request: Request<Incoming>, seen: Arc<Mutex<Vec<String>>>) -> Result<Response<Body>, hyper::Error> {
    assert!(!request.headers().contains_key(PROXY_AUTHORIZATION));
    let user = request.extensions().get::<AuthenticatedUser>().unwrap();
    seen.lock().unwrap().push(format!("user {}", user.name()));
    let authority = request.uri().authority().unwrap().clone();
    if request.method() == Method::CONNECT {
        let Ok(mut origin) = TcpStream::connect(authority.as_str()).await else {
            let mut response = Response::new(Either::Right(Full::default()));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            return Ok(response);
        };
        tokio::spawn(async move {
            let client = upgrade::on(request).await.unwrap();
            let _ = copy_bidirectional(&mut TokioIo::new(client), &mut origin).await;
        });
        return Ok(Response::new(Either::Right(Full::default())));
    }
    let stream = TcpStream::connect(authority.as_str()).await.unwrap();
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (mut head, content) = request.into_parts();
    head.uri = head.uri.path().parse().unwrap();
    head.version = hyper::Version::HTTP_11;
    let response = sender.send_request(Request::from_parts(head, content)).await?;
    Ok(response.map(Either::Left))
}

/// Starts an origin server that sends `hello` and records Proxy-Authorization. For `/407`, it asks for credentials.
pub(crate) async fn start_origin() -> Server {
    let (listener, server) = Server::listen().await;
    let (requests, seen) = (server.requests.clone(), server.seen.clone());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (requests, seen) = (requests.clone(), seen.clone());
            let service = hyper::service::service_fn(move |request: Request<Incoming>| {
                requests.fetch_add(1, Ordering::SeqCst);
                let values = request.headers().get_all(PROXY_AUTHORIZATION);
                let values = values.iter().map(|value| value.to_str().unwrap().to_owned());
                seen.lock().unwrap().extend(values);
                async move {
                    if request.uri().path() == "/407" {
                        let response = Response::builder()
                            .status(407)
                            .header("Proxy-Authenticate", "Basic realm=\"evil\"");
                        return response.body(Full::new(Bytes::new()));
                    }
                    let content = http_body_util::BodyExt::collect(request.into_body()).await.unwrap();
                    let content = [b"hello ", &content.to_bytes()[..]].concat();
                    Ok(Response::new(Full::new(Bytes::from(content))))
                }
            });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    server
}

/// The reaction of a scripted proxy to a request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Sends bytes, and keeps the connection.
    Send(Vec<u8>),
    /// Sends bytes, and closes the connection.
    SendAndClose(Vec<u8>),
    /// Sends the bytes again and again, until the client closes.
    SendForEver(Vec<u8>),
    /// Sends bytes one by one, with a pause after each.
    SendSlowly(Vec<u8>, Duration),
    /// Sends nothing, and keeps the connection.
    Wait,
}

impl Act {
    pub(crate) fn send(text: &str) -> Self {
        Self::Send(text.into())
    }

    pub(crate) fn close_after(text: &str) -> Self {
        Self::SendAndClose(text.into())
    }
}

/// Starts a proxy that answers each request as the script says. After its end, the last act repeats.
pub(crate) async fn start_script(script: Vec<Act>) -> Server {
    let (listener, server) = Server::listen().await;
    let (connections, requests, seen) = (server.connections.clone(), server.requests.clone(), server.seen.clone());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            connections.fetch_add(1, Ordering::SeqCst);
            let (script, requests, seen) = (script.clone(), requests.clone(), seen.clone());
            tokio::spawn(async move {
                while let Some(head) = read_head(&mut stream).await {
                    let number = requests.fetch_add(1, Ordering::SeqCst);
                    seen.lock().unwrap().push(head);
                    match script.get(number).or(script.last()).cloned().unwrap() {
                        Act::Send(bytes) => stream.write_all(&bytes).await.unwrap(),
                        Act::SendAndClose(bytes) => {
                            let _ = stream.write_all(&bytes).await;
                            return;
                        }
                        Act::SendForEver(bytes) => while stream.write_all(&bytes).await.is_ok() {},
                        Act::SendSlowly(bytes, pause) => {
                            for byte in bytes {
                                if stream.write_all(&[byte]).await.is_err() {
                                    return;
                                }
                                tokio::time::sleep(pause).await;
                            }
                        }
                        Act::Wait => {}
                    }
                }
            });
        }
    });
    server
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

pub(crate) fn connector(proxies: impl Into<Proxies>) -> ProxyConnector<HttpConnector> {
    ProxyConnector::new(HttpConnector::new(), proxies)
}

pub(crate) type PlainClient = Client<ProxyConnector<HttpConnector>, Full<Bytes>>;

pub(crate) fn client(connector: ProxyConnector<HttpConnector>) -> PlainClient {
    Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build(connector)
}

pub(crate) fn get(url: String) -> Request<Full<Bytes>> {
    Request::get(url).body(Full::default()).unwrap()
}

pub(crate) async fn text<B>(response: Response<B>) -> String
where
    B: hyper::body::Body<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    let content = http_body_util::BodyExt::collect(response.into_body()).await.unwrap();
    String::from_utf8(content.to_bytes().to_vec()).unwrap()
}

/// Starts a relay to a proxy. Once the returned flag is set, it discards what the connections that are open then receive.
pub(crate) async fn start_tap(proxy: SocketAddr) -> (Arc<AtomicBool>, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let discards = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&discards);
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_proxy, mut to_proxy) = TcpStream::connect(proxy).await.unwrap().into_split();
            let is_late = flag.load(Ordering::SeqCst);
            let flag = Arc::clone(&flag);
            tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_proxy).await });
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while let Ok(length @ 1..) = from_proxy.read(&mut buffer).await {
                    if is_late || !flag.load(Ordering::SeqCst) {
                        to_client.write_all(&buffer[..length]).await.unwrap();
                    }
                }
            });
        }
    });
    (discards, address)
}
