//! The model of a conversation for the checker.

use std::hash::{Hash, Hasher};

use stateright::{Model, Property};

use crate::action::Action;
use crate::setup::Setup;
use crate::world::{Facts, World};

/// All conversations up to a number of steps.
pub(crate) struct Conversations {
    /// The greatest number of steps of the attacker.
    pub(crate) attacks: usize,
    /// The greatest number of restarts and changes of the clock.
    pub(crate) events: usize,
}

/// A state: the steps that lead to it, and the facts about it.
#[derive(Clone, Debug)]
pub(crate) struct State {
    setup: Setup,
    history: Vec<Action>,
    fingerprint: u64,
    facts: Facts,
    /// One more request, whose messages nobody touches, passes in two round trips, or need not.
    is_live: bool,
}

impl State {
    fn after(setup: Setup, history: Vec<Action>) -> Self {
        let mut world = World::after(setup, &history);
        Self {
            fingerprint: world.fingerprint(),
            facts: world.facts().clone(),
            is_live: !world.must_pass() || world.honest_rounds().is_some_and(|rounds| rounds <= 2),
            setup,
            history,
        }
    }

    fn count(&self, of: fn(&Action) -> bool) -> usize {
        self.history.iter().filter(|action| of(action)).count()
    }

    /// Returns what two states have in common if all parties are in the same state, whatever the order of their steps was.
    fn identity(&self) -> (u64, usize, usize) {
        (self.fingerprint, self.count(is_attack), self.count(is_event))
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

const fn is_attack(action: &Action) -> bool {
    matches!(
        action,
        Action::Lose { .. }
            | Action::Change { .. }
            | Action::Forge { .. }
            | Action::Replay { .. }
            | Action::Impersonate { .. }
    )
}

const fn is_event(action: &Action) -> bool {
    matches!(action, Action::Restart { .. } | Action::Wait | Action::TurnBack)
}

impl Model for Conversations {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        Setup::ALL.map(|setup| State::after(setup, Vec::new())).into()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let (attacks, events) = (state.count(is_attack), state.count(is_event));
        let world = World::after(state.setup, &state.history);
        world.steps(attacks < self.attacks, events < self.events, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut history = state.history.clone();
        history.push(action);
        Some(State::after(state.setup, history))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("only the user passes, with its own request", |_, state: &State| {
                !state.facts.wrong_pass
            }),
            Property::always("no answer passes twice under one store", |_, state: &State| {
                !state.facts.second_pass
            }),
            Property::always("no answer passes whose nonce is too old", |_, state: &State| {
                !state.facts.stale_pass
            }),
            Property::always("the client sends nothing weaker than it may", |_, state: &State| {
                !state.facts.weak_credentials
            }),
            Property::always("a proof comes from the proxy", |_, state: &State| {
                !state.facts.wrong_proof
            }),
            Property::always("a required proof is required", |_, state: &State| {
                !state.facts.missing_proof
            }),
            Property::always("an honest request passes in two round trips", |_, state: &State| {
                state.is_live
            }),
            Property::sometimes("a request passes", |_, state: &State| state.facts.passed),
            Property::sometimes("a nonce is stale", |_, state: &State| state.facts.stale),
            Property::sometimes("the client gives up", |_, state: &State| state.facts.gave_up),
        ]
    }
}
