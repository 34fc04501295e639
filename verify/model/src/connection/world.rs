//! Two clients, the proxy's side of their connections, and an attacker, driven by the history of their steps.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use proxy_auth::negotiate::{Challenge, Mechanism};
use proxy_auth::{
    Account, ConnectionGate, ConnectionSession, ConnectionStep, Gate, HandshakeStep, Password, Refusal, Request, basic,
};

use super::library::{Acceptor, Initiator, Verdict};
use super::{Action, Forgery, Injection};
use crate::message::{Fields, Response};
use crate::setup::{REALM, User};

const NOW: Duration = Duration::from_hours(300);
const ASK: &str = "Proxy-Authenticate";

/// The facts about a conversation that the properties are about.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// A request passed for a user other than the one whose credentials came last on its connection.
    pub(super) wrong_pass: bool,
    /// A proof was accepted twice.
    pub(super) second_pass: bool,
    /// A client trusted a response before the proxy had proved its identity.
    pub(super) wrong_trust: bool,
    /// A request without credentials passed.
    pub(super) passed_later: bool,
    /// A client has given up.
    pub(super) gave_up: bool,
}

/// The proxy's side of a connection.
struct Connection {
    gate: ConnectionGate<String>,
    library: Acceptor,
    /// The user of the last exchange, if it was completed, and no credentials came after it.
    owner: Option<User>,
}

/// A client, and its side of its connection.
struct Client {
    user: User,
    connection: usize,
    session: ConnectionSession,
    library: Initiator,
    state: State,
    /// The proxy has proved its identity on this connection.
    is_proved: bool,
    /// An attacker or another client may have changed the state of the connection.
    is_touched: bool,
}

#[derive(Clone, Debug, Hash)]
enum State {
    /// The next request is about to be sent.
    Ready(Option<String>),
    Sent(Option<String>),
    Answered(Response),
    Over,
}

pub(super) struct World {
    gate: Gate<&'static str>,
    connections: Vec<Connection>,
    clients: Vec<Client>,
    /// The credentials that the attacker has seen.
    seen: Vec<String>,
    accepted: Vec<String>,
    facts: Facts,
    /// The inputs of each connection and of each client, in order. They determine their states.
    logs: Vec<DefaultHasher>,
}

impl World {
    /// Creates the world after these steps.
    pub(super) fn after(history: &[Action]) -> Self {
        let gate = Gate::new(REALM).expect("the realm is valid");
        let mut world = Self {
            gate: gate.with_negotiate(Mechanism::Negotiate).with_basic(),
            connections: Vec::new(),
            clients: Vec::new(),
            seen: Vec::new(),
            accepted: Vec::new(),
            facts: Facts::default(),
            logs: vec![DefaultHasher::new(); 2],
        };
        for user in User::ALL {
            let client = world.connect(user);
            world.clients.push(client);
        }
        for action in history {
            world.step(*action);
        }
        world
    }

