//! The response with status code 407 that carries what was read.

use proxy_auth::{Challenge, EncodeChallenge, ProxyAuthenticationRequired, Scheme};

use crate::lines::Lines;
use crate::read::challenges;

/// The most challenges that a response is made of: there is no memory to allocate.
const MOST: usize = 64;

/// Writes the response, and says how many bytes that is; nothing when there is no challenge for it, or too many of them, or
/// one is in error and reading is strict.
pub(crate) fn respond(lenient: bool, lines: &Lines<'_>, out: &mut [u8]) -> Option<usize> {
    let mut found = [Challenge::new(Scheme::Basic); MOST];
    let mut count = 0;
    for challenge in challenges(lines, lenient) {
        match challenge {
            Ok(challenge) => {
                *found.get_mut(count)? = challenge;
                count += 1;
            }
            Err(_) if lenient => {}
            Err(_) => return None,
        }
    }
    let found = found.each_ref().map(|challenge| challenge as &dyn EncodeChallenge);
    let (first, more) = found.get(..count)?.split_first()?;
    match ProxyAuthenticationRequired::new(*first).and(more).encode(out) {
        Ok(response) => Some(response.len()),
        Err(error) => Some(error.needed),
    }
}
