//! base64 (RFC 4648, 4 and 5): symbols of 6 bits, four of them for three bytes.
//!
//! The crate `base64` knows it too, but with calls that the compiler takes for able to panic.

use crate::error::{BufferTooSmall, SchemeError};

/// Which characters stand for the bits.
#[derive(Clone, Copy)]
pub(crate) enum Alphabet {
    /// That of RFC 4648, section 4, with padding.
    Standard,
    /// The same, read also with bits left over, and without padding.
    StandardLenient,
    /// That of RFC 4648, section 5; written with padding, read with padding or without.
    UrlSafe,
}

/// RFC 4648, section 4, Table 1.
const STANDARD: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// RFC 4648, section 5, Table 2.
const URL_SAFE: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a character stands for that is none of the alphabet: more than six bits.
const FOREIGN: u8 = 1 << 7;

/// What each character stands for.
#[expect(clippy::indexing_slicing, reason = "runs when it is compiled")]
const fn values(symbols: &[u8; 64]) -> [u8; 256] {
    let mut values = [FOREIGN; 256];
    let mut value = 0;
    while value < 64 {
        values[symbols[value as usize] as usize] = value;
        value += 1;
    }
    values
}

static STANDARD_VALUES: [u8; 256] = values(&STANDARD);
static URL_SAFE_VALUES: [u8; 256] = values(&URL_SAFE);

impl Alphabet {
    const fn symbols(self) -> &'static [u8; 64] {
        match self {
            Self::Standard | Self::StandardLenient => &STANDARD,
            Self::UrlSafe => &URL_SAFE,
        }
    }

    const fn values(self) -> &'static [u8; 256] {
        match self {
            Self::Standard | Self::StandardLenient => &STANDARD_VALUES,
            Self::UrlSafe => &URL_SAFE_VALUES,
        }
    }

    const fn needs_padding(self) -> bool {
        matches!(self, Self::Standard)
    }

    const fn takes_bits_left_over(self) -> bool {
        matches!(self, Self::StandardLenient)
    }
}

#[expect(clippy::indexing_slicing, reason = "every u8 is an index of the table")]
const fn value(symbol: u8, values: &[u8; 256]) -> u8 {
    values[symbol as usize]
}

/// Decodes symbols, four to three bytes, so far as there are both; the bits that any of their values has.
fn decode_fours(symbols: &[u8], values: &[u8; 256], bytes: &mut [u8]) -> u8 {
    let mut seen = 0;
    for (four, three) in symbols.chunks_exact(4).zip(bytes.chunks_exact_mut(3)) {
        if let (&[a, b, c, d], [x, y, z]) = (four, three) {
            let [a, b, c, d] = [a, b, c, d].map(|symbol| value(symbol, values));
            seen |= a | b | c | d;
            let bits = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
            [_, *x, *y, *z] = bits.to_be_bytes();
        }
    }
    seen
}

/// Decodes `base64`, which stands at `offset` of its field value, to the start of `buffer`.
pub(crate) fn decode<'b>(
    base64: &[u8],
    offset: usize,
    alphabet: Alphabet,
    buffer: &'b mut [u8],
) -> Result<&'b [u8], SchemeError> {
    let padding = base64.iter().rev().take_while(|&&byte| byte == b'=').count();
    let symbols = base64.get(..base64.len() - padding).unwrap_or_default();
    let invalid = |at: usize| SchemeError::InvalidBase64 { offset: offset + at };

    let rest = symbols.len() % 4;
    let needed = symbols.len() / 4 * 3 + rest * 3 / 4;
    // Without room, there still may be something wrong with the base64, which counts more.
    let room = buffer.get_mut(..needed);
    let has_room = room.is_some();
    let decoded = room.unwrap_or_default();
    let values = alphabet.values();
    let seen = decode_fours(symbols, values, decoded);
    // The rest, completed with zeros.
    let (mut last, mut bytes) = ([b'A'; 4], [0; 3]);
    for (to, &symbol) in last.iter_mut().zip(symbols.chunks_exact(4).remainder()) {
        *to = symbol;
    }
    let seen = seen | decode_fours(&last, values, &mut bytes);
    for (to, byte) in decoded.chunks_exact_mut(3).into_remainder().iter_mut().zip(bytes) {
        *to = byte;
    }

    if seen & FOREIGN != 0 || !has_room {
        if let Some(at) = symbols.iter().position(|&symbol| value(symbol, values) == FOREIGN) {
            return Err(invalid(at));
        }
    }
    // One symbol alone holds no byte, whatever follows it.
    let missing = (4 - rest) % 4;
    let padding_is_right = padding == missing || (padding < missing && !alphabet.needs_padding());
    if rest == 1 || !padding_is_right {
        return Err(invalid(base64.len().min(symbols.len() + missing)));
    }
    if !alphabet.takes_bits_left_over() && bytes.iter().skip(rest * 3 / 4).any(|&byte| byte != 0) {
        return Err(invalid(symbols.len() - 1));
    }
    if has_room {
        Ok(decoded)
    } else {
        Err(BufferTooSmall { needed }.into())
    }
}

