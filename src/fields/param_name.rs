//! `token BWS "=" BWS`, which precedes the value of a parameter (RFC 9110, 11.2).

use crate::error::{Expected, ParseErrorKind};
use crate::syntax::{Cursor, Token};

/// Reads the name of a parameter, and moves past "=" to the value.
#[inline]
pub(super) fn read(mut cursor: Cursor<'_>) -> Result<(Token<'_>, Cursor<'_>), Expected> {
    let name = Token::read(&mut cursor).ok_or(cursor.error(ParseErrorKind::ExpectedParam))?;
    if !cursor.skip_byte(b'=') {
        cursor.skip_ows();
        if !cursor.skip_byte(b'=') {
            return Err(cursor.error(ParseErrorKind::ExpectedEquals));
        }
    }
    cursor.skip_ows();
    Ok((name, cursor))
}

/// Checks that a name and "=" are at `cursor`.
pub(super) fn follows(cursor: Cursor<'_>) -> bool {
    read(cursor).is_ok()
}
