//! Text from bytes that come one by one, since escapes stand between them.

use core::fmt;

/// Writes the text that `bytes` mean in UTF-8, with U+FFFD in place of what is not UTF-8.
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

/// Hands `take` each character, and nothing where there is none.
fn each_char<E>(bytes: impl Iterator<Item = u8>, mut take: impl FnMut(Option<char>) -> Result<(), E>) -> Result<(), E> {
    let mut pending = heapless::Vec::<u8, 4>::new();
    for byte in bytes {
        loop {
            let starts = pending.is_empty();
            let _ = pending.push(byte);
            let char = match core::str::from_utf8(&pending) {
                // The rest of the character is to come.
                Err(error) if error.error_len().is_none() => break,
                text => text.ok().and_then(|text| text.chars().next()),
            };
            take(char)?;
            pending.clear();
            // What breaks a character off may start another.
            if starts || char.is_some() {
                break;
            }
        }
    }
    if pending.is_empty() { Ok(()) } else { take(None) }
}
