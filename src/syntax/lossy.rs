//! Decodes UTF-8 from an iterator over bytes, since escaped text is not contiguous.

use core::fmt;

/// Writes `bytes` as UTF-8 text, with U+FFFD in place of invalid bytes.
pub(crate) fn write_lossy(bytes: impl Iterator<Item = u8>, out: &mut impl fmt::Write) -> fmt::Result {
    each_char(bytes, |char| {
        out.write_char(char.unwrap_or(char::REPLACEMENT_CHARACTER))
    })
}

/// Checks that `bytes` are UTF-8 without control characters.
pub(crate) fn is_text(bytes: impl Iterator<Item = u8>) -> bool {
    let check = |char: Option<char>| char.filter(|char| !char.is_control()).map(drop).ok_or(());
    each_char(bytes, check).is_ok()
}

/// Calls `take` with each character, and with `None` for invalid bytes.
fn each_char<E>(bytes: impl Iterator<Item = u8>, mut take: impl FnMut(Option<char>) -> Result<(), E>) -> Result<(), E> {
    let mut pending = heapless::Vec::<u8, 4>::new();
    for byte in bytes {
        loop {
            let starts = pending.is_empty();
            let _ = pending.push(byte);
            let char = match core::str::from_utf8(&pending) {
                // The character is incomplete so far.
                Err(error) if error.error_len().is_none() => break,
                text => text.ok().and_then(|text| text.chars().next()),
            };
            take(char)?;
            pending.clear();
            // The byte that interrupts a character may start another one.
            if starts || char.is_some() {
                break;
            }
        }
    }
    if pending.is_empty() { Ok(()) } else { take(None) }
}
