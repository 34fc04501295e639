//! Digest at the gate.

use std::time::Duration;

use proxy_auth::digest::{self, Algorithm, PasswordHash, QopOptions, ReplayWindow, Slot, Username};
use proxy_auth::{
    Account, AuthenticationInfo, Claim, DigestOffer, Gate, Login, Password, Policy, Reason, Refusal, ReplayStore,
    Request, Secret, Session, Step, Turn, Verified,
};

use super::{NAME, NOW, PASSWORD, STARTED, challenges, gate, reason, refuse};

const KEY: [u8; 32] = [7; 32];
const TARGET: &str = "http://example.com/a?b";
const MAX_AGE: Duration = Duration::from_secs(300);
fn offer(algorithm: Algorithm) -> Gate<&'static str> {
    gate().with_digest(&DigestOffer::new(&KEY, [algorithm]))
}

fn get() -> Request<'static> {
    Request::new("GET", TARGET).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "a look-up returns an option")]
fn account() -> Option<Account<'static, Password<'static>>> {
    Some(Account::new(NAME, Password::new(PASSWORD)))
}

fn window(gate: &Gate<&'static str>) -> ReplayWindow<[Slot; 8]> {
    gate.replay_window([Slot::EMPTY; 8], STARTED)
}

/// Answers the challenges of a gate, which issues its nonce at `now`, with the client's side of this crate.
fn answer(gate: &Gate<&'static str>, request: &Request<'_>, login: Login<'_>, now: Duration) -> String {
    let refusal = refuse(gate, request, &[]);
    let denial = gate.deny(&refusal, now, 1);
    let lines: Vec<_> = denial.challenges().map(|challenge| challenge.to_string()).collect();
    let mut session = Session::<512>::new(Policy::digest_only());
    let (_, pending) = session.authorize(Turn::FIRST, &login, request, [1; 16]).unwrap();
    let lines = lines.iter().map(|line| ("Proxy-Authenticate", line.as_str()));
    assert!(matches!(session.receive(pending, 407, lines), Step::Again(_)));
    let (authorization, _) = session.authorize(Turn::FIRST, &login, request, [1; 16]).unwrap();
    authorization.unwrap().to_string()
}

const LOGIN: Login<'static> = Login {
    name: NAME,
    password: PASSWORD,
};

fn send<S: Secret>(
    gate: &Gate<&'static str>,
    request: &Request<'_>,
    value: &str,
    account: Option<Account<'_, S>>,
    store: &mut impl ReplayStore,
    now: Duration,
) -> Result<String, Refusal> {
    let mut scratch = [0; 128];
    let attempt = gate.read(request, [("Proxy-Authorization", value)], &mut scratch)?;
    let pass = attempt.check(account, now)?.redeem(store)?;
    Ok(String::from_utf8_lossy(pass.user()).into_owned())
}

#[test]
fn every_algorithm_and_every_secret_passes_once() {
    for algorithm in Algorithm::ALL {
        let gate = offer(algorithm);
        let value = answer(&gate, &get(), LOGIN, NOW);
        let login = digest::Login::new(Username::new(NAME).unwrap(), PASSWORD);
        let hash = |algorithm| PasswordHash::new(algorithm, login, "apps");
        let (one, several) = (
            hash(algorithm),
            [hash(Algorithm::Sha512_256), hash(Algorithm::Md5), hash(algorithm)],
        );
        let passes = |account: Option<Account<'_, Password<'_>>>| {
            let mut store = window(&gate);
            assert_eq!(send(&gate, &get(), &value, account, &mut store, NOW).unwrap(), NAME);
            let again = send(&gate, &get(), &value, account, &mut store, NOW);
            assert_eq!(reason(again), Some(Reason::Replayed));
        };
        passes(account());
        let account = Some(Account::new(NAME, &one));
        assert_eq!(
            send(&gate, &get(), &value, account, &mut window(&gate), NOW).unwrap(),
            NAME
        );
        let account = Some(Account::new(NAME, &several[..]));
        assert_eq!(
            send(&gate, &get(), &value, account, &mut window(&gate), NOW).unwrap(),
            NAME
        );
    }
}

#[test]
fn nobody_passes_whatever_the_kind_of_secret() {
    let gate = offer(Algorithm::Sha256);
    let value = answer(&gate, &get(), LOGIN, NOW);
    let refused = [
        check_nobody::<Password<'_>>(&gate, &value),
        check_nobody::<&PasswordHash>(&gate, &value),
        check_nobody::<&[PasswordHash]>(&gate, &value),
        check_nobody::<Verified>(&gate, &value),
    ];
    assert_eq!(refused, [const { Some(Reason::UnknownUser) }; 4]);
}

