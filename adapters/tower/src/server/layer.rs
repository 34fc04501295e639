//! The layer, and its settings.

use std::fmt;
use std::io;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proxy_auth::Gate;
use proxy_auth::digest::Slot;
use tower_layer::Layer;

use super::connection::TokenAcceptor;
use super::content::Limits;
use super::gatekeeper::{Clock, Gatekeeper};
use super::service::ProxyAuth;
use super::store::{SharedReplayStore, Store};
use super::users::Users;

/// The number of nonces in use that are remembered by default.
const SLOTS: usize = 4096;

/// Wraps a service, so that only authenticated requests reach it.
///
/// The [`Gate`] says what is offered, and whether it is a proxy (407) or, [with a role](Gate::with_role), an origin server (401).
/// [`Users`] has the accounts. All services that the layer wraps share one memory of used answers, so create one layer for the
/// life of the proxy.
///
/// See [the crate](crate) for an example.
pub struct ProxyAuthLayer<U> {
    gatekeeper: Gatekeeper<U>,
    limits: Limits,
}

impl<U: Users> ProxyAuthLayer<U> {
    /// Creates a layer that remembers used answers in this process, for 4096 nonces in use.
    ///
    /// # Panics
    /// If the random source of the system fails.
    pub fn new(gate: Gate<String>, users: U) -> Self {
        let clock = Clock::steady();
        let mut first = [0; 8];
        getrandom::fill(&mut first).expect("a random source");
        Self {
            gatekeeper: Gatekeeper {
                store: window(&gate, SLOTS, clock),
                gate: Arc::new(gate),
                users: Arc::new(users),
                clock,
                // Other proxies with the same key start elsewhere.
                nonces: Arc::new(AtomicU64::new(u64::from_ne_bytes(first))),
                acceptor: None,
            },
            limits: Limits {
                max: 64 * 1024,
                time: Duration::from_secs(5),
            },
        }
    }

    /// Sets the number of nonces in use that are remembered. A slot takes 40 bytes. If there are too few, clients
    /// need more round trips. It has no effect with a [shared store](Self::with_shared_store).
    #[must_use]
    pub fn with_replay_slots(mut self, slots: usize) -> Self {
        if let Store::Window(_) = self.gatekeeper.store {
            self.gatekeeper.store = window(&self.gatekeeper.gate, slots, self.gatekeeper.clock);
        }
        self
    }

    /// Remembers used answers in a store that several proxies share. They must also share the realm and the key of
    /// [`DigestOffer`](proxy_auth::DigestOffer), and their clocks must not differ by more than 5 seconds. If a clock is set back, create a
    /// new key: nonces whose time comes again may have been forgotten.
    #[must_use]
    pub fn with_shared_store(mut self, store: impl SharedReplayStore) -> Self {
        self.gatekeeper.store = Store::Shared(Arc::new(store));
        self.gatekeeper.clock = Clock::System;
        self
    }

    /// Sets the library that accepts tokens, for a gate with [`Gate::with_negotiate`]. Requests need a
    /// [`Connection`](super::Connection) in their extensions.
    #[must_use]
    pub fn with_token_acceptor(mut self, acceptor: impl TokenAcceptor) -> Self {
        self.gatekeeper.acceptor = Some(Arc::new(acceptor));
        self
    }

    /// Sets how much content of a refused request is read to keep the connection: a length in bytes, and a time. The default is 64 KiB
    /// in 5 seconds. If there is more, the connection closes.
    #[must_use]
    pub fn with_discarded_content(mut self, max: usize, time: Duration) -> Self {
        self.limits = Limits { max, time };
        self
    }
}

fn window(gate: &Gate<String>, slots: usize, clock: Clock) -> Store {
    let window = gate.replay_window(vec![Slot::EMPTY; slots], clock.now());
    Store::Window(Arc::new(Mutex::new(window)))
}

/// Returns 32 bytes from the random source of the system, for [`DigestOffer::new`](proxy_auth::DigestOffer::new).
///
/// # Errors
/// Returns an error if the random source fails.
pub fn random_key() -> io::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    Ok(key)
}

impl<U> Clone for ProxyAuthLayer<U> {
    fn clone(&self) -> Self {
        Self {
            gatekeeper: self.gatekeeper.clone(),
            limits: self.limits,
        }
    }
}

impl<S, U> Layer<S> for ProxyAuthLayer<U> {
    type Service = ProxyAuth<S, U>;

    fn layer(&self, inner: S) -> ProxyAuth<S, U> {
        ProxyAuth {
            inner,
            gatekeeper: self.gatekeeper.clone(),
            limits: self.limits,
        }
    }
}

impl<U> fmt::Debug for ProxyAuthLayer<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyAuthLayer")
            .field("gate", &self.gatekeeper.gate)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
