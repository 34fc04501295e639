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

/// Checks for the option `close` in Connection (RFC 9110, 7.6.1), or in Proxy-Connection, which old proxies send.
pub(super) fn closes<'f, K, V>(fields: impl IntoIterator<Item = (&'f K, &'f V)>) -> bool
where
    K: AsRef<[u8]> + ?Sized + 'f,
    V: AsRef<[u8]> + ?Sized + 'f,
{
    fields.into_iter().any(|(name, value)| {
        let name = name.as_ref();
        let is_connection = name.eq_ignore_ascii_case(b"Connection") || name.eq_ignore_ascii_case(b"Proxy-Connection");
        let mut options = value.as_ref().split(|&byte| byte == b',');
        is_connection && options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
    })
}
