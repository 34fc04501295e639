//! Field lines. Each is its length in four bytes, in little-endian order, and its bytes. No byte could separate them,
//! since an invalid value may contain any byte.

/// The field lines, up to the first incomplete one.
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
    /// Returns the line that contains `part`, and its index.
    pub(crate) fn that_holds(&self, part: &[u8]) -> (usize, &'a [u8]) {
        let mut lines = self.clone().enumerate();
        lines
            .find(|(_, line)| line.as_ptr_range().contains(&part.as_ptr()))
            .unwrap_or_default()
    }
}
