//! Field lines of a field that is no list, so that there must be one at most.

use crate::error::{ParseError, ParseErrorKind};
use crate::syntax::Cursor;

/// The value of the only field line of a name, if there is one.
pub(super) fn only_line<'a, V>(values: impl IntoIterator<Item = &'a V>) -> Result<Option<&'a V>, ParseError>
where
    V: AsRef<[u8]> + ?Sized + 'a,
{
    let mut values = values.into_iter();
    let Some(first) = values.next() else {
        return Ok(None);
    };
    if let Some(second) = values.next().map(AsRef::as_ref) {
        let expected = Cursor::new(second).error(ParseErrorKind::RepeatedField);
        return Err(ParseError::new(expected, 1, 0..second.len()));
    }
    Ok(Some(first))
}