    pub(super) const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns a fingerprint that is equal for equal states of all parties.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for log in &self.logs {
            log.finish().hash(&mut hasher);
        }
        for client in &self.clients {
            (client.connection, &client.state, client.is_touched).hash(&mut hasher);
        }
        self.seen.hash(&mut hasher);
        hasher.finish()
    }

    /// Opens a connection.
    fn connect(&mut self, user: User) -> Client {
        let connection = self.connections.len();
        self.connections.push(Connection {
            gate: ConnectionGate::new(),
            library: Acceptor::new(connection),
            owner: None,
        });
        self.logs.push(DefaultHasher::new());
        Client {
            user,
            connection,
            session: ConnectionSession::new(Mechanism::Negotiate).with_proof_required(),
            library: Initiator::new(user, connection),
            state: State::Ready(None),
            is_proved: false,
            is_touched: false,
        }
    }

    /// Adds the steps that are possible now.
    pub(super) fn steps(&self, attacks: bool, steps: &mut Vec<Action>) {
        for (client, of) in self.clients.iter().enumerate() {
            match &of.state {
                State::Ready(_) => steps.push(Action::Send { client }),
                State::Sent(credentials) => {
                    steps.push(Action::Deliver { client });
                    if attacks {
                        steps.push(Action::Lose { client });
                        let forgeries = [Forgery::Grant, Forgery::GrantWithToken, Forgery::Continue];
                        steps.extend(forgeries.map(|forgery| Action::Forge { client, forgery }));
                        // A request without credentials passes as the user of any connection that it gets to.
                        if credentials.is_some() {
                            steps.push(Action::Swap { client });
                        }
                    }
                }
                State::Answered(_) => {
                    steps.push(Action::Deliver { client });
                    if attacks {
                        steps.push(Action::Lose { client });
                    }
                }
                State::Over => {}
            }
            if attacks && !matches!(of.state, State::Answered(_)) {
                let connection = of.connection;
                let others = [
                    Injection::Nothing,
                    Injection::Hello,
                    Injection::Basic,
                    Injection::Damaged,
                ];
                let replays = (0..self.seen.len()).map(Injection::Seen);
                let injections = others.into_iter().chain(replays);
                steps.extend(injections.map(|injection| Action::Inject { connection, injection }));
            }
        }
    }

    fn step(&mut self, action: Action) {
        match action {
            Action::Send { client } => self.send(client),
            Action::Deliver { client } => {
                let connection = self.clients[client].connection;
                self.deliver(client, connection);
            }
            Action::Swap { client } => {
                let others = self.clients.iter().map(|client| client.connection);
                let own = self.clients[client].connection;
                let other = others.into_iter().find(|other| *other != own).expect("there are two");
                self.clients.iter_mut().for_each(|client| client.is_touched = true);
                self.deliver(client, other);
            }
            Action::Lose { client } => {
                ("lost", client).hash(&mut self.logs[client]);
                self.clients[client] = self.connect(self.clients[client].user);
            }
            Action::Forge { client, forgery } => {
                self.clients[client].is_touched = true;
                self.clients[client].state = State::Answered(forged(forgery, self.clients[client].connection));
            }
            Action::Inject { connection, injection } => {
                let other = || basic::Credentials::new(User::Bob.name(), User::Bob.password()).expect("they are valid");
                let credentials = match injection {
                    Injection::Nothing => None,
                    Injection::Hello => Some("Negotiate aGVsbG8=".into()),
                    Injection::Basic => Some(other().to_string()),
                    Injection::Damaged => Some("Negotiate ?".into()),
                    Injection::Seen(seen) => Some(self.seen[seen].clone()),
                };
                for client in &mut self.clients {
                    client.is_touched |= client.connection == connection;
                }
                self.answer(connection, credentials.as_deref());
            }
        }
    }

    fn send(&mut self, client: usize) {
        let State::Ready(credentials) = &self.clients[client].state else {
            return;
        };
        let credentials = credentials.clone();
        if let Some(credentials) = &credentials
            && !self.seen.contains(credentials)
        {
            self.seen.push(credentials.clone());
        }
        self.clients[client].state = State::Sent(credentials);
    }

    /// Delivers a message of a client, or to it.
    fn deliver(&mut self, client: usize, connection: usize) {
        match std::mem::replace(&mut self.clients[client].state, State::Over) {
            State::Sent(credentials) => {
                let response = self.answer(connection, credentials.as_deref());
                self.clients[client].state = State::Answered(response);
            }
            State::Answered(response) => self.receive(client, &response),
            State::Ready(_) | State::Over => {}
        }
    }

    /// Answers a request on a connection.
    fn answer(&mut self, connection: usize, credentials: Option<&str>) -> Response {
        credentials.hash(&mut self.logs[2 + connection]);
        match self.check(connection, credentials) {
            Ok(response) => response,
            Err(refusal) => {
                let denial = self.gate.deny(&refusal, NOW, 1);
                let fields = denial.challenges();
                Response {
                    status: denial.status().as_u16(),
                    fields: fields.map(|challenge| (ASK.into(), challenge.to_string())).collect(),
                }
            }
        }
    }

    fn check(&mut self, connection: usize, credentials: Option<&str>) -> Result<Response, Refusal> {
        let Connection { gate, library, owner } = &mut self.connections[connection];
        let expected = owner.take().filter(|_| credentials.is_none());
        *owner = expected;
        let request = Request::new("GET", "http://example.com/").expect("the target is valid");
        let mut scratch = [0; 256];
        let fields = credentials.map(|value| ("Proxy-Authorization", value));
        match gate.read(&self.gate, &request, fields, &mut scratch)? {
            ConnectionStep::Pass(pass) => {
                let user = expected.map(User::name);
                self.facts.wrong_pass |= user.map(str::as_bytes) != Some(pass.user());
                self.facts.passed_later = true;
                Ok(response(200, Vec::new()))
            }
            ConnectionStep::Attempt(attempt) => {
                let user = User::ALL.into_iter().find(|user| attempt.name() == Some(user.name()));
                let account = user.map(|user| Account::new(user.name(), Password::new(user.password())));
                let pass = attempt.check(account, NOW)?.redeem(&mut ())?;
                self.facts.wrong_pass |= pass.user() != User::Bob.name().as_bytes();
                Ok(response(200, Vec::new()))
            }
            ConnectionStep::Token(round) => match library.accept(round.is_first(), round.token()) {
                Verdict::Continue(token) => {
                    let challenge = round.proceed(token.as_bytes())?.challenge().to_string();
                    Ok(response(407, vec![(ASK.into(), challenge)]))
                }
                Verdict::Accepted(user, last) => {
                    *owner = Some(user);
                    let pass = round.accept(user.name().into());
                    self.facts.wrong_pass |= pass.user() != user.name().as_bytes();
                    let proof = credentials.unwrap_or_default().to_owned();
                    self.facts.second_pass |= self.accepted.contains(&proof);
                    self.accepted.push(proof);
                    Ok(response(200, vec![(ASK.into(), challenge(&last))]))
                }
                Verdict::Refused => Err(round.refuse()),
            },
        }
    }

    fn receive(&mut self, client: usize, response: &Response) {
        response.hash(&mut self.logs[client]);
        let of = &mut self.clients[client];
        let mut scratch = [0; 256];
        let fields = response.fields.iter();
        let fields = fields.map(|(name, value)| (name.as_str(), value.as_str()));
        match of.session.receive(response.status, fields, &mut scratch) {
            HandshakeStep::Again(request) => {
                of.is_proved = false;
                if let Some(token) = of.library.step(request.received()) {
                    let credentials = request.answer(token.as_bytes()).expect("the token is not empty");
                    of.state = State::Ready(Some(credentials.to_string()));
                    return;
                }
            }
            HandshakeStep::Verify(last) => {
                if of.library.finish(last.token()) {
                    last.accept();
                    of.is_proved = true;
                    of.state = State::Ready(None);
                    return;
                }
            }
            HandshakeStep::Done => {
                self.facts.wrong_trust |= !of.is_proved;
                of.state = State::Ready(None);
                return;
            }
            HandshakeStep::GiveUp(_) => {}
        }
        self.facts.gave_up = true;
    }

    /// Checks that the next request of each client passes in three round trips, and so does one on a new connection. A client whose
    /// connection somebody touched need not pass on it.
    pub(super) fn is_live(&mut self) -> bool {
        let touched: Vec<_> = self.clients.iter().map(|client| client.is_touched).collect();
        (0..touched.len()).all(|client| (touched[client] || self.passes(client)) && self.passes_anew(client))
    }

    fn passes_anew(&mut self, client: usize) -> bool {
        self.clients[client] = self.connect(self.clients[client].user);
        self.passes(client)
    }

    /// Delivers the messages of a client, until a request has passed.
    fn passes(&mut self, client: usize) -> bool {
        (0..=3).any(|_| {
            self.send(client);
            while let State::Sent(_) | State::Answered(_) = self.clients[client].state {
                self.deliver(client, self.clients[client].connection);
            }
            self.clients[client].is_proved && matches!(self.clients[client].state, State::Ready(None))
        })
    }
}

const fn response(status: u16, fields: Fields) -> Response {
    Response { status, fields }
}

fn challenge(token: &str) -> String {
    let challenge = Challenge::from_token(Mechanism::Negotiate, token.as_bytes());
    challenge.expect("the token is not empty").to_string()
}

fn forged(forgery: Forgery, connection: usize) -> Response {
    match forgery {
        Forgery::Grant => response(200, Vec::new()),
        Forgery::GrantWithToken => response(200, vec![(ASK.into(), challenge("last of nobody"))]),
        Forgery::Continue => response(407, vec![(ASK.into(), challenge(&format!("nonce {connection} 1")))]),
    }
}
