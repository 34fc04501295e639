//! Chooses among any challenges. Damaged and unknown challenges must not change the choice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth::{
    Candidate, Challenges, Chosen, NothingFits, PassedOver, STRONGEST_FIRST, Scheme, SchemeError, basic, choose,
};
use proxy_auth_fuzz::challenges;

fn chosen<'a>(lines: &[&'a [u8]], candidates: &[Candidate<'_>]) -> Result<String, NothingFits> {
    choose(Challenges::from_lines(lines.iter().copied()), candidates).map(|choice| format!("{:?}", choice.chosen()))
}

fuzz_target!(|value: &[u8]| {
    let all = [
        &STRONGEST_FIRST[..],
        &[
            Candidate::Scheme(Scheme::Negotiate),
            Candidate::Scheme(Scheme::Ntlm),
            Candidate::DigestWithoutQop,
        ],
    ]
    .concat();
    for candidates in [&STRONGEST_FIRST[..], &all, &all[2..]] {
        let choice = chosen(&[value], candidates);
        // Add lines before and after that contain no usable challenge.
        let around = [
            &b"@, Unknown a=b, Bearer realm=\"x\"y, Digest realm=\"x\" y"[..],
            value,
            b"Digest realm=r, nonce=n, algorithm=x, \"",
        ];
        match (&choice, chosen(&around, candidates)) {
            (Ok(choice), Ok(again)) => assert_eq!(choice, &again),
            (Err(_), Err(why)) => assert!(why.damaged() >= 2 && why.unsupported() + why.unusable() >= 3),
            (one, other) => panic!("{one:?} {other:?}"),
        }
        let count = challenges(value, true).len();
        if let Err(why) = choice {
            assert_eq!(why.unsupported() + why.unusable() + why.damaged(), count);
            assert!(why.to_string().starts_with("no challenge to answer"));
        }
    }
    // For Basic, a complete challenge is preferred, then the first one.
    let found = challenges(value, true).into_iter().flatten();
    let mut usable: Vec<_> = found
        .filter_map(|challenge| Some((challenge, basic::Challenge::read(&challenge).ok()?)))
        .collect();
    usable.sort_by_key(|(challenge, basic)| challenge.damage().is_some() || !basic.has_realm());
    let choice = choose(Challenges::new(value), &[Candidate::Scheme(Scheme::Basic)]);
    match (choice.map(|choice| choice.chosen()), usable.first()) {
        (Ok(Chosen::Basic(chosen)), Some((_, best))) => assert_eq!(chosen, *best),
        (Err(_), None) => {}
        (choice, best) => panic!("{choice:?} {best:?}"),
    }
    // The reported challenge would have been answered instead of the chosen one.
    if let Ok(choice) = choose(Challenges::new(value), &all)
        && let Some(PassedOver::Unusable { scheme, error, .. }) = choice.passed_over()
    {
        let place = |scheme| all.iter().position(|candidate| *candidate == Candidate::Scheme(scheme));
        let damaged = matches!(error, SchemeError::Damaged(_));
        match choice.chosen() {
            Chosen::Digest(digest) if digest.qop().is_none() => {}
            // Damage may hide any challenge.
            chosen => {
                assert!(damaged || place(*scheme) <= place(chosen.scheme()))
            }
        }
    }
});
