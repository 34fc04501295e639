//! Checks a message whose length does not fit in 32 bits.

use core::str;

use proxy_auth::{
    AuthParam, BufferTooSmall, Challenge, EncodeChallenge, ParamValue, ChallengeResponse, Scheme, token,
};

/// With "a=" and ", ", a parameter of this value takes 16 KiB.
static TEXT: [u8; 16_380] = [b'a'; 16_380];

static PARAMS: [AuthParam<'static>; 1024] = {
    let Ok(text) = str::from_utf8(&TEXT) else {
        panic!("ASCII is UTF-8");
    };
    let Ok(value) = ParamValue::token(text) else {
        panic!("letters are a token");
    };
    [AuthParam::new(token!("a"), value); 1024]
};

static CHALLENGE: Challenge<'static> = Challenge::from_params(Scheme::Other(token!("Own")), &PARAMS);

static MORE: [&dyn EncodeChallenge; 255] = [&CHALLENGE; 255];

/// Checks that the message fits in no buffer. Its length exceeds 4 GiB by less than the
/// length of the buffer, so a length that wrapped would seem to fit.
pub fn fits_no_buffer() -> bool {
    let response = ChallengeResponse::new(&CHALLENGE).with_more_challenges(&MORE);
    let needed = usize::MAX;
    response.encoded_len() == needed && response.encode(&mut [0; 8192]) == Err(BufferTooSmall { needed })
}
