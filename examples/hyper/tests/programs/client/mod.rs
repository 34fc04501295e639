//! Tests the client, with the example proxy and with proxies that send prepared responses.

mod arguments;
mod policy;
mod session;
mod tunnel;

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use crate::wire::{PATIENCE, read_message, values};

const DIGEST: &str = "Digest realm=r, qop=\"auth\", nonce=n";
const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage";
const URL: &str = "http://origin.example/";

/// Fetches from `proxy`. Returns the client's output, its messages, and its exit status.
fn fetch(proxy: SocketAddr, userinfo: &str, url: &str, options: &[&str]) -> (String, String, Option<i32>) {
    fetch_all(proxy, userinfo, &[url], options)
}

fn fetch_all(proxy: SocketAddr, userinfo: &str, urls: &[&str], options: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_client"))
        .env_remove("PROXY_PASSWORD")
        .arg(format!("http://{userinfo}@{proxy}"))
        .args(urls)
        .args(options)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// Returns a 407 with the given challenges.
fn refusal(challenges: &[&str]) -> String {
    let lines = challenges.join("\r\nProxy-Authenticate: ");
    format!("HTTP/1.1 407 No\r\nProxy-Authenticate: {lines}\r\nContent-Length: 0\r\n\r\n")
}

/// A message that a prepared proxy has read, and the number of the connection.
type Received = (usize, String);

/// Starts a proxy that sends these answers, each after a message that it has read. It keeps a connection until the client closes it,
/// or until the answer is empty.
fn prepared<const N: usize>(answers: [String; N]) -> (SocketAddr, Receiver<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut answers = answers.into_iter();
        for connection in 1.. {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            while let Some(message) = read_message(&stream) {
                sender.send((connection, message)).unwrap();
                let Some(answer) = answers.next() else { return };
                stream.write_all(answer.as_bytes()).unwrap();
                if answer.is_empty() {
                    break;
                }
            }
        }
    });
    (address, receiver)
}

/// Returns the numbers of the connections.
fn connections(received: &[Received]) -> Vec<usize> {
    received.iter().map(|(connection, _)| *connection).collect()
}

/// Returns the value of Proxy-Authorization, or "" without it.
fn credentials(received: &Received) -> &str {
    match values(&received.1, "Proxy-Authorization")[..] {
        [] => "",
        [value] => value,
        _ => panic!("{}", received.1),
    }
}

/// Returns a parameter of Proxy-Authorization.
fn param(received: &Received, name: &str) -> String {
    let credentials = proxy_auth::Credentials::parse(credentials(received)).unwrap();
    credentials.param(name).unwrap().to_string()
}
