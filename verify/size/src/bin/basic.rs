//! Reads the three fields, and reads and writes challenges and credentials of Basic.
#![no_std]
#![no_main]

use proxy_auth::{Challenges, Credentials, basic};

fn run(input: &[u8], output: &mut [u8]) -> Option<usize> {
    let read = size::read(input).unwrap_or_else(|error| error.offset());
    for challenge in Challenges::new(input).flatten() {
        let realm = basic::Challenge::read(&challenge).ok()?.realm();
        let (user_id, password) = input.split_at_checked(read).unwrap_or_default();
        let credentials = basic::Credentials::new(user_id, password).ok()?;
        return Some(realm.len() + size::write(&credentials, output)?);
    }
    let challenge = basic::Challenge::new(input).ok()?;
    if let Ok(credentials) = Credentials::parse(input) {
        let credentials = basic::Credentials::decode(&credentials, output).ok()?;
        if credentials.verify("aladdin", "open sesame") {
            return Some(credentials.user_id().len());
        }
    }
    size::write(&challenge, output)
}

size::program!(|input, output| run(input, output).unwrap_or_default());
