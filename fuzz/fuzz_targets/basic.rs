//! Decodes credentials of Basic from any bytes, and encodes any user-id and password.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth::{Base64Error, Credentials, SchemeError, basic};
use proxy_auth_fuzz::written;

fuzz_target!(|value: &[u8]| {
    if let Ok(credentials) = Credentials::parse(value) {
        let mut buffer = vec![0; value.len()];
        if let Ok(basic) = basic::Credentials::decode(&credentials, &mut buffer) {
            assert!(basic.verify(basic.user_id(), basic.password()));
            let len = basic.user_id().len() + 1 + basic.password().len();
            let encoded = written(&basic);
            assert_eq!(encoded[6..], *credentials.token68().unwrap().as_bytes());
            assert!(basic::Credentials::decode(&credentials, &mut vec![0; len]).is_ok());
            let error = basic::Credentials::decode(&credentials, &mut vec![0; len - 1]).unwrap_err();
            assert!(matches!(error, SchemeError::Base64(Base64Error::BufferTooSmall(error)) if error.needed == len));
        }
    }
    let (user_id, password) = value.split_at(value.len() / 2);
    if let Ok(basic) = basic::Credentials::new(user_id, password) {
        let encoded = written(&basic);
        let credentials = Credentials::parse(&encoded).unwrap();
        let mut buffer = vec![0; value.len() + 1];
        let read = basic::Credentials::decode(&credentials, &mut buffer).unwrap();
        assert!(read.verify(user_id, password) && !read.verify(password, b"another"));
        assert!(!format!("{read:?}").contains("password"));
    }
});
