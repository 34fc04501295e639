//! Content of requests that can be sent again.

use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};
use http_body_util::{Either, Empty, Full};

/// Content that may be sent again after a 407.
///
/// [`Empty`], [`Full`] and [`Either`] can. [`Once`] is for content that cannot.
pub trait RepeatBody: Body + Sized {
    /// Returns the same content, unless it can be sent only once.
    fn repeat(&self) -> Option<Self>;
}

impl<D: bytes::Buf> RepeatBody for Empty<D> {
    fn repeat(&self) -> Option<Self> {
        Some(Self::new())
    }
}

impl<D: bytes::Buf + Clone> RepeatBody for Full<D> {
    fn repeat(&self) -> Option<Self> {
        Some(self.clone())
    }
}

impl<L, R> RepeatBody for Either<L, R>
where
    L: RepeatBody,
    R: RepeatBody<Data = L::Data>,
    L::Error: Into<crate::BoxError>,
    R::Error: Into<crate::BoxError>,
{
    fn repeat(&self) -> Option<Self> {
        match self {
            Self::Left(content) => content.repeat().map(Self::Left),
            Self::Right(content) => content.repeat().map(Self::Right),
        }
    }
}

/// Content that can be sent only once, such as a stream.
///
/// If the proxy asks for credentials, the caller gets the 407. The next request carries an answer at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Once<B>(pub B);

impl<B: Body + Unpin> Body for Once<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.0).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl<B: Body + Unpin> RepeatBody for Once<B> {
    fn repeat(&self) -> Option<Self> {
        None
    }
}