/// Hands `put` the base64 of `pieces` one after another, with padding.
pub(crate) fn encode(pieces: &[&[u8]], alphabet: Alphabet, mut put: impl FnMut(&[u8])) {
    let symbols = alphabet.symbols();
    #[expect(clippy::indexing_slicing, reason = "a value is less than 64")]
    let symbol = |bits: u32| symbols[(bits & 0x3F) as usize];
    let mut bytes = pieces.iter().copied().flatten().copied();
    // A multiple of three bytes, so that padding comes at the end only.
    let mut chunk = [0; 48];
    let mut base64 = [0; 64];
    loop {
        chunk.fill(0);
        let mut filled = 0_usize;
        for (to, byte) in chunk.iter_mut().zip(bytes.by_ref()) {
            *to = byte;
            filled += 1;
        }
        let threes = filled.div_ceil(3);
        for (three, four) in chunk.chunks_exact(3).zip(base64.chunks_exact_mut(4)).take(threes) {
            if let (&[a, b, c], [w, x, y, z]) = (three, four) {
                let bits = u32::from_be_bytes([0, a, b, c]);
                [*w, *x, *y, *z] = [bits >> 18, bits >> 12, bits >> 6, bits].map(symbol);
            }
        }
        let len = threes * 4;
        let padding = base64.iter_mut().take(len).skip((filled * 4).div_ceil(3));
        padding.for_each(|byte| *byte = b'=');
        put(base64.get(..len).unwrap_or_default());
        if filled < chunk.len() {
            break;
        }
    }
    #[cfg(feature = "zeroize")]
    {
        zeroize::Zeroize::zeroize(&mut chunk);
        zeroize::Zeroize::zeroize(&mut base64);
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
    use base64::engine::{DecodePaddingMode, Engine};
    use base64::{DecodeError, DecodeSliceError, alphabet};

    use super::{Alphabet, decode, encode};
    use crate::error::SchemeError;

    /// The same alphabets as the crate `base64` has them.
    fn engines() -> [(Alphabet, GeneralPurpose); 3] {
        let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        [
            (Alphabet::Standard, STANDARD),
            (
                Alphabet::StandardLenient,
                GeneralPurpose::new(&alphabet::STANDARD, lenient.with_decode_allow_trailing_bits(true)),
            ),
            (Alphabet::UrlSafe, GeneralPurpose::new(&alphabet::URL_SAFE, lenient)),
        ]
    }

    /// What the crate `base64` makes of it, with errors where ours have them.
    fn expected<'b>(base64: &[u8], engine: &GeneralPurpose, buffer: &'b mut [u8]) -> Result<&'b [u8], usize> {
        let symbols = base64.iter().take_while(|&&byte| byte != b'=').count();
        match engine.decode_slice(base64, buffer) {
            Ok(len) => Ok(&buffer[..len]),
            Err(DecodeSliceError::OutputSliceTooSmall) => unreachable!("there is room"),
            Err(DecodeSliceError::DecodeError(error)) => Err(match error {
                DecodeError::InvalidByte(_, b'=') => base64.len().min(symbols.next_multiple_of(4)),
                // It looks at the last byte first if that is one too many; we name the first that is wrong.
                DecodeError::InvalidByte(..) => {
                    let symbol = |byte: &u8| engine.decode_slice([*byte, b'A', b'A', b'A'], &mut [0; 3]).is_ok();
                    base64.iter().position(|byte| !symbol(byte)).unwrap()
                }
                DecodeError::InvalidLastSymbol { offset, .. } => offset,
                DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => base64.len(),
            }),
        }
    }

    #[test]
    fn what_is_decoded_and_refused_is_what_the_crate_base64_says() {
        for (alphabet, engine) in &engines() {
            // Up to seven symbols, of any kind, and up to four "=".
            for len in 0..=7 {
                for number in 0..5_usize.pow(len) {
                    let symbol = |place| b"AQ+_~"[number / 5_usize.pow(place) % 5];
                    let mut base64 = [b'='; 11];
                    for (place, to) in (0..len).zip(&mut base64) {
                        *to = symbol(place);
                    }
                    for padding in 0..=4 {
                        let base64 = &base64[..len as usize + padding];
                        let (mut ours, mut theirs) = ([0; 12], [0; 12]);
                        let expected = expected(base64, engine, &mut theirs)
                            .map_err(|offset| SchemeError::InvalidBase64 { offset: 7 + offset });
                        assert_eq!(decode(base64, 7, *alphabet, &mut ours), expected, "{base64:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_encoded_is_what_the_crate_base64_says() {
        let bytes: [u8; 256] = core::array::from_fn(|byte| u8::try_from(byte).unwrap().wrapping_mul(167));
        for (alphabet, engine) in &engines() {
            for len in 0..=bytes.len() {
                let (mut ours, mut theirs) = ([0; 344], [0; 344]);
                let mut used = 0;
                let (first, second) = bytes[..len].split_at(len / 3);
                encode(&[first, b"", second], *alphabet, |piece| {
                    ours[used..used + piece.len()].copy_from_slice(piece);
                    used += piece.len();
                });
                let expected = engine.encode_slice(&bytes[..len], &mut theirs).unwrap();
                assert_eq!(ours[..used], theirs[..expected]);
                let mut again = [0; 256];
                assert_eq!(decode(&ours[..used], 0, *alphabet, &mut again).unwrap(), &bytes[..len]);
            }
        }
    }
}
