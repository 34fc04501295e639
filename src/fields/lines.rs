//! Parses fields that are not a list, so that at most one field line may have their name.

use crate::error::{ParseError, ParseErrorKind};
use crate::syntax::Cursor;

/// Returns the value of the only field line, if there is one.
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

/// Implements the parsers of a field that is not a list, on top of `Self::read`. `$field` is the field's name.
macro_rules! parse_only_line {
    ($field:literal) => {
        #[doc = concat!("Parses the value of ", $field, ", strictly.")]
        ///
        /// # Errors
        /// Returns [`ParseError`] if the value breaks the grammar.
        pub fn parse<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Result<Self, ParseError> {
            Self::read(value.as_ref(), false)
        }

        #[doc = concat!("Parses the value of ", $field, " with the tolerances of")]
        /// [`Challenges::lenient`](crate::Challenges::lenient).
        ///
        /// # Errors
        /// Returns [`ParseError`] if the value deviates from the grammar in any other way.
        pub fn parse_lenient<V: AsRef<[u8]> + ?Sized>(value: &'a V) -> Result<Self, ParseError> {
            Self::read(value.as_ref(), true)
        }

        #[doc = concat!("Parses the only field line with the name ", $field, ", strictly.")]
        ///
        /// `values` are the values of all field lines with this name. Returns `None` if there are none.
        ///
        /// # Errors
        /// Returns [`ParseError`] if the value breaks the grammar, or if there is a second field line. Lines of this
        /// field cannot be combined ([RFC 9110, section 5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)), and
        /// two parties could choose different lines.
        pub fn from_lines<V>(values: impl IntoIterator<Item = &'a V>) -> Result<Option<Self>, ParseError>
        where
            V: AsRef<[u8]> + ?Sized + 'a,
        {
            $crate::fields::lines::only_line(values)?
                .map(Self::parse)
                .transpose()
        }

        /// Parses the only field line like [`from_lines`](Self::from_lines), but [leniently](Self::parse_lenient).
        ///
        /// # Errors
        /// Returns [`ParseError`] if `parse_lenient` returns it, or if there is a second field line.
        pub fn from_lines_lenient<V>(values: impl IntoIterator<Item = &'a V>) -> Result<Option<Self>, ParseError>
        where
            V: AsRef<[u8]> + ?Sized + 'a,
        {
            $crate::fields::lines::only_line(values)?
                .map(Self::parse_lenient)
                .transpose()
        }
    };
}
pub(super) use parse_only_line;
