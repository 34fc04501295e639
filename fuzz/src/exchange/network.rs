//! The network, which loses, delays, repeats, changes and forges messages.

use arbitrary::{Arbitrary, Unstructured};
use proxy_auth::{Credentials, GiveUp, Pending, Step, Turn, digest};

use super::client::{Client, Harm, Setup};
use super::proxy::{LookUp, Offer, Proxy, Reply, Restart};
use super::{Ask, User};

/// The most times that a client sends one request while it sends no others: for challenges that were stale when they arrived, too.
const MAX_ROUNDS: usize = 10;

/// Challenges that the proxy did not send.
const FORGED: [&str; 5] = [
    "Basic realm=\"a\"",
    "Digest realm=\"a\", nonce=\"n\", stale=true, qop=\"auth\", algorithm=MD5",
    "Digest realm=\"a\", nonce=\"n\"",
    "Digest realm=\"a \\\"realm\\\"\", nonce=\"n\", stale=true, qop=\"auth\", algorithm=SHA-256",
    "Digest realm=\"a\", nonce=\"n\", qop=\"auth-int\", algorithm=SHA-512-256, userhash=true",
];

/// A proxy, three clients, and what happens between them.
#[derive(Debug)]
pub struct Scenario {
    offer: Offer,
    clients: [Setup; 3],
    actions: Vec<Action>,
}

impl<'a> Arbitrary<'a> for Scenario {
    /// Uses all bytes, so that most inputs have many actions.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let (offer, clients) = bytes.arbitrary()?;
        let mut actions = Vec::new();
        while !bytes.is_empty() && actions.len() < 64 {
            actions.push(bytes.arbitrary()?);
        }
        Ok(Self {
            offer,
            clients,
            actions,
        })
    }
}

#[derive(Arbitrary, Debug)]
enum Action {
    /// A client sends a request, and sends it again while it should, while the network does no harm.
    Fetch {
        client: u8,
        ask: Ask,
    },
    /// A client sends a request.
    Send {
        client: u8,
        ask: Ask,
    },
    /// A request arrives at the proxy.
    Arrive(u8),
    /// A response arrives at its client.
    Return {
        response: u8,
        tampering: Option<Tampering>,
    },
    DropRequest(u8),
    DropResponse(u8),
    /// The network sends the credentials of an earlier request again.
    Replay {
        seen: u8,
        ask: Option<Ask>,
        change: Change,
        look_up: LookUp,
    },
    /// A client's user types the right password.
    Correct(u8),
    Restart(Restart),
    TurnClock(i8),
}

/// A change of credentials.
#[derive(Arbitrary, Debug)]
enum Change {
    None,
    /// The name of this user, in plain or hashed, in place of another.
    Relabel(u8),
    /// Another byte at a position.
    Damage(u8, u8),
}

/// A change of a response.
#[derive(Arbitrary, Debug)]
enum Tampering {
    /// The challenges and other fields whose bits are set are removed.
    Strip(u8),
    /// Another byte at a position of a field value.
    Damage {
        line: u8,
        at: u8,
        byte: u8,
    },
    Reverse,
    /// A challenge is added, or replaces the others.
    Forge {
        challenge: u8,
        alone: bool,
    },
    Inject(Vec<u8>),
    /// Proxy-Authentication-Info with these digits, or with the genuine ones of another request.
    Info {
        rspauth: u8,
        of: Option<u8>,
        nextnonce: bool,
    },
    Status(bool),
    /// Another response in place of this one.
    Swap(u8),
}

/// Credentials that the network has seen.
struct Seen {
    value: Vec<u8>,
    ask: Ask,
    user: &'static User,
    was_right: bool,
    /// The genuine proof, once the proxy has accepted the credentials.
    rspauth: Option<String>,
}

/// A request on its way, or with its response.
struct Sent {
    client: usize,
    ask: Ask,
    pending: Pending,
    was_right: bool,
    /// The number of its credentials.
    seen: Option<usize>,
}

struct World {
    proxy: Proxy,
    clients: [Client; 3],
    seen: Vec<Seen>,
    requests: Vec<Sent>,
    responses: Vec<(Sent, Reply)>,
}

impl Scenario {
    /// Plays the scenario, and checks the promises of the proxy and of the clients.
    ///
    /// # Panics
    /// If a promise is broken.
    pub fn play(self) {
        let mut world = World {
            proxy: Proxy::new(self.offer),
            clients: self.clients.map(|setup| Client::new(setup, self.offer.role())),
            seen: Vec::new(),
            requests: Vec::new(),
            responses: Vec::new(),
        };
        for action in self.actions {
            world.act(action);
        }
    }
}

