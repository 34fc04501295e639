//! All parties of a conversation, driven by the history of their steps.
//!
//! A [`Session`] cannot be cloned, so a state is rebuilt from its history.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use proxy_auth::{Login, Pending, Policy, Request, Session, Step, Turn};

use crate::action::{Action, Change, Forgery, Lie, Replay};
use crate::message::{Message, Response};
use crate::proxy::{Passed, Proxy, Store};
use crate::setup::{Allowed, MAX_AGE, Setup, Stores, User};

/// The client's requests, which can overlap.
pub(crate) const SLOTS: usize = 2;
/// The time of the first step, in seconds.
const START: u64 = 1_000_000;
const TARGET: &str = "http://example.com/a";
const OTHER_TARGET: &str = "http://example.com/b";

/// Credentials that the attacker has seen.
pub(crate) struct Seen {
    pub(crate) authorization: String,
    /// The stores that have accepted them.
    accepted_by: Vec<usize>,
}

/// A client's request.
enum Slot {
    /// It is about to be sent.
    Ready(Turn),
    Sent(Pending),
    Over,
}

/// The facts about a conversation that the properties are about.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// A request passed for a user who did not send its credentials, or for another request.
    pub(crate) wrong_pass: bool,
    /// An answer of Digest passed twice under one store.
    pub(crate) second_pass: bool,
    /// An answer passed whose nonce was too old.
    pub(crate) stale_pass: bool,
    /// The client sent something weaker than its policy allows, or than the proxy has offered before.
    pub(crate) weak_credentials: bool,
    /// The client took a forged response for a proved one.
    pub(crate) wrong_proof: bool,
    /// The client accepted a response that lacks the proof that it requires.
    pub(crate) missing_proof: bool,
    /// A request of the client passed.
    pub(crate) passed: bool,
    /// The client was told that its nonce is stale.
    pub(crate) stale: bool,
    /// The client has given up.
    pub(crate) gave_up: bool,
}

/// All parties of a conversation.
pub(crate) struct World {
    setup: Setup,
    now: u64,
    key: u8,
    proxies: Vec<Proxy>,
    stores: Vec<Store>,
    session: Session<512>,
    slots: Vec<Slot>,
    sends: u8,
    saw_sha256: bool,
    network: Vec<Message>,
    seen: Vec<Seen>,
    is_tampered: bool,
    is_turned_back: bool,
    facts: Facts,
    /// The inputs of each party, in order. They determine its state.
    logs: Vec<DefaultHasher>,
}

impl World {
    /// Creates the world after these steps.
    pub(crate) fn after(setup: Setup, history: &[Action]) -> Self {
        let proxies: Vec<_> = (0..setup.proxies())
            .map(|number| Proxy::new(setup, 1, number))
            .collect();
        let start = Duration::from_secs(START);
        let mut world = Self {
            setup,
            now: START + 1,
            key: 1,
            stores: proxies.iter().map(|proxy| proxy.new_store(start)).collect(),
            session: Session::new(setup.policy()),
            slots: (0..SLOTS).map(|_| Slot::Ready(Turn::FIRST)).collect(),
            sends: 0,
            saw_sha256: false,
            network: Vec::new(),
            seen: Vec::new(),
            is_tampered: false,
            is_turned_back: false,
            facts: Facts::default(),
            logs: vec![DefaultHasher::new(); proxies.len() + 1],
            proxies,
        };
        for action in history {
            world.step(*action);
        }
        world
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns a fingerprint that is equal for equal states of all parties.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (
            self.setup,
            self.now,
            self.key,
            self.sends,
            self.is_tampered,
            self.is_turned_back,
        )
            .hash(&mut hasher);
        for log in &self.logs {
            log.finish().hash(&mut hasher);
        }
        // The order of the messages has no meaning.
        let mut network: Vec<_> = self.network.iter().map(hash_of).collect();
        network.sort_unstable();
        network.hash(&mut hasher);
        let mut seen: Vec<_> = self.seen.iter().map(|seen| hash_of(&seen.authorization)).collect();
        seen.sort_unstable();
        seen.hash(&mut hasher);
        hasher.finish()
    }

