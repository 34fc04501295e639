//! Tests that slow clients, even many of them, do not keep others out for longer than the limits allow.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::wire::{PATIENCE, Proxy, request};

/// The tolerance for delays other than the limit, on a busy machine.
const SLACK: Duration = Duration::from_secs(5);

/// Sends a byte every 50 ms until the proxy closes the connection, and returns how long that took.
fn drip(mut stream: TcpStream, start: &str) -> Duration {
    let started = Instant::now();
    stream.write_all(start.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    while started.elapsed() < PATIENCE {
        let mut buffer = [0; 1024];
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                if stream.write_all(b"y").is_err() {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    started.elapsed()
}

fn assert_about(expected: Duration, took: Duration) {
    assert!(
        took >= expected && took < expected + SLACK,
        "{took:?}, not {expected:?}"
    );
}

/// Accepts connections, and calls `serve` with each after a first read.
fn listen(serve: impl Fn(TcpStream) + Send + Sync + Copy + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                serve(stream);
            });
        }
    });
    address
}

#[test]
fn slow_clients_do_not_keep_others_out() {
    // Use all connections, with heads that do not end, with content of refused requests, and with no data at all.
    let slow = [
        "GET http://a.example/ HTTP/1.1\r\nX: ",
        "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 60000\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 10000000\r\n\r\n",
        "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n",
        "no request\r\n\r\n",
    ];
    let proxy = Proxy::start(&["--max-connections=127", "--head-time=2", "--refusal-time=1"]);
    let clients: Vec<_> = (0..127)
        .map(|client| {
            let stream = proxy.connect();
            let start = slow[client % slow.len()];
            thread::spawn(move || drip(stream, start))
        })
        .collect();
    // All of them are connected.
    thread::sleep(Duration::from_millis(500));
    let started = Instant::now();
    let answer = proxy.answer("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
    let took = started.elapsed();
    assert!(took < Duration::from_secs(2) + SLACK, "{took:?}");
    for client in clients {
        let took = client.join().unwrap();
        assert!(took < Duration::from_secs(2) + SLACK, "{took:?}");
    }
}

#[test]
fn a_client_that_keeps_sending_after_its_connection_ended_does_not_keep_others_out() {
    let proxy = Proxy::start(&["--refusal-time=1", "--max-connections=1"]);
    let mut stream = proxy.connect();
    let request = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let started = Instant::now();
    thread::spawn(move || {
        while stream.write_all(b"y").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    let answer = proxy.answer(request);
    assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
    assert_about(Duration::from_millis(500), started.elapsed());
}

#[test]
fn a_client_beyond_the_limit_waits_until_another_is_gone() {
    let proxy = Proxy::start(&["--max-connections=2"]);
    let kept = [proxy.connect(), proxy.connect()];
    let mut third = proxy.connect();
    third
        .write_all(b"GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n")
        .unwrap();
    third.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    assert!(third.read(&mut [0]).is_err(), "it was served");
    drop(kept);
    third.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = String::new();
    third.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
}

#[test]
fn an_idle_connection_is_closed() {
    let proxy = Proxy::start(&["--head-time=1"]);
    let mut stream = proxy.connect();
    stream
        .write_all(b"GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n")
        .unwrap();
    let started = Instant::now();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
    assert_about(Duration::from_secs(1), started.elapsed());
}

#[test]
fn a_connection_ends_after_some_refusals() {
    let proxy = Proxy::start(&[]);
    let request = "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n";
    let answers = proxy.answer(&request.repeat(20));
    assert_eq!(answers.matches("HTTP/1.1 407 ").count(), 8, "{answers}");
    assert_eq!(answers.matches("connection: close\r\n").count(), 1, "{answers}");
}

#[test]
fn interrupted_content_ends_the_request() {
    let proxy = Proxy::start(&["--idle-time=1"]);
    let origin = silent();
    let started = Instant::now();
    let answer = proxy.answer(&request("POST", &format!("http://{origin}/"), "Content-Length: 10\r\n"));
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert_about(Duration::from_secs(1), started.elapsed());
}

#[test]
fn slow_content_ends_the_request_in_time() {
    let proxy = Proxy::start(&["--request-time=2", "--refusal-time=0.5"]);
    let origin = silent();
    let start = request("POST", &format!("http://{origin}/"), "Content-Length: 1000000\r\n");
    assert_about(Duration::from_secs(2), drip(proxy.connect(), &start));
}

#[test]
fn an_unresponsive_origin_server_is_abandoned() {
    let proxy = Proxy::start(&["--request-time=1"]);
    let origin = silent();
    let started = Instant::now();
    let answer = proxy.answer(&request("GET", &format!("http://{origin}/"), "Connection: close\r\n"));
    assert!(answer.starts_with("HTTP/1.1 504 "), "{answer}");
    assert_about(Duration::from_secs(1), started.elapsed());
}

#[test]
fn an_interrupted_response_ends_the_connection() {
    let proxy = Proxy::start(&["--idle-time=1"]);
    let origin = listen(|mut stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            .unwrap();
        thread::sleep(PATIENCE);
    });
    let started = Instant::now();
    let mut stream = proxy.connect();
    stream
        .write_all(request("GET", &format!("http://{origin}/"), "").as_bytes())
        .unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.ends_with(b"\r\n\r\nabc"));
    assert_about(Duration::from_secs(1), started.elapsed());
}

/// Starts an origin server that reads, but sends nothing.
fn silent() -> SocketAddr {
    listen(|mut stream| while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {})
}

/// Starts an origin server whose response does not end.
fn endless() -> SocketAddr {
    listen(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 1024]).is_ok() {
            thread::sleep(Duration::from_millis(1));
        }
    })
}