fn pick<T>(items: &[T], index: u8) -> Option<usize> {
    usize::from(index).checked_rem(items.len())
}

fn take<T>(items: &mut Vec<T>, index: u8) -> Option<T> {
    pick(items, index).map(|index| items.remove(index))
}

impl World {
    fn act(&mut self, action: Action) {
        match action {
            Action::Fetch { client, ask } => self.fetch(usize::from(client) % 3, ask),
            Action::Send { client, ask } => {
                let client = usize::from(client) % 3;
                self.harm(client, Harm::Delayed);
                if let Ok(sent) = self.send(client, Turn::FIRST, ask) {
                    self.requests.push(sent);
                }
            }
            Action::Arrive(index) => {
                if let Some(sent) = take(&mut self.requests, index) {
                    let reply = self.arrive(&sent);
                    self.responses.push((sent, reply));
                }
            }
            Action::Return { response, tampering } => {
                if let Some((sent, mut reply)) = take(&mut self.responses, response) {
                    if let Some(tampering) = tampering {
                        self.harm(sent.client, Harm::Tampered);
                        self.tamper(&mut reply, tampering);
                    }
                    let _ = self.receive(sent, &reply);
                }
            }
            Action::DropRequest(index) => drop(take(&mut self.requests, index)),
            Action::DropResponse(index) => drop(take(&mut self.responses, index)),
            Action::Replay {
                seen,
                ask,
                change,
                look_up,
            } => {
                if let Some(index) = pick(&self.seen, seen) {
                    self.replay(index, ask, &change, look_up);
                }
            }
            Action::Correct(client) => self.clients[usize::from(client) % 3].set_right_password(),
            Action::Restart(restart) => self.proxy.restart(restart),
            Action::TurnClock(seconds) => self.proxy.turn_clock(seconds),
        }
    }

    fn harm(&mut self, client: usize, harm: Harm) {
        let client = &mut self.clients[client];
        if client.harm < harm {
            client.harm = harm;
        }
    }

    fn send(&mut self, client: usize, turn: Turn, ask: Ask) -> Result<Sent, GiveUp> {
        let of = &mut self.clients[client];
        let (value, pending) = of.authorize(turn, ask)?;
        let seen = value.map(|value| {
            self.seen.push(Seen {
                value,
                ask,
                user: of.user(),
                was_right: of.is_right,
                rspauth: None,
            });
            self.seen.len() - 1
        });
        Ok(Sent {
            client,
            ask,
            pending,
            was_right: of.is_right,
            seen,
        })
    }

    fn arrive(&mut self, sent: &Sent) -> Reply {
        let value = sent.seen.map(|index| self.seen[index].value.clone());
        let reply = self.proxy.handle(sent.ask, value.as_deref(), LookUp::Honest);
        self.judge(&reply, sent.seen, sent.ask, true);
        reply
    }

    /// Checks that a request passed only with the credentials of a client with the right password, as that client.
    fn judge(&mut self, reply: &Reply, seen: Option<usize>, ask: Ask, is_unchanged: bool) {
        let Some(passed) = &reply.passed else { return };
        let seen = &mut self.seen[seen.expect("no request passes without credentials")];
        assert!(seen.was_right, "a wrong password passed");
        assert_eq!(passed.user, seen.user.name.as_bytes(), "a user passed as another");
        if passed.is_digest {
            let protects_content = seen.value.windows(8).any(|at| at == b"auth-int");
            let is_equal = seen.ask.is_equal_to(ask, self.proxy.offer.is_exact, protects_content);
            assert!(is_equal, "an answer for another request passed");
            if is_unchanged {
                seen.rspauth.clone_from(&passed.rspauth);
            }
        }
    }

    fn receive(&mut self, sent: Sent, reply: &Reply) -> Step {
        let rspauth = sent.seen.and_then(|index| self.seen[index].rspauth.as_deref());
        self.clients[sent.client].receive(sent.pending, reply, sent.was_right, rspauth)
    }

    fn replay(&mut self, index: usize, ask: Option<Ask>, change: &Change, look_up: LookUp) {
        let seen = &self.seen[index];
        let ask = ask.unwrap_or(seen.ask);
        let mut value = seen.value.clone();
        match change {
            Change::None => {}
            Change::Relabel(user) => value = relabelled(&value, User::at(*user)),
            Change::Damage(at, byte) => {
                if let Some(at) = pick(&value, *at) {
                    value[at] = *byte;
                }
            }
        }
        let is_unchanged = value == seen.value;
        let reply = self.proxy.handle(ask, Some(&value), look_up);
        if let (Change::Relabel(_), false) = (change, is_unchanged) {
            assert!(reply.passed.is_none(), "a relabelled answer passed");
        }
        self.judge(&reply, Some(index), ask, is_unchanged);
    }

