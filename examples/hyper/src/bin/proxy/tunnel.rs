//! Relays bytes between a client and an origin server after CONNECT.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::time::{Instant, sleep, sleep_until};

use crate::limits::Limits;

const BUFFER: usize = 16 * 1024;

/// Relays in both directions until both sides have ended, one fails, or a limit is reached.
///
/// `early` is the data that the client sent before it had the response to CONNECT.
pub(crate) async fn relay(
    client: impl AsyncRead + AsyncWrite,
    early: &[u8],
    origin: impl AsyncRead + AsyncWrite,
    limits: &Limits,
) {
    let activity = Activity(Mutex::new(Instant::now()));
    let (from_client, to_client) = split(client);
    let (from_origin, mut to_origin) = split(origin);
    let relayed = async {
        to_origin.write_all(early).await?;
        tokio::try_join!(
            copy(from_client, to_origin, &activity),
            copy(from_origin, to_client, &activity)
        )
    };
    // The first of these events ends the tunnel. An error of one side needs no further handling.
    tokio::select! {
        _ = relayed => {}
        () = activity.is_over_for(limits.tunnel_idle_time) => {}
        () = sleep(limits.tunnel_time) => {}
    }
}

/// Copies until `from` ends, then shuts `to` down.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    activity: &Activity,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..read]).await?;
        activity.mark();
    }
}

/// The time of the last transfer in either direction.
struct Activity(Mutex<Instant>);

impl Activity {
    fn mark(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there was no transfer for `time`.
    async fn is_over_for(&self, time: Duration) {
        while self.last().elapsed() < time {
            sleep_until(self.last() + time).await;
        }
    }
}
