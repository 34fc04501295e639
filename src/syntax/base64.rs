//! base64 (RFC 4648, 4 and 5), of which the crate `base64` knows how.
//!
//! It is given blocks of one size only: of these, the compiler sees that they cannot make it panic.

use base64::alphabet;
use base64::engine::Engine;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use base64::{DecodeError, DecodeSliceError};

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

/// Bytes, and the symbols that stand for them: four for three.
struct Block {
    bytes: [u8; Self::BYTES],
    symbols: [u8; Self::SYMBOLS],
}

impl Block {
    // Few enough that `base64` has no use for its loop of 32 symbols, which is a kilobyte of code.
    const BYTES: usize = 21;
    const SYMBOLS: usize = 28;
    /// The symbol of six zeros.
    const ZERO: u8 = b'A';

    const fn new() -> Self {
        Self {
            bytes: [0; Self::BYTES],
            symbols: [Self::ZERO; Self::SYMBOLS],
        }
    }

    /// The symbols and the padding for the next of `bytes`, and whether there may be more of them.
    fn encode(&mut self, bytes: &mut impl Iterator<Item = u8>, alphabet: Alphabet) -> (&[u8], bool) {
        self.bytes.fill(0);
        let mut filled = 0_usize;
        for (to, byte) in self.bytes.iter_mut().zip(bytes) {
            *to = byte;
            filled = filled.saturating_add(1);
        }
        // There is room.
        let _ = alphabet.engine().encode_slice(self.bytes, &mut self.symbols);
        let len = filled.div_ceil(3).saturating_mul(4);
        let padding = self
            .symbols
            .iter_mut()
            .take(len)
            .skip(filled.saturating_mul(4).div_ceil(3));
        padding.for_each(|symbol| *symbol = b'=');
        (self.symbols.get(..len).unwrap_or_default(), filled == Self::BYTES)
    }
}

#[cfg(feature = "zeroize")]
impl Drop for Block {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.bytes);
        zeroize::Zeroize::zeroize(&mut self.symbols);
    }
}

/// Decodes `symbols` to `bytes`. If they do not fill a block, zeros complete them in `last`. The error is the index of the first
/// symbol that is not in the alphabet.
fn decode_block(
    symbols: &[u8],
    alphabet: Alphabet,
    last: &mut [u8; Block::SYMBOLS],
    bytes: &mut [u8; Block::BYTES],
) -> Result<(), usize> {
    let whole = symbols.first_chunk().unwrap_or_else(|| {
        for (to, &symbol) in last.iter_mut().zip(symbols) {
            *to = symbol;
        }
        last
    });
    match alphabet.engine().decode_slice(whole, bytes) {
        // The error contains a byte of the base64, which may be a secret, so only the offset is returned.
        Err(DecodeSliceError::DecodeError(DecodeError::InvalidByte(at, _))) => Err(at),
        // No other error can occur.
        Ok(_) | Err(_) => Ok(()),
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
) -> Result<&'b [u8], SchemeError> {
    let symbols = without_padding(base64);
    let padding = base64.len().saturating_sub(symbols.len());
    let invalid = |at: usize| SchemeError::InvalidBase64 {
        offset: offset.saturating_add(at),
    };

    let mut block = Block::new();
    let mut left_over = false;
    let (mut symbols_start, mut bytes_start) = (0_usize, 0_usize);
    for symbols in symbols.chunks(Block::SYMBOLS) {
        let foreign = |at: usize| invalid(symbols_start.saturating_add(at));
        let place = buffer.get_mut(bytes_start..).unwrap_or_default();
        // Usually, there is room for a whole block, even if less is needed.
        let has_room = place.len() >= Block::BYTES;
        let bytes = place.first_chunk_mut().unwrap_or(&mut block.bytes);
        decode_block(symbols, alphabet, &mut block.symbols, bytes).map_err(foreign)?;
        left_over = bytes.iter().skip(bytes_of(symbols.len())).any(|&byte| byte != 0);
        if !has_room {
            let place = buffer.get_mut(bytes_start..).unwrap_or_default();
            for (to, &byte) in place.iter_mut().zip(&block.bytes) {
                *to = byte;
            }
        }
        symbols_start = symbols_start.saturating_add(Block::SYMBOLS);
        bytes_start = bytes_start.saturating_add(Block::BYTES);
    }

    let rest = symbols.len() % 4;
    // One symbol alone holds no byte, whatever follows it.
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

/// Hands `put` the base64 of `pieces` one after another, with padding.
pub(crate) fn encode(pieces: &[&[u8]], alphabet: Alphabet, mut put: impl FnMut(&[u8])) {
    let mut bytes = pieces.iter().copied().flatten().copied();
    let mut block = Block::new();
    loop {
        let (base64, more) = block.encode(&mut bytes, alphabet);
        put(base64);
        if !more {
            break;
        }
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
