//! Text in ISO-8859-1, where each byte is the code point of its character.

/// Returns the same text in UTF-8.
pub(crate) fn latin1_to_utf8(text: &[u8]) -> impl Iterator<Item = u8> + Clone {
    text.iter().flat_map(|&byte| {
        let (first, last) = if byte.is_ascii() {
            (None, byte)
        } else {
            (Some(0xC0 | byte >> 6), 0x80 | byte & 0x3F)
        };
        first.into_iter().chain([last])
    })
}
