//! Base64 (RFC 4648, 4 and 5). The crate `base64` converts single blocks of one size, because the compiler can then prove that it
//! does not panic.

use core::mem;

use base64::alphabet;
use base64::engine::Engine;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use base64::{DecodeError, DecodeSliceError};

use crate::error::{Base64Error, BufferTooSmall};

/// An alphabet, and the rules for padding.
#[derive(Clone, Copy)]
pub(crate) enum Alphabet {
    /// The alphabet of RFC 4648, section 4, with padding.
    Standard,
    /// The alphabet of section 4. Padding may be missing, and unused bits may have any value.
    StandardLenient,
    /// The alphabet of RFC 4648, section 5. Padding is written, and may be missing when it is read.
    UrlSafe,
}

static STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, NO_PAD);
static URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, NO_PAD);

impl Alphabet {
    const fn engine(self) -> &'static GeneralPurpose {
        match self {
            Self::Standard | Self::StandardLenient => &STANDARD,
            Self::UrlSafe => &URL_SAFE,
        }
    }

    const fn needs_padding(self) -> bool {
        matches!(self, Self::Standard)
    }

    const fn takes_bits_left_over(self) -> bool {
        matches!(self, Self::StandardLenient)
    }
}

/// Bytes and their symbols: four symbols for three bytes.
struct Block {
    bytes: [u8; Self::BYTES],
    symbols: [u8; Self::SYMBOLS],
}

impl Block {
    // With less than 32 symbols, the compiler drops a loop in `base64` that has a kilobyte of code.
    const BYTES: usize = 21;
    const SYMBOLS: usize = 28;
    /// The symbol for six zero bits.
    const ZERO: u8 = b'A';

    const fn new() -> Self {
        Self {
            bytes: [0; Self::BYTES],
            symbols: [Self::ZERO; Self::SYMBOLS],
        }
    }

    /// Copies the start of `bytes` after the first `filled` bytes, as far as there is room. Returns the number of copied bytes.
    fn fill(&mut self, filled: usize, bytes: &[u8]) -> usize {
        let room = self.bytes.get_mut(filled..).unwrap_or_default();
        let len = room.len().min(bytes.len());
        if let (Some(to), Some(bytes)) = (room.get_mut(..len), bytes.get(..len)) {
            to.copy_from_slice(bytes);
        }
        len
    }

    /// Encodes the first `filled` bytes. Returns the symbols with padding.
    fn encode(&mut self, filled: usize, alphabet: Alphabet) -> &[u8] {
        self.bytes.get_mut(filled..).unwrap_or_default().fill(0);
        // There is room.
        #[expect(clippy::needless_borrows_for_generic_args, reason = "the array would be copied")]
        let _ = alphabet.engine().encode_slice(&self.bytes, &mut self.symbols);
        let len = div_ceil_3(filled).saturating_mul(4);
        let start = div_ceil_3(filled.saturating_mul(4));
        self.symbols.get_mut(start..len).unwrap_or_default().fill(b'=');
        self.symbols.get(..len).unwrap_or_default()
    }
}

/// Divides a number of at most 4 * [`Block::BYTES`] by 3, and rounds up. A Cortex-M0 has no instruction that divides.
const fn div_ceil_3(number: usize) -> usize {
    const NUMERATOR: usize = 171;
    const BITS: u32 = 9;
    number.saturating_add(2).saturating_mul(NUMERATOR) >> BITS
}

/// Returns the symbols, and symbols of zero bits in place of missing ones. `room` may hold them.
fn complete<'s>(room: &'s mut [u8; Block::SYMBOLS], symbols: &'s [u8]) -> &'s [u8; Block::SYMBOLS] {
    if let Some(whole) = symbols.first_chunk() {
        return whole;
    }
    *room = [Block::ZERO; Block::SYMBOLS];
    if let Some(to) = room.get_mut(..symbols.len()) {
        to.copy_from_slice(symbols);
    }
    room
}

/// Decodes a block of symbols.
///
/// The error is the index of the first symbol that is not in the alphabet.
fn decode_block(
    symbols: &[u8; Block::SYMBOLS],
    alphabet: Alphabet,
    bytes: &mut [u8; Block::BYTES],
) -> Result<(), usize> {
    match alphabet.engine().decode_slice(symbols, bytes) {
        // The error also holds a byte of the base64, which may be a secret.
        Err(DecodeSliceError::DecodeError(DecodeError::InvalidByte(at, _))) => Err(at),
        // No other error can occur.
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(feature = "zeroize")]
impl Drop for Block {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.bytes);
        zeroize::Zeroize::zeroize(&mut self.symbols);
    }
}

fn without_padding(mut base64: &[u8]) -> &[u8] {
    while let [symbols @ .., b'='] = base64 {
        base64 = symbols;
    }
    base64
}