fn check_nobody<S: Secret>(gate: &Gate<&'static str>, value: &str) -> Option<Reason> {
    reason(send(
        gate,
        &get(),
        value,
        None::<Account<'_, S>>,
        &mut window(gate),
        NOW,
    ))
}

/// An empty password is what the gate computes with if there is no account.
#[test]
fn an_empty_password_does_not_pass_as_nobody() {
    let gate = offer(Algorithm::Sha256);
    let value = answer(
        &gate,
        &get(),
        Login {
            name: NAME,
            password: "",
        },
        NOW,
    );
    let nobody = None::<Account<'_, Password<'_>>>;
    assert_eq!(
        reason(send(&gate, &get(), &value, nobody, &mut window(&gate), NOW)),
        Some(Reason::UnknownUser)
    );
}

#[test]
fn a_secret_that_cannot_verify_an_answer_is_refused() {
    let gate = offer(Algorithm::Sha256);
    let value = answer(&gate, &get(), LOGIN, NOW);
    let mut store = window(&gate);
    let verdict = Some(Account::new(NAME, Verified));
    assert_eq!(
        reason(send(&gate, &get(), &value, verdict, &mut store, NOW)),
        Some(Reason::Unverifiable)
    );
    let login = digest::Login::new(Username::new(NAME).unwrap(), PASSWORD);
    let md5 = PasswordHash::new(Algorithm::Md5, login, "apps");
    let other = Some(Account::new(NAME, &md5));
    assert_eq!(
        reason(send(&gate, &get(), &value, other, &mut store, NOW)),
        Some(Reason::Unverifiable)
    );
    let none = Some(Account::new(NAME, &[][..] as &[PasswordHash]));
    assert_eq!(
        reason(send(&gate, &get(), &value, none, &mut store, NOW)),
        Some(Reason::Unverifiable)
    );
}

#[test]
fn a_proof_passes_only_for_the_user_of_the_account() {
    let gate = offer(Algorithm::Sha256);
    let value = answer(&gate, &get(), LOGIN, NOW);
    let relabelled = value.replace(NAME, "mallory");
    let mut store = window(&gate);
    // A careless proxy finds an account of another name, whose password is right.
    assert_eq!(
        reason(send(&gate, &get(), &relabelled, account(), &mut store, NOW)),
        Some(Reason::OtherUser)
    );
    let mallory = Some(Account::new("mallory", Password::new(PASSWORD)));
    assert_eq!(
        reason(send(&gate, &get(), &value, mallory, &mut store, NOW)),
        Some(Reason::OtherUser)
    );
    assert_eq!(
        reason(send(&gate, &get(), &relabelled, mallory, &mut store, NOW)),
        Some(Reason::Wrong)
    );
    assert_eq!(send(&gate, &get(), &value, account(), &mut store, NOW).unwrap(), NAME);
}

#[test]
fn an_answer_is_for_its_method_target_realm_and_algorithm() {
    let gate = offer(Algorithm::Sha256);
    let value = answer(&gate, &get(), LOGIN, NOW);
    let refused = |gate: &Gate<&'static str>, request: &Request<'_>| {
        reason(send(gate, request, &value, account(), &mut window(gate), NOW))
    };
    assert_eq!(
        refused(&gate, &Request::new("POST", TARGET).unwrap()),
        Some(Reason::Wrong)
    );
    assert_eq!(
        refused(&gate, &Request::new("GET", "http://example.com/b").unwrap()),
        Some(Reason::OtherTarget)
    );
    assert_eq!(refused(&offer(Algorithm::Md5), &get()), Some(Reason::NotOffered));
    let other = Gate::new("other")
        .unwrap()
        .with_digest(&DigestOffer::new(&KEY, [Algorithm::Sha256]));
    assert_eq!(refused(&other, &get()), Some(Reason::OtherRealm));
}

#[test]
fn a_gate_without_a_store_refuses_every_answer() {
    let gate = offer(Algorithm::Sha256);
    let value = answer(&gate, &get(), LOGIN, NOW);
    assert_eq!(
        reason(send(&gate, &get(), &value, account(), &mut (), NOW)),
        Some(Reason::Replayed)
    );
}

