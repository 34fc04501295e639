//! Reads the challenges of any bytes, strictly and leniently.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth::{Challenge, Challenges};
use proxy_auth_fuzz::{challenges, check_params, written};

fuzz_target!(|value: &[u8]| {
    let (strict, lenient) = (challenges(value, false), challenges(value, true));
    for challenge in strict.iter().chain(&lenient).flatten() {
        check_params(challenge.params());
        // Strict reading of the written challenge yields the same challenge, even if it was read leniently.
        let written = written(challenge);
        let again: Vec<_> = Challenges::new(&written).collect();
        assert_eq!(again, [Ok(*challenge)]);
    }
    for damage in lenient.iter().flatten().filter_map(Challenge::damage) {
        assert!(damage.offset() <= value.len());
    }
    // Lenient reading reads a value that strict reading accepts in the same way. Strict reading ends with its error.
    let accepted: Vec<_> = strict.iter().map_while(|found| found.as_ref().ok()).collect();
    if accepted.len() == strict.len() {
        assert_eq!(strict, lenient);
        assert!(
            accepted
                .iter()
                .chain(&lenient.iter().flatten().collect::<Vec<_>>())
                .all(|read| read.damage().is_none())
        );
        // The result is the same if each challenge has its own field line.
        let lines: Vec<_> = accepted.iter().map(|challenge| written(*challenge)).collect();
        let again: Vec<_> = Challenges::from_lines(&lines).map(Result::unwrap).collect();
        assert!(again.iter().eq(accepted));
    } else {
        assert_eq!(accepted.len() + 1, strict.len());
    }
});
