//! base64, of which the crate `base64` knows how.

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, PAD, STANDARD};
use base64::engine::{DecodePaddingMode, Engine};
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

static STANDARD_LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

static URL_SAFE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Alphabet {
    fn engine(self) -> &'static GeneralPurpose {
        match self {
            Self::Standard => &STANDARD,
            Self::StandardLenient => &STANDARD_LENIENT,
            Self::UrlSafe => &URL_SAFE,
        }
    }
}

/// Decodes `base64`, which stands at `offset` of its field value, to the start of `buffer`.
pub(crate) fn decode<'b>(
    base64: &[u8],
    offset: usize,
    alphabet: Alphabet,
    buffer: &'b mut [u8],
) -> Result<&'b [u8], SchemeError> {
    let padding = base64.iter().rev().take_while(|&&byte| byte == b'=').count();
    let symbols = base64.len() - padding;
    match alphabet.engine().decode_slice(base64, buffer) {
        Ok(len) => Ok(buffer.get(..len).unwrap_or_default()),
        // The error holds a byte of the base64, which may be a secret, so only the offset goes on.
        Err(DecodeSliceError::DecodeError(error)) => Err(SchemeError::InvalidBase64 {
            offset: offset
                + match error {
                    // Too much padding: what completes the last four characters is right.
                    DecodeError::InvalidByte(_, b'=') => symbols.next_multiple_of(4),
                    DecodeError::InvalidByte(offset, _) | DecodeError::InvalidLastSymbol { offset, .. } => offset,
                    DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => base64.len(),
                },
        }),
        Err(DecodeSliceError::OutputSliceTooSmall) => {
            let needed = symbols * 3 / 4;
            Err(BufferTooSmall { needed }.into())
        }
    }
}

/// Hands `put` the base64 of `pieces` one after another, with padding.
pub(crate) fn encode(pieces: &[&[u8]], alphabet: Alphabet, mut put: impl FnMut(&[u8])) {
    let mut bytes = pieces.iter().copied().flatten().copied();
    // A multiple of three bytes, so that padding comes at the end only.
    let mut chunk = [0; 48];
    let mut base64 = [0; 64];
    loop {
        let mut filled = 0;
        for (to, byte) in chunk.iter_mut().zip(bytes.by_ref()) {
            *to = byte;
            filled += 1;
        }
        let bytes = chunk.get(..filled).unwrap_or_default();
        let len = alphabet.engine().encode_slice(bytes, &mut base64).unwrap_or_default();
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