#[test]
fn a_nonce_is_stale_after_its_lifetime_and_before_its_time() {
    let gate = offer(Algorithm::Sha256);
    let second = Duration::from_secs(1);
    let value = answer(&gate, &get(), LOGIN, NOW + 10 * second);
    let at = |now| reason(send(&gate, &get(), &value, account(), &mut window(&gate), now));
    assert_eq!(at(NOW + 10 * second + MAX_AGE), None);
    assert_eq!(at(NOW + 11 * second + MAX_AGE), Some(Reason::Stale));
    assert_eq!(at(NOW + 5 * second), None);
    assert_eq!(at(NOW + 4 * second), Some(Reason::Stale));
}

#[test]
fn a_refusal_for_the_nonce_alone_says_stale_in_every_challenge() {
    let digest = DigestOffer::new(&KEY, [Algorithm::Sha256, Algorithm::Md5]);
    let gate = gate().with_digest(&digest).with_basic();
    let value = answer(&gate, &get(), LOGIN, NOW);
    let late = NOW + 2 * MAX_AGE;
    let refusal = send(&gate, &get(), &value, account(), &mut window(&gate), late).unwrap_err();
    assert!(refusal.is_stale() && !refusal.is_guess());
    let lines = challenges(&gate, &refusal);
    assert_eq!(lines.iter().filter(|line| line.contains("stale=true")).count(), 2);
    let nonce = |line: &str| line.split("nonce=").nth(1).map(|rest| rest[..66].to_owned());
    assert_eq!(nonce(&lines[0]), nonce(&lines[1]));
    assert!(lines[2].starts_with("Basic"));
    // A wrong password is not stale.
    let value = answer(
        &gate,
        &get(),
        Login {
            password: "guess",
            ..LOGIN
        },
        NOW,
    );
    let refusal = send(&gate, &get(), &value, account(), &mut window(&gate), late).unwrap_err();
    assert!(refusal.is_guess() && !challenges(&gate, &refusal).concat().contains("stale"));
}

#[test]
fn nonces_of_the_previous_key_pass_and_those_of_another_key_are_stale() {
    let value = answer(&offer(Algorithm::Sha256), &get(), LOGIN, NOW);
    let new = [8; 32];
    let rotated = gate().with_digest(&DigestOffer::new(&new, [Algorithm::Sha256]).with_previous_key(&KEY));
    assert_eq!(
        send(&rotated, &get(), &value, account(), &mut window(&rotated), NOW).unwrap(),
        NAME
    );
    let other = gate().with_digest(&DigestOffer::new(&new, [Algorithm::Sha256]));
    let refused = send(&other, &get(), &value, account(), &mut window(&other), NOW);
    assert_eq!(reason(refused), Some(Reason::Stale));
}

#[test]
fn a_restart_with_the_same_key_replays_nothing() {
    let gate = offer(Algorithm::Sha256);
    let value = answer(&gate, &get(), LOGIN, NOW);
    let mut store = gate.replay_window([Slot::EMPTY; 8], NOW + Duration::from_secs(1));
    let refused = send(
        &gate,
        &get(),
        &value,
        account(),
        &mut store,
        NOW + Duration::from_secs(1),
    );
    assert_eq!(reason(refused), Some(Reason::Replayed));
}

#[test]
fn a_hashed_name_is_looked_up_by_its_hash_and_must_be_offered() {
    let digest = DigestOffer::new(&KEY, [Algorithm::Sha256]).with_userhash();
    let hashing = gate().with_digest(&digest);
    let value = answer(&hashing, &get(), LOGIN, NOW);
    assert!(value.contains("userhash=true") && !value.contains(NAME));
    let mut scratch = [0; 64];
    let request = get();
    let attempt = hashing
        .read(&request, [("Proxy-Authorization", value.as_str())], &mut scratch)
        .unwrap();
    let hash = digest::userhash(Algorithm::Sha256, Username::new(NAME).unwrap(), "apps");
    assert!(matches!(attempt.claim(), Claim::Userhash(digits) if digits == hash.as_bytes()));
    assert_eq!((attempt.name(), attempt.algorithm()), (None, Some(Algorithm::Sha256)));
    assert_eq!(
        send(&hashing, &get(), &value, account(), &mut window(&hashing), NOW).unwrap(),
        NAME
    );
    let other = Some(Account::new("mallory", Password::new(PASSWORD)));
    assert_eq!(
        reason(send(&hashing, &get(), &value, other, &mut window(&hashing), NOW)),
        Some(Reason::OtherUser)
    );
    let plain = offer(Algorithm::Sha256);
    assert_eq!(
        reason(send(&plain, &get(), &value, account(), &mut window(&plain), NOW)),
        Some(Reason::NotOffered)
    );
}

