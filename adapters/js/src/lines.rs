//! Field lines: each as its length in four bytes, the lowest first, and its bytes. No byte is left that could separate them,
//! since a value that is in error may hold any.

/// The field lines, up to one that is not whole.
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
    /// The line into which `part` points, and its index.
    pub(crate) fn that_holds(&self, part: &[u8]) -> (usize, &'a [u8]) {
        let mut lines = self.clone().enumerate();
        lines
            .find(|(_, line)| line.as_ptr_range().contains(&part.as_ptr()))
            .unwrap_or_default()
    }
}