    fn tamper(&mut self, reply: &mut Reply, tampering: Tampering) {
        let role = self.proxy.offer.role();
        let (challenge, info) = (role.authenticate().as_str(), role.authentication_info().as_str());
        match tampering {
            Tampering::Strip(bits) => {
                let mut index = 0;
                reply.fields.retain(|_| {
                    index += 1;
                    bits.checked_shr(index - 1).unwrap_or(0) & 1 == 0
                });
            }
            Tampering::Damage { line, at, byte } => {
                if let Some(line) = pick(&reply.fields, line) {
                    let value = &mut reply.fields[line].1;
                    if let Some(at) = pick(value, at) {
                        value[at] = byte;
                    }
                }
            }
            Tampering::Reverse => reply.fields.reverse(),
            Tampering::Forge {
                challenge: index,
                alone,
            } => {
                reply.fields.retain(|(name, _)| !alone || name != challenge);
                let forged = FORGED[usize::from(index) % FORGED.len()];
                reply.fields.insert(0, (challenge.to_owned(), forged.into()));
            }
            Tampering::Inject(value) => reply.fields.push((challenge.to_owned(), value)),
            Tampering::Info { rspauth, of, nextnonce } => {
                let genuine = of.and_then(|of| self.seen[pick(&self.seen, of)?].rspauth.clone());
                let digits = genuine.unwrap_or_else(|| format!("{rspauth:02x}").repeat(32));
                let nextnonce = if nextnonce { ", nextnonce=\"mine\"" } else { "" };
                reply
                    .fields
                    .push((info.to_owned(), format!("rspauth=\"{digits}\"{nextnonce}").into()));
            }
            Tampering::Status(passes) => reply.status = if passes { 200 } else { role.status().as_u16() },
            Tampering::Swap(index) => {
                if let Some(index) = pick(&self.responses, index) {
                    std::mem::swap(reply, &mut self.responses[index].1);
                    self.harm(self.responses[index].0.client, Harm::Tampered);
                }
            }
        }
    }

    /// Sends a request, and sends it again while the client should, and checks that an honest client passes.
    fn fetch(&mut self, index: usize, ask: Ask) {
        let (mut rounds, mut turn) = (0, Turn::FIRST);
        let step = loop {
            rounds += 1;
            assert!(rounds <= MAX_ROUNDS);
            let sent = match self.send(index, turn, ask) {
                Ok(sent) => sent,
                Err(reason) => break Step::GiveUp(reason),
            };
            let reply = self.arrive(&sent);
            match self.receive(sent, &reply) {
                Step::Again(next) | Step::NewConnection(next) => turn = next,
                step => break step,
            }
        };
        let client = &self.clients[index];
        let is_late = step == Step::GiveUp(GiveUp::TooManyRounds) && client.harm == Harm::Delayed;
        if client.harm == Harm::Tampered || is_late || self.proxy.is_set_back() {
            return;
        }
        assert!(client.harm == Harm::Delayed || rounds <= 3, "{rounds} rounds");
        match client.setup.expected(self.proxy.offer) {
            Some(expected) if client.is_right => assert_eq!(step, expected),
            Some(_) => assert_eq!(step, Step::GiveUp(GiveUp::Refused)),
            None => assert!(matches!(step, Step::GiveUp(_)), "{step:?}"),
        }
    }
}

/// Returns the credentials with the name of a user in place of the name in them.
fn relabelled(value: &[u8], user: &User) -> Vec<u8> {
    let generic = Credentials::parse(value).unwrap();
    let Ok(digest) = digest::Credentials::read(&generic) else {
        return value.to_vec();
    };
    let name = if digest.is_userhash() {
        user.userhash(digest.algorithm())
    } else {
        user.name.replace('"', "\\\"")
    };
    let rest = generic.params().without(&["username", "username*"]).to_string();
    let relabelled = format!("Digest username=\"{name}\", {rest}").into_bytes();
    let relabelled_generic = Credentials::parse(&relabelled).unwrap();
    let relabelled_digest = digest::Credentials::read(&relabelled_generic).unwrap();
    let is_relabelled = relabelled_digest.username() != digest.username();
    if is_relabelled { relabelled } else { value.to_vec() }
}
