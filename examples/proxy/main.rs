//! A forward proxy that asks for a password: HTTP/1.1 requests in absolute-form, and CONNECT.
//!
//! ```sh
//! cargo run --features digest --example proxy -- --user aladdin --password 'open sesame' --listen 127.0.0.1:3128
//! curl --proxy http://127.0.0.1:3128 --proxy-digest --proxy-user 'aladdin:open sesame' http://example.com/
//! ```
//!
//! `gate.rs` is the authentication; `head.rs` and `request.rs` read messages, `forward.rs` passes them on. It is an example: it lets its one
//! user reach everything that this machine reaches, and takes the password from the command line, where others see it.

mod forward;
mod gate;
mod head;
mod request;

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use self::forward::Forwarded;
use self::gate::{Gate, Offer};
use self::head::Head;
use self::request::Request;

const USAGE: &str = "\
A forward proxy that asks for a password.

Usage: proxy --user NAME --password PASSWORD [OPTION]...

  --basic           offer Basic only
  --digest          offer Digest only; without these two options, both
  --listen ADDRESS  listen there; 127.0.0.1:0 by default, where the system chooses a port
  --max-age N       a nonce of Digest is good for N seconds; 300 by default
  --help            print this
";

/// How many connections there may be at a time.
const MAX_CONNECTIONS: usize = 128;
/// How long a read or a write may wait for the other side.
const MAX_WAIT: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(io::stderr(), "proxy: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let (mut offer, mut user, mut password) = (Offer::Both, None, None);
    let (mut listen, mut max_age) = (String::from("127.0.0.1:0"), 300);
    let mut arguments = env::args().skip(1);
    while let Some(option) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{option} takes a value\n\n{USAGE}"));
        match option.as_str() {
            "--basic" => offer = Offer::Basic,
            "--digest" => offer = Offer::Digest,
            "--user" => user = Some(value()?),
            "--password" => password = Some(value()?),
            "--listen" => listen = value()?,
            "--max-age" => max_age = value()?.parse()?,
            "--help" => {
                print(USAGE);
                return Ok(());
            }
            _ => return Err(format!("unknown option {option:?}\n\n{USAGE}").into()),
        }
    }
    let user = user.ok_or(format!("--user is missing\n\n{USAGE}"))?;
    let password = password.ok_or(format!("--password is missing\n\n{USAGE}"))?;

    // The crate `getrandom` knows the random source of every system.
    let mut key = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut key)?;
    let gate = Arc::new(Gate::new(offer, user, password, &key, max_age)?);

    let listener = TcpListener::bind(listen)?;
    print(&format!("listening on {}\n", listener.local_addr()?));
    for client in listener.incoming() {
        // Each connection has a copy of this; beyond the limit, new ones are closed.
        let gate = Arc::clone(&gate);
        match client {
            Ok(client) if Arc::strong_count(&gate) <= MAX_CONNECTIONS => {
                let _ = thread::Builder::new().spawn(move || serve(&gate, client));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Prints `text`, whether anybody reads it or not.
fn print(text: &str) {
    let mut out = io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Serves the requests of a connection.
fn serve(gate: &Gate, client: TcpStream) {
    let timeouts = client
        .set_write_timeout(Some(MAX_WAIT))
        .and_then(|()| client.set_nodelay(true));
    let mut client = BufReader::new(client);
    let served = timeouts.and_then(|()| {
        while serve_request(gate, &mut client)? {}
        Ok(())
    });
    if let Err(error) = served {
        let status = match error.kind() {
            ErrorKind::InvalidData => "400 Bad Request",
            ErrorKind::TimedOut | ErrorKind::WouldBlock => "408 Request Timeout",
            ErrorKind::FileTooLarge => "431 Request Header Fields Too Large",
            ErrorKind::Unsupported => "505 HTTP Version Not Supported",
            // The client is gone.
            _ => return,
        };
        print(&format!("{status}\n"));
        let _ = forward::answer(client.get_ref(), status, None, true);
    }
    linger(&mut client);
}

/// Serves a request, and says whether another may follow on this connection.
fn serve_request(gate: &Gate, client: &mut BufReader<TcpStream>) -> io::Result<bool> {
    client.get_ref().set_read_timeout(Some(MAX_WAIT))?;
    if let Err(error) = client.fill_buf() {
        // It was kept open, and nobody had a use for it.
        return if error.kind() == ErrorKind::WouldBlock {
            Ok(false)
        } else {
            Err(error)
        };
    }
    let Some(head) = Head::read(client)? else {
        return Ok(false);
    };
    client.get_ref().set_read_timeout(Some(MAX_WAIT))?;
    let request = Request::read(&head)?;
    let pass = match gate.check(request.method, request.target, &head) {
        Ok(pass) => pass,
        Err(refusal) => {
            print(&format!(
                "{} {}: 407, {}\n",
                request.method, request.authority, refusal.reason
            ));
            // Content that is not wanted would stand before the next request.
            let close = request.close || request.has_content();
            let response = gate.refuse(&refusal, close).map_err(io::Error::other)?;
            client.get_mut().write_all(response.as_bytes())?;
            return Ok(!close);
        }
    };
    let Forwarded { status, open } = forward::forward(client, &head, &request, pass.info.as_deref())?;
    print(&format!(
        "{} {}: {status}, {}\n",
        request.method, request.authority, pass.scheme
    ));
    Ok(open)
}

/// Closes a connection so that the client gets to read the last response: what it has sent in the meantime is read, or
/// the system would answer it with a reset (RFC 9112, 9.6).
fn linger(client: &mut BufReader<TcpStream>) {
    let stream = client.get_ref();
    let half_closed = stream
        .shutdown(Shutdown::Write)
        .and_then(|()| stream.set_read_timeout(Some(Duration::from_secs(1))));
    if half_closed.is_ok() {
        let _ = io::copy(&mut client.take(1024 * 1024), &mut io::sink());
    }
}
