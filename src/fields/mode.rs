//! The modes of parsing a field value.

/// The context of a parsing function.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    /// `true` to tolerate the deviations listed at [`Challenges::lenient`](crate::Challenges::lenient).
    pub(crate) lenient: bool,
    /// `true` if a comma may precede another challenge. Otherwise, the parsed part must extend to the end of the value.
    pub(crate) list: bool,
}
