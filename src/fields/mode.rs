//! The mode of parsing a field value.

/// The mode of parsing, and the context of the parsed part.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    /// `true` to tolerate the deviations listed at [`Challenges::lenient`](crate::Challenges::lenient).
    pub(crate) lenient: bool,
    /// `true` if a comma may precede another challenge. Otherwise, the parsed part must extend to the end of the value.
    pub(crate) list: bool,
}
