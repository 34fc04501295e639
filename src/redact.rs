//! Implements `Debug` without secrets.

/// Implements [`Debug`](core::fmt::Debug) for types whose contents are secret. It writes only the name of the type.
macro_rules! redact {
    ($($type:ident $(<$lifetime:lifetime>)?),+) => {$(
        impl core::fmt::Debug for $type $(<$lifetime>)? {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($type), "([redacted])"))
            }
        }
    )+};
}
pub(crate) use redact;
