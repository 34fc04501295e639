//! Writes arbitrary challenges, credentials and parameters, and reads them back equal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth::{AuthenticationInfo, Challenge, Challenges, Credentials};
use proxy_auth_fuzz::{Made, written};

fuzz_target!(|made: Vec<Made>| {
    let mut lines = Vec::new();
    for made in &made {
        made.with(|scheme, body| {
            let (challenge, credentials) = match body {
                Ok(token68) => (
                    Challenge::from_token68(scheme, token68),
                    Credentials::from_token68(scheme, token68),
                ),
                Err(params) => (
                    Challenge::from_params(scheme, params),
                    Credentials::from_params(scheme, params),
                ),
            };
            let bytes = written(&challenge);
            assert_eq!(written(&credentials), bytes);
            let read = Challenges::new(&bytes).map(Result::unwrap).collect::<Vec<_>>();
            assert_eq!(read, [challenge]);
            assert_eq!(written(&read[0]), bytes);
            let read = Credentials::parse(&bytes).unwrap();
            assert!(read.scheme() == scheme && read.params() == credentials.params());
            if let Err(params) = body {
                let info = AuthenticationInfo::new(params);
                let bytes = written(&info);
                assert_eq!(AuthenticationInfo::parse(&bytes).unwrap(), info);
            }
            lines.push(bytes);
        });
    }
    // One line and several lines must yield the same list.
    let joined = lines.join(&b", "[..]);
    let one: Vec<_> = Challenges::new(&joined).map(Result::unwrap).collect();
    let several: Vec<_> = Challenges::from_lines(&lines).map(Result::unwrap).collect();
    assert_eq!(one, several);
    assert_eq!(one.len(), lines.len());
});
