//! Reads the three fields, and reads and writes the fields of Digest, without computing their values.
#![no_std]
#![no_main]

use proxy_auth::digest::{Algorithm, Challenge, Info, Proof, Username};
use proxy_auth::{AuthenticationInfo, Challenges, Credentials, Encode, SchemeError, digest};

fn run(input: &[u8], output: &mut [u8]) -> Result<usize, SchemeError> {
    let read = size::read(input).unwrap_or_else(|error| error.offset());
    if let Some(Ok(challenge)) = Challenges::new(input).next() {
        let challenge = Challenge::read(&challenge)?;
        return Ok(challenge.encode(output)?.len());
    }
    if let Ok(credentials) = Credentials::parse(input) {
        return Ok(digest::Credentials::read(&credentials)?.encode(output)?.len());
    }
    if let Ok(info) = AuthenticationInfo::parse(input) {
        return Ok(Info::read(&info)?.encode(output)?.len());
    }
    let challenge = Challenge::new(input, input)?
        .with_algorithm(Algorithm::Sha256)
        .encode(output)?
        .len();
    let credentials = digest::Credentials::new(&Proof {
        username: Username::plain(input)?,
        realm: input,
        nonce: input,
        uri: input,
        response: input,
    })?;
    Ok(read + challenge + credentials.encode(output)?.len())
}

size::program!(|input, output| run(input, output).unwrap_or_default());
