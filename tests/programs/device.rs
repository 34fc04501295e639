//! A client as on a Cortex-M: no allocation, and all memory in one structure of known size.

use proxy_auth::heapless::{self, String};
use proxy_auth::{Encode, GiveUp, Login, Policy, Request, Role, Session, Step, StringError, Turn};

use super::many_users::with_proxy;

/// A modem, which opens a connection to the proxy.
trait Modem {
    /// Sends a head, and receives the head of the response: the status code and the field lines.
    fn exchange<'a>(&'a mut self, head: &str) -> (u16, heapless::Vec<(&'a str, &'a str), 8>);

    fn connect(&mut self);
}

struct Device {
    session: Session<192>,
}

#[derive(Debug, PartialEq, Eq)]
enum Error {
    TooLong,
    Refused(GiveUp),
}

impl From<GiveUp> for Error {
    fn from(reason: GiveUp) -> Self {
        Self::Refused(reason)
    }
}

impl From<StringError> for Error {
    fn from(_: StringError) -> Self {
        Self::TooLong
    }
}

const LOGIN: Login<'static> = Login {
    name: "user 7",
    password: "password 7",
};

impl Device {
    /// Opens a tunnel. `random` comes from the hardware.
    fn open(&mut self, modem: &mut impl Modem, target: &str, random: [u8; 16]) -> Result<(), Error> {
        let request = Request::new("CONNECT", target).map_err(|_| Error::TooLong)?;
        let mut turn = Turn::FIRST;
        loop {
            let mut head = String::<768>::new();
            write(&mut head, &["CONNECT ", target, " HTTP/1.1\r\nHost: ", target, "\r\n"])?;
            // authentication
            let (authorization, pending) = self.session.authorize(turn, &LOGIN, &request, random)?;
            if let Some(authorization) = authorization {
                let (name, value) = (Role::Proxy.authorization(), authorization.encode_string::<512>()?);
                write(&mut head, &[name.as_str(), ": ", &value, "\r\n"])?;
            }
            // end
            write(&mut head, &["\r\n"])?;
            let (status, fields) = modem.exchange(&head);
            // authentication
            match self.session.receive(pending, status, fields) {
                Step::Again(next) => turn = next,
                Step::NewConnection(next) => {
                    turn = next;
                    modem.connect();
                }
                Step::Done { .. } => return Ok(()),
                Step::GiveUp(reason) => return Err(reason.into()),
            }
            // end
        }
    }
}

fn write(head: &mut String<768>, parts: &[&str]) -> Result<(), Error> {
    parts
        .iter()
        .try_for_each(|part| head.push_str(part).map_err(|_| Error::TooLong))
}

/// A modem whose peer is a proxy with many users, which closes the connection after its first response.
struct ToProxy<'p, 'f> {
    proxy: &'p mut super::many_users::Proxy<'f>,
    response: super::Response,
    connections: usize,
    heads: Vec<std::string::String>,
}

impl Modem for ToProxy<'_, '_> {
    fn exchange<'a>(&'a mut self, head: &str) -> (u16, heapless::Vec<(&'a str, &'a str), 8>) {
        self.heads.push(head.to_owned());
        let mut lines = head.split("\r\n");
        let target = lines.next().unwrap().split(' ').nth(1).unwrap();
        let fields: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
        self.response = self.proxy.respond(&Request::new("CONNECT", target).unwrap(), &fields);
        if self.connections == 1 && self.response.status == 407 {
            let response = std::mem::take(&mut self.response);
            self.response = response.with_field("Connection", "close");
        }
        (self.response.status, self.response.fields().collect())
    }

    fn connect(&mut self) {
        self.connections += 1;
    }
}

#[test]
fn a_device_opens_tunnels() {
    with_proxy(|proxy| {
        let mut modem = ToProxy {
            proxy,
            response: super::Response::default(),
            connections: 1,
            heads: Vec::new(),
        };
        let mut device = Device {
            session: Session::new(Policy::digest_only().without_md5().with_proof_required()),
        };
        device.open(&mut modem, "a.example:443", [1; 16]).unwrap();
        device.open(&mut modem, "b.example:443", [2; 16]).unwrap();
        assert_eq!(modem.connections, 2);
        let [first, second, third] = &modem.heads[..] else {
            panic!("three requests")
        };
        assert_eq!(first, "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
        assert!(second.contains("\r\nProxy-Authorization: Digest ") && second.contains("nc=00000001"));
        assert!(third.contains("nc=00000002") && third.ends_with("\r\n\r\n"));
    });
}

#[test]
fn a_head_that_is_too_long_is_an_error() {
    with_proxy(|proxy| {
        let mut modem = ToProxy {
            proxy,
            response: super::Response::default(),
            connections: 2,
            heads: Vec::new(),
        };
        let mut device = Device {
            session: Session::new(Policy::digest_only()),
        };
        let target = format!("{}:443", "a".repeat(400));
        assert_eq!(device.open(&mut modem, &target, [1; 16]), Err(Error::TooLong));
    });
}

#[test]
fn a_refused_password_is_an_error() {
    let mut device = Device {
        session: Session::new(Policy::basic_only()),
    };
    let refused = device.open(&mut Refusing, "a.example:443", [1; 16]);
    assert_eq!(refused, Err(Error::Refused(GiveUp::Refused)));
}

/// A modem whose peer refuses everything.
struct Refusing;

impl Modem for Refusing {
    fn exchange<'a>(&'a mut self, _: &str) -> (u16, heapless::Vec<(&'a str, &'a str), 8>) {
        (407, [("Proxy-Authenticate", "Basic realm=x")].into_iter().collect())
    }

    fn connect(&mut self) {}
}

#[test]
fn a_session_is_small() {
    assert!(size_of::<Device>() < 512, "{}", size_of::<Device>());
}
