//! By which mode a field value is read.

/// What a reading function must know of its surroundings.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    /// Whether damage is tolerated that real senders do; the list of it is at
    /// [`Challenges::lenient`](crate::Challenges::lenient).
    pub(crate) lenient: bool,
    /// Whether a comma may lead to another challenge. Otherwise, what is read must reach to the value's end.
    pub(crate) list: bool,
}