/// Returns the number of bytes that `base64` encodes, if it is well formed.
pub(crate) fn decoded_len(base64: &[u8]) -> usize {
    bytes_of(without_padding(base64).len())
}

/// Returns the number of whole bytes in `symbols` symbols of six bits.
fn bytes_of(symbols: usize) -> usize {
    // In each group of four symbols, and in the incomplete last group, one symbol supplies the bits that the others lack.
    symbols.saturating_sub(symbols.div_ceil(4))
}

/// Decodes `base64`, which is at `offset` in its field value, to the start of `buffer`.
pub(crate) fn decode<'b>(
    base64: &[u8],
    offset: usize,
    alphabet: Alphabet,
    buffer: &'b mut [u8],
) -> Result<&'b [u8], Base64Error> {
    let symbols = without_padding(base64);
    let padding = base64.len().saturating_sub(symbols.len());
    let invalid = |at: usize| Base64Error::Invalid {
        offset: offset.saturating_add(at),
    };

    let mut block = Block::new();
    let mut left_over = false;
    let mut room = &mut *buffer;
    let mut start = 0_usize;
    for symbols in symbols.chunks(Block::SYMBOLS) {
        let whole = complete(&mut block.symbols, symbols);
        let invalid_at = |at: usize| invalid(start.saturating_add(at));
        let len = room.len().min(Block::BYTES);
        let (to, rest) = mem::take(&mut room).split_at_mut_checked(len).unwrap_or_default();
        let bytes = if let Some(bytes) = to.first_chunk_mut() {
            decode_block(whole, alphabet, bytes).map_err(invalid_at)?;
            &*bytes
        } else {
            decode_block(whole, alphabet, &mut block.bytes).map_err(invalid_at)?;
            to.copy_from_slice(block.bytes.get(..len).unwrap_or_default());
            &block.bytes
        };
        left_over = bytes.iter().skip(bytes_of(symbols.len())).any(|&byte| byte != 0);
        room = rest;
        start = start.saturating_add(Block::SYMBOLS);
    }

    let rest = symbols.len() % 4;
    // One symbol alone holds no byte, with or without padding.
    let missing = (4 - rest) % 4;
    let padding_is_right = padding == missing || (padding < missing && !alphabet.needs_padding());
    if rest == 1 || !padding_is_right {
        return Err(invalid(base64.len().min(symbols.len().saturating_add(missing))));
    }
    if left_over && !alphabet.takes_bits_left_over() {
        return Err(invalid(symbols.len().saturating_sub(1)));
    }
    let needed = decoded_len(base64);
    Ok(buffer.get(..needed).ok_or(BufferTooSmall { needed })?)
}

/// Calls `put` with the base64 of the concatenated `pieces`, piece by piece, with padding.
pub(crate) fn encode(pieces: &[&[u8]], alphabet: Alphabet, mut put: impl FnMut(&[u8])) {
    let mut block = Block::new();
    let mut filled = 0_usize;
    for mut bytes in pieces.iter().copied() {
        loop {
            let copied = block.fill(filled, bytes);
            filled = filled.saturating_add(copied);
            if filled < Block::BYTES {
                break;
            }
            put(block.encode(filled, alphabet));
            filled = 0;
            bytes = bytes.get(copied..).unwrap_or_default();
        }
    }
    put(block.encode(filled, alphabet));
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
    use base64::engine::{DecodePaddingMode, Engine};
    use base64::{DecodeError, DecodeSliceError, alphabet};

    use super::{Alphabet, Block, decode, div_ceil_3, encode};
    use crate::error::Base64Error;

    #[test]
    fn small_numbers_are_divided_without_a_division() {
        for number in 0..=4 * Block::BYTES {
            assert_eq!(div_ceil_3(number), number.div_ceil(3));
        }
    }

    /// Returns each alphabet with the corresponding engine of the crate `base64`.
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

    /// Decodes with the crate `base64`. The error is the offset that this module reports.
    fn expected<'b>(base64: &[u8], engine: &GeneralPurpose, buffer: &'b mut [u8]) -> Result<&'b [u8], usize> {
        let symbols = base64.iter().take_while(|&&byte| byte != b'=').count();
        match engine.decode_slice(base64, buffer) {
            Ok(len) => Ok(&buffer[..len]),
            Err(DecodeSliceError::OutputSliceTooSmall) => unreachable!("there is room"),
            Err(DecodeSliceError::DecodeError(error)) => Err(match error {
                DecodeError::InvalidByte(_, b'=') => base64.len().min(symbols.next_multiple_of(4)),
                // It checks a surplus last byte first. This module reports the first invalid byte.
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
    fn decoding_agrees_with_the_crate_base64() {
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
                            .map_err(|offset| Base64Error::Invalid { offset: 7 + offset });
                        assert_eq!(decode(base64, 7, *alphabet, &mut ours), expected, "{base64:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn encoding_agrees_with_the_crate_base64() {
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