    /// Adds the steps that are possible now.
    pub(crate) fn steps(&self, attacks: bool, events: bool, steps: &mut Vec<Action>) {
        for (slot, state) in self.slots.iter().enumerate() {
            if matches!(state, Slot::Ready(_)) {
                steps.push(Action::Send { slot });
                // The requests are alike, so the order of the first of them has no meaning.
                if self.sends == 0 {
                    break;
                }
            }
        }
        for (message, content) in self.network.iter().enumerate() {
            let receivers = match content {
                Message::Request { .. } => self.proxies.len(),
                Message::Response { .. } => 1,
            };
            steps.extend((0..receivers).map(|proxy| Action::Deliver { message, proxy }));
            if attacks {
                attacks_on(message, content, steps);
            }
        }
        if attacks {
            for proxy in 0..self.proxies.len() {
                for seen in 0..self.seen.len() {
                    let replays = [
                        Replay::Unchanged,
                        Replay::OtherTarget,
                        Replay::OtherName,
                        Replay::NextCount,
                    ];
                    steps.extend(replays.map(|replay| Action::Replay { seen, proxy, replay }));
                }
                steps.extend([Lie::Guess, Lie::OtherName].map(|lie| Action::Impersonate { proxy, lie }));
            }
        }
        if events {
            for proxy in 0..self.proxies.len() {
                // A proxy whose clock was set back needs a new key, as the documentation says.
                let keys = [true, false]
                    .into_iter()
                    .filter(|keeps_key| !(*keeps_key && self.is_turned_back));
                steps.extend(keys.map(|keeps_key| Action::Restart { proxy, keeps_key }));
            }
            steps.extend([Action::Wait, Action::TurnBack]);
        }
    }

    fn step(&mut self, action: Action) {
        match action {
            Action::Send { slot } => self.send(slot),
            Action::Deliver { message, proxy } => match self.network.remove(message) {
                Message::Request { slot, authorization } => self.deliver(slot, authorization, proxy),
                Message::Response {
                    slot,
                    response,
                    is_genuine,
                } => self.receive(slot, &response, is_genuine),
            },
            Action::Lose { message } => {
                let (Message::Request { slot, .. } | Message::Response { slot, .. }) = self.network.remove(message);
                self.slots[slot] = Slot::Ready(Turn::FIRST);
                ("lost", slot).hash(&mut self.logs[0]);
            }
            Action::Change { message, change } => {
                if let Message::Response {
                    response, is_genuine, ..
                } = &mut self.network[message]
                {
                    let original = response.clone();
                    changed(response, change);
                    let is_changed = *response != original;
                    *is_genuine &= !is_changed;
                    self.is_tampered |= is_changed;
                }
            }
            Action::Forge { message, forgery } => {
                self.is_tampered = true;
                if let Message::Request { slot, .. } = self.network[message] {
                    let response = forged(forgery);
                    self.network[message] = Message::Response {
                        slot,
                        response,
                        is_genuine: false,
                    };
                }
            }
            Action::Replay { seen, proxy, replay } => self.replay(seen, proxy, replay),
            Action::Impersonate { proxy, lie } => self.impersonate(proxy, lie),
            Action::Restart { proxy, keeps_key } => self.restart(proxy, keeps_key),
            Action::Wait => self.now += MAX_AGE + 1,
            Action::TurnBack => {
                self.now -= MAX_AGE / 2;
                self.is_turned_back = true;
            }
        }
    }

    fn send(&mut self, slot: usize) {
        let login = Login {
            name: User::Alice.name(),
            password: User::Alice.password(),
        };
        let request = Request::new("GET", TARGET).expect("the target is valid");
        self.sends += 1;
        ("send", slot).hash(&mut self.logs[0]);
        let turn = match self.slots[slot] {
            Slot::Ready(turn) => turn,
            Slot::Sent(_) | Slot::Over => Turn::FIRST,
        };
        let Ok((authorization, pending)) = self.session.authorize(turn, &login, &request, [self.sends; 16]) else {
            self.facts.gave_up = true;
            self.slots[slot] = Slot::Over;
            return;
        };
        let authorization = authorization.map(|authorization| authorization.to_string());
        self.slots[slot] = Slot::Sent(pending);
        if let Some(authorization) = &authorization {
            self.facts.weak_credentials |= self.is_weak(authorization);
            self.seen.push(Seen {
                authorization: authorization.clone(),
                accepted_by: Vec::new(),
            });
        }
        self.network.push(Message::Request { slot, authorization });
    }

