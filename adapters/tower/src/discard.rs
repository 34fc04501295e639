//! Reads content that nobody needs, so that the next message on the connection can be read.

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use bytes::Buf;
use http_body::Body;
use tokio::time::timeout;

/// Reads content to its end and discards it. Returns `false` if it is longer than `max` bytes, takes longer than `time`, or breaks off.
pub(crate) async fn discard<B: Body>(content: B, max: usize, time: Duration) -> bool {
    let mut content = pin!(content);
    let mut left = max;
    let discarded = timeout(time, async {
        while let Some(frame) = poll_fn(|context| content.as_mut().poll_frame(context)).await {
            let frame = frame.ok()?;
            if let Some(data) = frame.data_ref() {
                left = left.checked_sub(Buf::remaining(data))?;
            }
        }
        Some(())
    });
    matches!(discarded.await, Ok(Some(())))
}
