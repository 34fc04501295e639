//! Reads the three fields, and reads and writes the fields of Digest, without computing their values.
#![no_std]
#![no_main]

use proxy_auth::digest::{Algorithm, Challenge, Info, Proof, Username};
use proxy_auth::{AuthenticationInfo, Challenges, Credentials, digest};

fn run(input: &[u8], output: &mut [u8]) -> Option<usize> {
    let read = size::read(input).unwrap_or_else(|error| error.offset());
    if let Some(Ok(challenge)) = Challenges::new(input).next() {
        return size::write(&Challenge::read(&challenge).ok()?, output);
    }
    if let Ok(credentials) = Credentials::parse(input) {
        return size::write(&digest::Credentials::read(&credentials).ok()?, output);
    }
    if let Ok(info) = AuthenticationInfo::parse(input) {
        return size::write(&Info::read(&info).ok()?, output);
    }
    let challenge = Challenge::new(input, input).ok()?.with_algorithm(Algorithm::Sha256);
    let proof = Proof {
        username: Username::plain(input).ok()?,
        realm: input,
        nonce: input,
        uri: input,
        response: input,
    };
    let credentials = digest::Credentials::new(&proof).ok()?;
    Some(read + size::write(&challenge, output)? + size::write(&credentials, output)?)
}

size::program!(|input, output| run(input, output).unwrap_or_default());