    /// Checks for credentials that are weaker than the policy allows, or than the proxy has offered before.
    fn is_weak(&self, authorization: &str) -> bool {
        let is_basic = authorization.starts_with("Basic");
        let is_md5 = authorization.contains("algorithm=MD5");
        is_basic && self.setup.allowed != Allowed::DigestOrBasic || self.saw_sha256 && (is_basic || is_md5)
    }

    fn deliver(&mut self, slot: usize, authorization: Option<String>, proxy: usize) {
        let (response, passed) = self.ask(proxy, TARGET, authorization.as_deref());
        let is_genuine = passed.is_some();
        self.facts.passed |= is_genuine;
        if let (Some(passed), Some(authorization)) = (passed, authorization) {
            self.facts.wrong_pass |= passed.user != User::Alice.name();
            self.accepted(&authorization, &passed, proxy);
        }
        self.network.push(Message::Response {
            slot,
            response,
            is_genuine,
        });
    }

    /// Sends a request to a proxy.
    fn ask(&mut self, proxy: usize, target: &str, authorization: Option<&str>) -> (Response, Option<Passed>) {
        (self.now, target, authorization).hash(&mut self.logs[1 + self.setup.store_of(proxy)]);
        proxy.hash(&mut self.logs[1 + self.setup.store_of(proxy)]);
        let store = &mut self.stores[self.setup.store_of(proxy)];
        self.proxies[proxy].answer(target, authorization, store, Duration::from_secs(self.now))
    }

    /// Records that a store has accepted credentials of Alice.
    fn accepted(&mut self, authorization: &str, passed: &Passed, proxy: usize) {
        if passed.scheme == "Basic" {
            return;
        }
        let issued = issued(authorization).expect("the proxies issue the nonces");
        self.facts.stale_pass |= self.now > issued + MAX_AGE;
        let store = self.setup.store_of(proxy);
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.authorization == authorization) {
            self.facts.second_pass |= seen.accepted_by.contains(&store);
            seen.accepted_by.push(store);
        }
    }

    fn receive(&mut self, slot: usize, response: &Response, is_genuine: bool) {
        ("receive", slot, response).hash(&mut self.logs[0]);
        let Slot::Sent(pending) = std::mem::replace(&mut self.slots[slot], Slot::Over) else {
            return;
        };
        match response.step(&mut self.session, pending) {
            Step::Again(turn) | Step::NewConnection(turn) => {
                self.slots[slot] = Slot::Ready(turn);
                let text = format!("{response:?}");
                self.facts.stale |= text.contains("stale=true");
                self.saw_sha256 |= text.contains("algorithm=SHA-256");
            }
            Step::Done { proved } => {
                self.facts.wrong_proof |= proved && !is_genuine;
                self.facts.missing_proof |= !proved && self.setup.allowed == Allowed::Proof;
            }
            Step::GiveUp(_) => self.facts.gave_up = true,
        }
    }

    fn replay(&mut self, seen: usize, proxy: usize, replay: Replay) {
        let authorization = self.seen[seen].authorization.clone();
        let (target, changed) = match replay {
            Replay::Unchanged => (TARGET, authorization.clone()),
            Replay::OtherTarget => (OTHER_TARGET, authorization.clone()),
            Replay::OtherName => (TARGET, authorization.replace(User::Alice.name(), User::Bob.name())),
            Replay::NextCount => (TARGET, authorization.replace("nc=00000001", "nc=00000002")),
        };
        let (_, Some(passed)) = self.ask(proxy, target, Some(&changed)) else {
            return;
        };
        let is_basic = passed.scheme == "Basic";
        // Basic signs nothing, so its credentials pass for any request of their user.
        let may_pass = passed.user == User::Alice.name() && changed == authorization && (is_basic || target == TARGET);
        self.facts.wrong_pass |= !may_pass;
        self.accepted(&authorization, &passed, proxy);
    }

    fn impersonate(&mut self, proxy: usize, lie: Lie) {
        let login = match lie {
            Lie::Guess => Login {
                name: User::Alice.name(),
                password: "a guess",
            },
            Lie::OtherName => Login {
                name: User::Bob.name(),
                password: User::Bob.password(),
            },
        };
        let mut session = Session::<512>::new(Policy::digest_or_basic());
        let request = Request::new("GET", TARGET).expect("the target is valid");
        let (_, pending) = session
            .authorize(Turn::FIRST, &login, &request, [0xBB; 16])
            .expect("nothing is sent");
        let (response, _) = self.ask(proxy, TARGET, None);
        let step = response.step(&mut session, pending);
        assert!(matches!(step, Step::Again(_)), "a proxy asks");
        let (authorization, _) = session
            .authorize(Turn::FIRST, &login, &request, [0xBB; 16])
            .expect("the session answers");
        let authorization = authorization.expect("the session answers").to_string();
        let authorization = match lie {
            Lie::Guess => authorization,
            Lie::OtherName => authorization.replace(User::Bob.name(), User::Alice.name()),
        };
        let (_, passed) = self.ask(proxy, TARGET, Some(&authorization));
        self.facts.wrong_pass |= passed.is_some_and(|passed| passed.user == User::Alice.name());
    }

    fn restart(&mut self, proxy: usize, keeps_key: bool) {
        self.key += u8::from(!keeps_key);
        for number in 0..self.proxies.len() {
            // Proxies that share a key change it together.
            if number == proxy || !keeps_key {
                self.proxies[number] = Proxy::new(self.setup, self.key, number);
                ("restart", number, self.key, self.now).hash(&mut self.logs[1 + self.setup.store_of(number)]);
            }
        }
        // A store that both use is not part of either.
        if self.setup.stores != Stores::Shared {
            self.stores[self.setup.store_of(proxy)] = self.proxies[proxy].new_store(Duration::from_secs(self.now));
        }
        // A restart takes time, so no nonce is issued twice.
        self.now += 1;
    }

    /// Sends one more request, whose messages nobody touches. Returns the number of its round trips, or `None` if there are more than
    /// three.
    pub(crate) fn honest_rounds(&mut self) -> Option<usize> {
        let slot = self.slots.len();
        self.slots.push(Slot::Ready(Turn::FIRST));
        (1..=3).find(|_| {
            self.send(slot);
            if self.facts.gave_up {
                return false;
            }
            for _ in 0..2 {
                let message = self.network.len() - 1;
                self.step(Action::Deliver { message, proxy: 0 });
            }
            matches!(self.slots[slot], Slot::Over) && !self.facts.gave_up
        })
    }

    /// Checks that a request whose messages nobody touches must pass.
    pub(crate) fn must_pass(&self) -> bool {
        !self.is_tampered && !self.is_turned_back && !self.facts.gave_up
    }
}

