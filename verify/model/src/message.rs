//! Messages between the client and the proxies.

/// Field lines: pairs of name and value.
pub(crate) type Fields = Vec<(String, String)>;

use proxy_auth::{Pending, Session, Step};

/// A response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) fields: Fields,
}

impl Response {
    /// Returns the next step of a client that receives this response.
    pub(crate) fn step<const N: usize>(&self, session: &mut Session<N>, pending: Pending) -> Step {
        let fields = self.fields.iter();
        let fields = fields.map(|(name, value)| (name.as_str(), value.as_str()));
        session.receive(pending, self.status, fields)
    }
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Message {
    Request {
        /// The number of the client's request.
        slot: usize,
        authorization: Option<String>,
    },
    Response {
        slot: usize,
        response: Response,
        /// `true` if the response comes from a proxy that let the request pass, and was not changed.
        is_genuine: bool,
    },
}
