//! Chooses among any challenges. What is damaged or unknown must change nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth::{Candidate, Challenges, Chosen, NothingFits, STRONGEST_FIRST, Scheme, choose};
use proxy_auth_fuzz::challenges;

fn chosen<'a>(lines: &[&'a [u8]], candidates: &[Candidate<'_>]) -> Result<String, NothingFits> {
    choose(Challenges::from_fields(lines.iter().copied()), candidates).map(|chosen| format!("{chosen:?}"))
}

fuzz_target!(|value: &[u8]| {
    let all = [
        &STRONGEST_FIRST[..],
        &[Candidate::Scheme(Scheme::Negotiate), Candidate::Scheme(Scheme::Ntlm)],
    ]
    .concat();
    for candidates in [&STRONGEST_FIRST[..], &all, &all[2..]] {
        let choice = chosen(&[value], candidates);
        // Lines of their own, which choose nothing, before and after.
        let around = [
            &b"@, Unknown a=b, Basic, Digest realm=\"x\" y"[..],
            value,
            b"Digest realm=r, nonce=n, algorithm=x, \"",
        ];
        match (&choice, chosen(&around, candidates)) {
            (Ok(choice), Ok(again)) => assert_eq!(choice, &again),
            (Err(_), Err(why)) => assert!(why.damaged() >= 2 && why.unsupported() >= 1),
            (one, other) => panic!("{one:?} {other:?}"),
        }
        let count = challenges(value, true).len();
        if let Err(why) = choice {
            assert_eq!(why.unsupported() + why.unusable() + why.damaged(), count);
            assert!(why.to_string().starts_with("no challenge to answer"));
        }
    }
    if let Ok(Chosen::Basic(basic)) = choose(Challenges::new(value), &[Candidate::Scheme(Scheme::Basic)]) {
        let first = challenges(value, true).into_iter().flatten();
        let first = first.filter(|challenge| challenge.scheme() == Scheme::Basic);
        let first = first
            .filter_map(|challenge| proxy_auth::basic::Challenge::read(&challenge).ok())
            .next();
        assert_eq!(first, Some(basic));
    }
});
