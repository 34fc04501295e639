//! Remembers used answers, in this process or elsewhere.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use proxy_auth::digest::{ReplayWindow, Slot};
use proxy_auth::{AsyncReplayStore, NonceUse, Pass, Refusal, Ticket};

/// A store of used answers that several proxies share, such as `RedisStore` (feature `redis`).
///
/// It is trusted: if it returns `true` twice for the same [key](NonceUse::key), an eavesdropper can use an answer again. It must decide
/// and record in one step, and remember a key for [its lifetime](NonceUse::lifetime).
pub trait SharedReplayStore: Send + Sync + 'static {
    /// Records the use of a nonce. Returns `false` if the same use was recorded before, or may have been: also if the store cannot be
    /// reached. The client then gets a challenge that is marked as stale.
    fn admit(&self, nonce_use: NonceUse) -> Pin<Box<dyn Future<Output = bool> + Send + '_>>;
}

#[derive(Clone)]
pub(super) enum Store {
    Window(Arc<Mutex<ReplayWindow<Vec<Slot>>>>),
    Shared(Arc<dyn SharedReplayStore>),
}

impl Store {
    pub(super) async fn redeem<'a>(&self, ticket: Ticket<'a>) -> Result<Pass<'a>, Refusal> {
        match self {
            Self::Window(window) => ticket.redeem(&mut *window.lock().unwrap_or_else(PoisonError::into_inner)),
            Self::Shared(store) => ticket.redeem_async(&mut Remote(store.as_ref())).await,
        }
    }
}

struct Remote<'s>(&'s dyn SharedReplayStore);

impl AsyncReplayStore for Remote<'_> {
    async fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        self.0.admit(*nonce_use).await
    }
}
