//! The model of connections that Negotiate authenticates, with the real `ConnectionGate` and `ConnectionSession`.
//!
//! A request without credentials on an authenticated connection passes as the user of the connection, whoever sends it (RFC 4559, 6).
//! So the proxy must forget that user as soon as anybody sends credentials on the connection.

mod library;
mod world;

use std::hash::{Hash, Hasher};

use stateright::{Model, Property};

use self::world::{Facts, World};

/// A step of a client, the network or the attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A client sends its next request.
    Send { client: usize },
    /// The message of a client, or the response to it, arrives.
    Deliver { client: usize },
    /// A request with credentials arrives on the connection of the other client, because a proxy between shares its connections.
    Swap { client: usize },
    /// A message is lost, and the client makes a new connection.
    Lose { client: usize },
    /// The attacker answers a request instead of the proxy.
    Forge { client: usize, forgery: Forgery },
    /// The attacker, or another client of a proxy between, sends a request on a connection.
    Inject { connection: usize, injection: Injection },
}

/// A response of the attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Forgery {
    /// 200, without a token.
    Grant,
    /// 200, with a wrong last token.
    GrantWithToken,
    /// 407, with a nonce that the proxy may issue, too.
    Continue,
}

/// The credentials of a request on a connection of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Injection {
    Nothing,
    /// The first token of an exchange.
    Hello,
    /// Basic, with the right password of another user.
    Basic,
    /// A token that is not base64.
    Damaged,
    /// A token that the attacker has seen on any connection.
    Seen(usize),
}

/// All conversations up to a number of steps.
pub(crate) struct Connections {
    /// The greatest number of steps of the attacker.
    pub(crate) attacks: usize,
}

/// A state: the steps that lead to it, and the facts about it.
#[derive(Clone, Debug)]
pub(crate) struct State {
    history: Vec<Action>,
    fingerprint: u64,
    facts: Facts,
    is_live: bool,
}

impl State {
    fn after(history: Vec<Action>) -> Self {
        let mut world = World::after(&history);
        Self {
            fingerprint: world.fingerprint(),
            facts: world.facts().clone(),
            is_live: world.is_live(),
            history,
        }
    }

    fn attacks(&self) -> usize {
        let is_honest = |action: &&Action| matches!(action, Action::Send { .. } | Action::Deliver { .. });
        self.history.len() - self.history.iter().filter(is_honest).count()
    }

    /// Returns what two states have in common if all parties are in the same state, whatever the order of their steps was.
    fn identity(&self) -> (u64, usize) {
        (self.fingerprint, self.attacks())
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.identity().hash(hasher);
    }
}

impl Model for Connections {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::after(Vec::new())]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        World::after(&state.history).steps(state.attacks() < self.attacks, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut history = state.history.clone();
        history.push(action);
        Some(State::after(history))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "a connection passes only as the user of its last exchange",
                |_, state: &State| !state.facts.wrong_pass,
            ),
            Property::always("no proof completes two exchanges", |_, state: &State| {
                !state.facts.second_pass
            }),
            Property::always(
                "no response is trusted before the proxy proves itself",
                |_, state: &State| !state.facts.wrong_trust,
            ),
            Property::always("an honest client passes in three round trips", |_, state: &State| {
                state.is_live
            }),
            Property::sometimes("a connection passes without credentials", |_, state: &State| {
                state.facts.passed_later
            }),
            Property::sometimes("a client gives up", |_, state: &State| state.facts.gave_up),
        ]
    }
}
