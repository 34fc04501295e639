//! Byte strings of the host: arguments, and field lines. Each is its length in four bytes, in little-endian order, and its
//! bytes. No byte could separate them, since an invalid value may contain any byte.

/// Byte strings, up to the first incomplete one.
#[derive(Clone)]
pub(crate) struct Lines<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (len, rest) = self.0.split_first_chunk()?;
        let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
        let (line, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some(line)
    }
}

impl<'a> Lines<'a> {
    /// Returns the next byte string if it has this length.
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.next()?.try_into().ok()
    }

    /// Returns the line that contains `part`, and its index.
    pub(crate) fn that_holds(&self, part: &[u8]) -> (usize, &'a [u8]) {
        let mut lines = self.clone().enumerate();
        lines
            .find(|(_, line)| line.as_ptr_range().contains(&part.as_ptr()))
            .unwrap_or_default()
    }
}

#[cfg(feature = "exchange")]
impl<'a> Lines<'a> {
    /// Returns the next byte string if it is UTF-8.
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        core::str::from_utf8(self.next()?).ok()
    }

    /// Returns the next byte string as a number of eight bytes, in little-endian order.
    pub(crate) fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// Returns the next byte string as a time in milliseconds.
    pub(crate) fn millis(&mut self) -> Option<core::time::Duration> {
        self.number().map(core::time::Duration::from_millis)
    }
}

/// Field lines: names and values by turns.
#[cfg(feature = "exchange")]
#[derive(Clone)]
pub(crate) struct Fields<'a>(pub(crate) Lines<'a>);

#[cfg(feature = "exchange")]
impl<'a> Iterator for Fields<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.0.next()?))
    }
}
