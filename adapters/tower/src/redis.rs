//! Used answers in Redis, for proxies that stand in for each other.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use proxy_auth::{AsyncReplayStore, NonceUse};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, IntoConnectionInfo, RedisError};
use tokio::time::timeout;

use crate::server::SharedReplayStore;

/// Remembers used answers of Digest in Redis, or a server that speaks its protocol.
///
/// The proxies share the realm, the key of [`DigestOffer`](proxy_auth::DigestOffer) and the store. Then a client may change between
/// them, and no answer passes twice, not even once at each. Each answer costs one command, `SET key NX PX`, which decides and records
/// in one step. The key expires with the nonce. Clones share a connection.
///
/// If Redis is away, or does not respond within the [time limit](Self::with_time_limit), answers are refused as stale: clients get
/// another challenge, and after some of them give up. Nothing passes that might have passed before.
///
/// **What Redis must keep.** If it forgets a key, the answer passes once more. So persist it with `appendonly yes` and `appendfsync
/// always`, and set `maxmemory-policy noeviction`. A replica that takes over may lack the last keys: `WAIT` is not used. Keys expire too
/// early if the clock of Redis is set forward. After a loss, start all proxies with a new key.
///
/// # Examples
/// ```
/// use std::collections::HashMap;
/// use proxy_auth_tower::redis::RedisStore;
/// use proxy_auth_tower::server::{Algorithm, DigestOffer, Gate, ProxyAuthLayer, StoredPassword};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = *b"32 bytes that all proxies share."; // from a random source, and secret
/// let gate = Gate::new("apps".to_owned())?.with_digest(&DigestOffer::new(&key, [Algorithm::Sha256, Algorithm::Md5]));
/// let users = HashMap::from([("aladdin".to_owned(), StoredPassword::new("open sesame"))]);
/// let layer = ProxyAuthLayer::new(gate, users).with_shared_store(RedisStore::new("redis://127.0.0.1:6379")?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    prefix: String,
    time_limit: Duration,
}

impl RedisStore {
    /// Creates a store. It connects with the first answer, and again whenever the connection is lost.
    ///
    /// Call it in a runtime of tokio.
    ///
    /// # Errors
    /// Returns an error if the address is not one of Redis.
    pub fn new(address: impl IntoConnectionInfo) -> Result<Self, RedisError> {
        let time_limit = Duration::from_millis(500);
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_min_delay(Duration::from_millis(10))
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(time_limit))
            .set_response_timeout(Some(time_limit));
        Ok(Self {
            connection: ConnectionManager::new_lazy_with_config(Client::open(address)?, config)?,
            prefix: "proxy-auth:".to_owned(),
            time_limit,
        })
    }

    /// Sets the start of the keys in Redis. The default is `proxy-auth:`. All proxies with one key of nonces must have the same.
    #[must_use]
    pub fn with_prefix(self, prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        Self { prefix, ..self }
    }

    /// Sets the time after which an answer is refused if Redis does not respond, up to 500 milliseconds, which is the default.
    #[must_use]
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    async fn record(&self, nonce_use: NonceUse) -> bool {
        let key = [self.prefix.as_bytes(), &nonce_use.key()].concat();
        // Rounded up, since a key that lives too short is a replay.
        let lifetime = u64::try_from(nonce_use.lifetime().as_millis())
            .unwrap_or(u64::MAX >> 1)
            .saturating_add(1);
        let mut command = redis::cmd("SET");
        command.arg(key).arg("").arg("NX").arg("PX").arg(lifetime);
        let mut connection = self.connection.clone();
        // The response is OK, or nil if the key existed.
        let response = timeout(self.time_limit, command.query_async::<Option<String>>(&mut connection)).await;
        matches!(response, Ok(Ok(Some(response))) if response == "OK")
    }
}

impl SharedReplayStore for RedisStore {
    fn admit(&self, nonce_use: NonceUse) -> Pin<Box<dyn Future<Output = bool> + Send + '_>> {
        Box::pin(self.record(nonce_use))
    }
}

impl AsyncReplayStore for RedisStore {
    async fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        self.record(*nonce_use).await
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}