/// Adds what the attacker can do with a message.
fn attacks_on(message: usize, content: &Message, steps: &mut Vec<Action>) {
    steps.push(Action::Lose { message });
    match content {
        Message::Request { .. } => {
            let forgeries = [
                Forgery::Grant,
                Forgery::GrantWithProof,
                Forgery::AskBasic,
                Forgery::AskMd5,
            ];
            steps.extend(forgeries.map(|forgery| Action::Forge { message, forgery }));
        }
        Message::Response { .. } => {
            let changes = [Change::StripDigest, Change::StripSha256, Change::Damage, Change::Grant];
            steps.extend(changes.map(|change| Action::Change { message, change }));
        }
    }
}

/// Returns the time in seconds at which the nonce in an answer was issued.
fn issued(authorization: &str) -> Option<u64> {
    let (_, nonce) = authorization.split_once(r#"nonce=""#)?;
    Some(u64::from_str_radix(nonce.get(..16)?, 16).ok()? / 1000)
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn changed(response: &mut Response, change: Change) {
    match change {
        Change::StripDigest => response.fields.retain(|(_, value)| !value.starts_with("Digest")),
        Change::StripSha256 => response.fields.retain(|(_, value)| !value.contains("SHA-256")),
        Change::Damage => {
            for (_, value) in &mut response.fields {
                if value.starts_with("Digest") {
                    *value = value.replace("nonce=", "n once=");
                }
            }
        }
        Change::Grant => response.status = 200,
    }
}

fn forged(forgery: Forgery) -> Response {
    let (status, name, value) = match forgery {
        Forgery::Grant => (200, "Date", ""),
        Forgery::GrantWithProof => (
            200,
            "Proxy-Authentication-Info",
            r#"rspauth="00", cnonce="x", nc=00000001, qop=auth"#,
        ),
        Forgery::AskBasic => (407, "Proxy-Authenticate", r#"Basic realm="model""#),
        Forgery::AskMd5 => (
            407,
            "Proxy-Authenticate",
            r#"Digest realm="model", nonce="x", stale=true, algorithm=MD5, qop="auth", charset=UTF-8"#,
        ),
    };
    Response {
        status,
        fields: vec![(name.into(), value.into())],
    }
}
