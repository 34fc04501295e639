//! Reads the three fields, and reads and writes challenges and credentials of Basic.
#![no_std]
#![no_main]

use proxy_auth::{Challenges, Credentials, Encode, SchemeError, basic};

fn run(input: &[u8], output: &mut [u8]) -> Result<usize, SchemeError> {
    let read = size::read(input).unwrap_or_else(|error| error.offset());
    for challenge in Challenges::new(input).flatten() {
        let realm = basic::Challenge::read(&challenge)?.realm();
        let (user_id, password) = input.split_at_checked(read).unwrap_or_default();
        return Ok(realm.len() + basic::Credentials::new(user_id, password)?.encode(output)?.len());
    }
    let challenge = basic::Challenge::new(input)?;
    if let Ok(credentials) = Credentials::parse(input) {
        let credentials = basic::Credentials::decode(&credentials, output)?;
        if credentials.verify("aladdin", "open sesame") {
            return Ok(credentials.user_id().len());
        }
    }
    Ok(challenge.encode(output)?.len())
}

size::program!(|input, output| run(input, output).unwrap_or_default());
