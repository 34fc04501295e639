//! The field lines of a message, as pairs of name and value.

use crate::response::FieldName;

/// Returns the values of all field lines with the given name, in order.
pub(super) fn lines<'f, K, V>(
    fields: impl IntoIterator<Item = (&'f K, &'f V)>,
    name: FieldName,
) -> impl Iterator<Item = &'f V>
where
    K: AsRef<[u8]> + ?Sized + 'f,
    V: ?Sized + 'f,
{
    let named = fields.into_iter().filter(move |(key, _)| name.is(*key));
    named.map(|(_, value)| value)
}

/// Checks for the option `close` in the field lines of a connection.
pub(super) fn closes<'f, K, V>(fields: impl IntoIterator<Item = (&'f K, &'f V)>) -> bool
where
    K: AsRef<[u8]> + ?Sized + 'f,
    V: AsRef<[u8]> + ?Sized + 'f,
{
    fields
        .into_iter()
        .any(|(name, value)| is_connection(name.as_ref()) && has_option(value.as_ref(), b"close"))
}

/// Checks for the name Connection (RFC 9110, 7.6.1), or Proxy-Connection, which old clients and proxies send.
pub(super) fn is_connection(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"Connection") || name.eq_ignore_ascii_case(b"Proxy-Connection")
}

/// Checks for an option in the value of such a field line.
pub(super) fn has_option(value: &[u8], option: &[u8]) -> bool {
    let mut options = value.split(|&byte| byte == b',');
    options.any(|sent| sent.trim_ascii().eq_ignore_ascii_case(option))
}
