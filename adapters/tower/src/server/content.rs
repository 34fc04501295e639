//! The content of refused requests.

use std::time::Duration;

use http::header::EXPECT;
use http::request::Parts;
use http_body::Body;

use crate::discard::discard;

/// How much content of a refused request is read, so that the connection can be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) max: usize,
    pub(super) time: Duration,
}

impl Limits {
    /// Checks that the content may be short enough to be discarded, and that the client does not wait for 100 (Continue) before it sends
    /// the content.
    pub(super) fn allow(&self, head: &Parts, content: &impl Body) -> bool {
        let is_short = content.size_hint().lower() <= self.max as u64;
        content.is_end_stream() || is_short && !head.headers.contains_key(EXPECT)
    }

    /// Reads and discards the content. Returns `false` if it is too long, or does not arrive in time.
    pub(super) async fn discard(&self, content: impl Body) -> bool {
        content.is_end_stream() || discard(content, self.max, self.time).await
    }
}