#[test]
fn an_endless_response_ends_with_the_connection() {
    let proxy = Proxy::start(&["--connection-time=1"]);
    let started = Instant::now();
    let mut stream = proxy.connect();
    stream
        .write_all(request("GET", &format!("http://{}/", endless()), "").as_bytes())
        .unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    assert_about(Duration::from_secs(1), started.elapsed());
}

#[test]
fn a_client_that_does_not_read_its_response_is_disconnected() {
    let proxy = Proxy::start(&["--idle-time=1", "--max-connections=1"]);
    let origin = listen(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let mut stream = proxy.connect();
    stream
        .write_all(request("GET", &format!("http://{origin}/"), "").as_bytes())
        .unwrap();
    // This client reads nothing, and no other client is served until it is gone.
    let answer = proxy.answer("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
}

fn tunnel(proxy: &Proxy, origin: SocketAddr) -> TcpStream {
    let mut stream = proxy.connect();
    stream
        .write_all(request("CONNECT", &origin.to_string(), "").as_bytes())
        .unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 200 "));
    stream
}

#[test]
fn a_tunnel_without_traffic_is_closed() {
    let proxy = Proxy::start(&["--tunnel-idle-time=2"]);
    let origin = silent();
    let mut stream = tunnel(&proxy, origin);
    // Data in only one direction keeps it open.
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(3) {
        stream.write_all(b"y").unwrap();
        thread::sleep(Duration::from_millis(50));
    }
    let started = Instant::now();
    assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)));
    let took = started.elapsed();
    assert!(
        took > Duration::from_millis(1500) && took < Duration::from_secs(2) + SLACK,
        "{took:?}"
    );
}

#[test]
fn a_tunnel_is_closed_in_time_and_counts_as_a_connection() {
    let proxy = Proxy::start(&["--tunnel-time=1", "--max-connections=1"]);
    let origin = endless();
    let started = Instant::now();
    let mut stream = tunnel(&proxy, origin);
    stream.write_all(b"hello").unwrap();
    let reader = thread::spawn(move || {
        let mut buffer = [0; 4096];
        while stream.read(&mut buffer).is_ok_and(|read| read > 0) {}
    });
    let answer = proxy.answer("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
    assert_about(Duration::from_secs(1), started.elapsed());
    reader.join().unwrap();
}

#[test]
fn one_direction_of_a_tunnel_may_end_first() {
    let proxy = Proxy::start(&[]);
    let origin = listen(|mut stream| {
        stream.read_to_end(&mut Vec::new()).unwrap();
        stream.write_all(b"goodbye").unwrap();
    });
    let mut stream = tunnel(&proxy, origin);
    stream.write_all(b"hello").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "goodbye");
}
