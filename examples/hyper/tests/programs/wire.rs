//! The two ends of a proxy: a client and an origin server that show each byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use proxy_auth::basic;

pub(crate) const USER: &str = "aladdin";
pub(crate) const PASSWORD: &str = "open sesame";

/// The longest time that a test waits for expected data.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The example proxy, which runs until the test ends.
pub(crate) struct Proxy {
    child: Child,
    pub(crate) address: SocketAddr,
    log: ChildStderr,
}

impl Proxy {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_for(USER, options)
    }

    pub(crate) fn start_for(user: &str, options: &[&str]) -> Self {
        Self::run(Self::command(user).args(["--password", PASSWORD]).args(options))
    }

    /// Returns the command for the proxy, without a password.
    pub(crate) fn command(user: &str) -> Command {
        let mut command = Self::command_without_users();
        command.args(["--user", user]);
        command
    }

    pub(crate) fn command_without_users() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proxy"));
        command.env_remove("PROXY_PASSWORD").args(["--listen", "127.0.0.1:0"]);
        command
    }

    pub(crate) fn run(command: &mut Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        printed.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on ").unwrap().trim_end();
        Self {
            address: address.parse().unwrap(),
            log: child.stderr.take().unwrap(),
            child,
        }
    }

    /// Ends the proxy, and returns its log.
    pub(crate) fn log(mut self) -> String {
        self.child.kill().unwrap();
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        log
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a message, and returns the answer up to the end of the connection.
    pub(crate) fn answer(&self, message: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(message.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server that sends the next of these answers on each connection, after it has read a head and the content that
/// Content-Length announces. The receiver yields the messages that it has read.
pub(crate) fn server<const N: usize>(answers: [String; N]) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            sender.send(read_message(&stream).unwrap()).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (address, receiver)
}

/// Reads a head and the content that Content-Length announces. Returns `None` if the connection has ended.
pub(crate) fn read_message(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let (mut message, mut length) = (String::new(), 0);
    while !message.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 {
            assert_eq!(message, "");
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        message += &line;
    }
    reader.take(length).read_to_string(&mut message).unwrap();
    Some(message)
}

/// Starts a server that responds with "hello".
pub(crate) fn origin() -> (SocketAddr, Receiver<String>) {
    server(["HTTP/1.1 200 OK\r\nContent-Length: 6\r\nProxy-Authenticate: Basic realm=x\r\n\r\nhello\n".into()])
}

/// Returns the value of Proxy-Authorization with the scheme Basic.
pub(crate) fn basic_credentials(password: &str) -> String {
    basic::Credentials::new(USER, password).unwrap().to_string()
}

/// Returns the head of a request with the right credentials.
pub(crate) fn request(method: &str, target: &str, fields: &str) -> String {
    let credentials = basic_credentials(PASSWORD);
    format!("{method} {target} HTTP/1.1\r\nHost: a.example\r\nProxy-Authorization: {credentials}\r\n{fields}\r\n")
}

/// Returns the values of the field lines with the given name.
pub(crate) fn values<'m>(message: &'m str, name: &str) -> Vec<&'m str> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let fields = head.lines().skip(1).map(|line| line.split_once(": ").unwrap());
    fields
        .filter(|(field, _)| field.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect()
}

/// Returns the field names of a message, in lower case and in order.
pub(crate) fn names(message: &str) -> Vec<String> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let names = head.lines().skip(1).map(|line| line.split(':').next().unwrap());
    let mut names: Vec<_> = names.map(str::to_ascii_lowercase).collect();
    names.sort();
    names
}