#[test]
fn auth_int_covers_the_content_in_both_directions() {
    let digest = DigestOffer::new(&KEY, [Algorithm::Sha256]).with_qop(QopOptions::AUTH_INT);
    let gate = gate().with_digest(&digest);
    let request = get().with_content(b"content");
    let value = answer(&gate, &request, LOGIN, NOW);
    let refused = |content| {
        let request = get().with_content(content);
        reason(send(&gate, &request, &value, account(), &mut window(&gate), NOW))
    };
    assert_eq!(
        (refused(b""), refused(b"contend")),
        (Some(Reason::Wrong), Some(Reason::Wrong))
    );
    let mut scratch = [0; 64];
    let attempt = gate
        .read(&request, [("Proxy-Authorization", value.as_str())], &mut scratch)
        .unwrap();
    let pass = attempt
        .check(account(), NOW)
        .unwrap()
        .redeem(&mut window(&gate))
        .unwrap();
    assert!(pass.info().is_none(), "the proof depends on the content");
    let rspauth = |content| {
        let info = pass.info_for(content).unwrap().to_string();
        digest::Info::read(&AuthenticationInfo::parse(&info).unwrap())
            .unwrap()
            .rspauth()
            .unwrap()
            .to_string()
    };
    assert_ne!(rspauth(b"a"), rspauth(b"b"));
}

#[test]
fn a_session_counts_verifies_the_gate_and_takes_its_next_nonce() {
    let gate = offer(Algorithm::Sha256);
    let mut store = window(&gate);
    let mut session = Session::<512>::new(Policy::digest_only().with_proof_required());
    let (mut now, mut counts) = (NOW, Vec::new());
    let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &get(), [1; 16]).unwrap();
    let lines = challenges(&gate, &refuse(&gate, &get(), &[]));
    let lines = lines.iter().map(|line| ("Proxy-Authenticate", line.as_str()));
    assert!(matches!(session.receive(pending, 407, lines), Step::Again(_)));
    for _ in 0..4 {
        let request = get();
        let (authorization, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [2; 16]).unwrap();
        let value = authorization.unwrap().to_string();
        counts.push(value.contains("nc=00000001"));
        let mut scratch = [0; 64];
        let attempt = gate
            .read(&request, [("Proxy-Authorization", value.as_str())], &mut scratch)
            .unwrap();
        let pass = attempt.check(account(), now).unwrap().redeem(&mut store).unwrap();
        now += MAX_AGE / 2;
        // Without the next nonce, the third answer would be stale.
        let nonce = gate.nonce(now, 2).unwrap();
        let info = pass.info().unwrap().with_nextnonce(&nonce).to_string();
        let step = session.receive(pending, 200, [("Proxy-Authentication-Info", info.as_str())]);
        assert_eq!(step, Step::Done { proved: true });
    }
    assert_eq!(counts, [true; 4]);
}

#[test]
fn a_store_knows_an_answer_by_its_key_and_for_how_long() {
    struct Keys(Vec<([u8; 20], Duration)>);
    impl ReplayStore for Keys {
        fn admit(&mut self, nonce_use: &proxy_auth::NonceUse) -> bool {
            self.0.push((nonce_use.key(), nonce_use.lifetime()));
            true
        }
    }
    let gate = offer(Algorithm::Sha256);
    let mut keys = Keys(Vec::new());
    let value = answer(&gate, &get(), LOGIN, NOW);
    for now in [NOW, NOW + MAX_AGE] {
        assert!(send(&gate, &get(), &value, account(), &mut keys, now).is_ok());
    }
    let other = answer(&gate, &get(), LOGIN, NOW + Duration::from_secs(1));
    assert!(
        send(
            &gate,
            &get(),
            &other,
            account(),
            &mut keys,
            NOW + Duration::from_secs(1)
        )
        .is_ok()
    );
    assert_eq!(keys.0[0].0, keys.0[1].0);
    assert_ne!(keys.0[0].0, keys.0[2].0);
    assert!(keys.0[0].1 >= MAX_AGE && keys.0[1].1 > Duration::ZERO && keys.0[1].1 < keys.0[0].1);
}
