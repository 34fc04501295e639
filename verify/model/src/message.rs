//! Messages between the client and the proxies.

/// Field lines: pairs of name and value.
pub(crate) type Fields = Vec<(String, String)>;

/// A response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) fields: Fields,
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
