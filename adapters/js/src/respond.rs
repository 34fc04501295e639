//! Writes the response with status code 407 that carries the challenges.

use proxy_auth::{Challenge, ChallengeResponse, EncodeChallenge, Scheme};

use crate::lines::Lines;
use crate::read::challenges;

/// The maximum number of challenges, since there is no memory to allocate.
const MOST: usize = 64;

/// Writes the response, and returns the number of bytes. Returns `None` if there is no challenge, if there are too
/// many, or if reading is strict and finds an error.
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
    match ChallengeResponse::new(*first).with_more_challenges(more).encode(out) {
        Ok(response) => Some(response.len()),
        Err(error) => Some(error.needed),
    }
}
