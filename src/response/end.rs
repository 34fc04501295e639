//! The end of the response to a refused request.

/// The end of a response: if it has content, and if the connection is kept after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct End {
    /// `true` if the response has no content.
    pub(crate) is_head: bool,
    /// `true` if requests share the connection, so that no response closes it.
    pub(crate) is_shared: bool,
    pub(crate) connection: Option<Connection>,
}

impl End {
    /// Closes the connection after the response, unless requests share it.
    pub(crate) const fn with_close(self) -> Self {
        let connection = if self.is_shared { None } else { Some(Connection::Close) };
        Self { connection, ..self }
    }

    pub(crate) const fn closes(self) -> bool {
        matches!(self.connection, Some(Connection::Close))
    }
}

/// The option of the field Connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) enum Connection {
    Close,
    KeepAlive,
}
