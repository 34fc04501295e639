//! Hexadecimal digits.

/// Returns the two digits of `byte`, in lower case.
pub(crate) const fn to_hex(byte: u8) -> [u8; 2] {
    [digit(byte >> 4), digit(byte & 0xF)]
}

/// Returns the digits of `bytes`, in lower case. If they are fewer than `N`, zero bytes follow; if they are more, the rest is
/// dropped.
pub(crate) fn hex_digits<const N: usize>(bytes: impl IntoIterator<Item = u8>) -> [u8; N] {
    let mut digits = [0; N];
    for (to, digit) in digits.iter_mut().zip(bytes.into_iter().flat_map(to_hex)) {
        *to = digit;
    }
    digits
}

const fn digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0' + nibble,
        _ => b'a' + (nibble & 0xF) - 10,
    }
}

/// Returns the byte of two digits, in upper or lower case.
pub(crate) fn from_hex(high: u8, low: u8) -> Option<u8> {
    let nibble = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|nibble| u8::try_from(nibble).ok())
    };
    Some(nibble(high)? << 4 | nibble(low)?)
}

/// Returns the number of hexadecimal digits at the start of `bytes`.
pub(crate) fn hex_run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_hexdigit()).count()
}

/// Checks that every byte is a hexadecimal digit.
pub(crate) fn is_hex(bytes: &[u8]) -> bool {
    hex_run(bytes) == bytes.len()
}
