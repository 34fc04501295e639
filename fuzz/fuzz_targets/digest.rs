//! Reads the fields of Digest from any bytes, and lets a client and a proxy compute answers and proofs from them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth::digest::{Challenge, Client, Credentials, Login, PasswordHash, Request, Username};
use proxy_auth_fuzz::{challenges, written};

fuzz_target!(|value: &[u8]| {
    for challenge in challenges(value, true).iter().flatten() {
        let Ok(challenge) = Challenge::read(challenge) else {
            continue;
        };
        let bytes = written(&challenge);
        let again = challenges(&bytes, false);
        assert_eq!(Challenge::read(again[0].as_ref().unwrap()).unwrap(), challenge);

        let request = Request::new("GET", "http://example.com/").unwrap().with_content(value);
        let user = Username::new("user").unwrap();
        let client = Client::new(&challenge, Login::new(user, "password"), "cnonce");
        assert_eq!(client.is_ok(), challenge.qop().is_some());
        let Ok(mut client) = Client::new_allowing_rfc2069(&challenge, Login::new(user, "password"), "cnonce") else {
            // A nonce with a colon could be read as a nonce and further values.
            assert!(challenge.qop().is_none() && challenge.nonce().unescaped().any(|byte| byte == b':'));
            continue;
        };
        let answer = client.answer(request);
        let bytes = written(&answer);
        let read = proxy_auth::Credentials::parse(&bytes).unwrap();
        let read = Credentials::read(&read).unwrap();
        let realm: Vec<u8> = challenge.realm().unescaped().collect();
        let stored = PasswordHash::new(
            challenge.algorithm(),
            Login::new(Username::new("user").unwrap(), "password"),
            &realm,
        );
        assert_eq!(read.response(), stored.response(&read, &request).as_str());
    }
    let credentials = proxy_auth::Credentials::parse_lenient(value);
    if let Some(read) = credentials
        .ok()
        .and_then(|credentials| Credentials::read(&credentials).ok())
    {
        assert!(!read.username().is_extended() || !read.username().to_string().contains(char::is_control));
        let bytes = written(&read);
        let again = proxy_auth::Credentials::parse(&bytes).unwrap();
        let again = Credentials::read(&again).unwrap();
        assert_eq!(written(&again), bytes);
        assert!(again.username() == read.username() && again.nonce() == read.nonce() && again.nc() == read.nc());
    }
});
