//! Hexadecimal digits.

/// Returns the two digits of `byte`, in lower case.
pub(crate) const fn to_hex(byte: u8) -> [u8; 2] {
    [digit(byte >> 4), digit(byte & 0xF)]
}

/// Returns the digits of `bytes`, in lower case. If they are fewer than `N`, zero bytes follow; if they are more, the rest is
/// dropped.
pub(crate) fn hex_digits<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut digits = [0; N];
    let (pairs, _) = digits.as_chunks_mut();
    for (pair, byte) in pairs.iter_mut().zip(bytes) {
        *pair = to_hex(*byte);
    }
    digits
}

// No branch, so that the compiler converts many nibbles at once.
const fn digit(nibble: u8) -> u8 {
    let from_a = if nibble > 9 { b'a' - b'0' - 10 } else { 0 };
    nibble.wrapping_add(b'0').wrapping_add(from_a)
}

/// Returns the bytes of `digits`, in upper or lower case, or `None` if there are not twice as many digits, or one is no digit.
pub(crate) fn from_hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (pairs, []) = digits.as_chunks() else {
        return None;
    };
    let mut all = 0;
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (nibble(high), nibble(low));
        all |= high | low;
        *byte = high << 4 | low;
    }
    (pairs.len() == N && all < 0x10).then_some(bytes)
}

/// Returns the value of a digit, or at least 0x10 if `byte` is no digit.
const fn nibble(byte: u8) -> u8 {
    let (digit, letter) = (byte.wrapping_sub(b'0'), (byte | 0x20).wrapping_sub(b'a'));
    if digit < 10 {
        digit
    } else if letter < 6 {
        letter + 10
    } else {
        u8::MAX
    }
}

/// Returns the number of hexadecimal digits at the start of `bytes`.
#[cfg(feature = "digest")]
pub(crate) fn hex_run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_hexdigit()).count()
}

/// Checks that every byte is a hexadecimal digit.
pub(crate) fn is_hex(bytes: &[u8]) -> bool {
    // All bytes, so that the compiler examines many at once.
    bytes.iter().fold(true, |is_hex, byte| is_hex & (nibble(*byte) < 0x10))
}
