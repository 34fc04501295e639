//! The operations that are measured, each with two classes of inputs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use proxy_auth::digest::{Algorithm, HexHash, Login as HashedLogin, PasswordHash, Username, userhash};
use proxy_auth::{Account, DigestOffer, Gate, Login, Password, Policy, Request, Secret, Session, Step, Turn, basic};

/// Operations that take less than the clock can tell are repeated.
const REPETITIONS: usize = 16;
const NOW: Duration = Duration::from_hours(401_503);
const REALM: &str = "apps";
/// The user with an account, and one without.
const NAMES: [&str; 2] = ["aladdin", "jasmine"];
const PASSWORD: &str = "open sesame, open sesame";
/// Passwords that differ from the right one in the first and in the last byte.
const WRONG: [&str; 2] = ["Open sesame, open sesame", "open sesame, open sesamE"];

/// Returns the time of an operation with an input of a class.
type Measure = Box<dyn FnMut(bool) -> Duration>;

/// An operation with two classes of inputs.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) classes: &'static str,
    /// The time differs, which the test must find.
    pub(crate) is_control: bool,
    pub(crate) measure: Measure,
}

const DIGIT: &str = "first or last digit is wrong";
const BYTE: &str = "first or last byte is wrong";
const USER: &str = "user is known or not";

/// Returns all cases, the control first.
pub(crate) fn all() -> Vec<Case> {
    let case = |name, classes, measure| Case {
        name,
        classes,
        is_control: false,
        measure,
    };
    let hash = |algorithm| stored(algorithm, PASSWORD);
    let both = || {
        &*Box::leak(Box::new([
            hash(Algorithm::Sha256).clone(),
            hash(Algorithm::Md5).clone(),
        ]))
    };
    vec![
        Case {
            is_control: true,
            ..case("comparison that ends early", BYTE, compare_early())
        },
        case("basic::Credentials::verify_password", BYTE, verify_password()),
        case("HexHash ==", "equal or not", compare_hashes()),
        case("gate, Basic, Password", BYTE, wrong_password()),
        case(
            "gate, Digest SHA-256, &PasswordHash",
            DIGIT,
            wrong_response(Algorithm::Sha256),
        ),
        case("gate, Digest MD5, &PasswordHash", DIGIT, wrong_response(Algorithm::Md5)),
        case("gate, Basic, Password", USER, basic_user(Password::new(PASSWORD))),
        case(
            "gate, Basic, &PasswordHash, SHA-256",
            USER,
            basic_user(hash(Algorithm::Sha256)),
        ),
        case(
            "gate, Basic, &PasswordHash, MD5",
            USER,
            basic_user(hash(Algorithm::Md5)),
        ),
        case("gate, Basic, &[PasswordHash]", USER, basic_user(&both()[..])),
        case(
            "gate, Basic, empty &[PasswordHash]",
            USER,
            basic_user::<&[PasswordHash]>(&[]),
        ),
        case(
            "gate, Digest SHA-256, Password",
            USER,
            digest_user(Algorithm::Sha256, Password::new(PASSWORD)),
        ),
        case(
            "gate, Digest SHA-256, &PasswordHash",
            USER,
            digest_user(Algorithm::Sha256, hash(Algorithm::Sha256)),
        ),
        case(
            "gate, Digest MD5, &PasswordHash",
            USER,
            digest_user(Algorithm::Md5, hash(Algorithm::Md5)),
        ),
        case(
            "gate, Digest MD5, &[PasswordHash]",
            USER,
            digest_user(Algorithm::Md5, &both()[..]),
        ),
    ]
}

fn time(operation: impl FnOnce()) -> Duration {
    let start = Instant::now();
    operation();
    start.elapsed()
}

fn time_repeated(mut operation: impl FnMut()) -> Duration {
    time(|| (0..REPETITIONS).for_each(|_| operation()))
}

/// The mistake that the others avoid.
fn compare_early() -> Measure {
    #[inline(never)]
    fn is_equal(a: &[u8], b: &[u8]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
    }
    let mut sent = [0; PASSWORD.len()];
    Box::new(move |class| {
        sent.copy_from_slice(WRONG[usize::from(class)].as_bytes());
        time_repeated(|| assert!(!is_equal(black_box(&sent), black_box(PASSWORD.as_bytes()))))
    })
}

fn verify_password() -> Measure {
    let mut sent = [0; PASSWORD.len()];
    Box::new(move |class| {
        sent.copy_from_slice(WRONG[usize::from(class)].as_bytes());
        let credentials = basic::Credentials::new("aladdin", &sent).expect("they are valid");
        time_repeated(|| assert!(!black_box(&credentials).verify_password(black_box(PASSWORD))))
    })
}

fn compare_hashes() -> Measure {
    let hash = |name| userhash(Algorithm::Sha256, Username::new(name).expect("it is valid"), REALM);
    let (expected, others) = (hash(NAMES[0]), NAMES.map(hash));
    let mut sent: HexHash = hash(NAMES[1]);
    Box::new(move |class| {
        sent.clone_from(&others[usize::from(class)]);
        time_repeated(|| assert_ne!(black_box(&sent) == black_box(&expected), class))
    })
}

/// Returns a gate that offers Digest with SHA-256 and MD5, and Basic.
fn gate() -> Gate<&'static str> {
    let digest = DigestOffer::new(&[7; 32], [Algorithm::Sha256, Algorithm::Md5]);
    Gate::new(REALM).expect("it is valid").with_digest(&digest).with_basic()
}

fn request() -> Request<'static> {
    Request::new("CONNECT", "example.com:443").expect("it is valid")
}

fn stored(algorithm: Algorithm, password: &str) -> &'static PasswordHash {
    let login = HashedLogin::new(Username::new(NAMES[0]).expect("it is valid"), password);
    Box::leak(Box::new(PasswordHash::new(algorithm, login, REALM)))
}

/// Measures `Attempt::check` with wrong credentials, from the same place in memory.
fn check<S: Secret + Copy + 'static>(lines: [String; 2], secrets: [Option<S>; 2]) -> Measure {
    let gate = gate();
    assert_eq!(lines[0].len(), lines[1].len(), "time may depend on lengths");
    let (mut line, mut scratch) = (lines[0].clone().into_bytes(), [0; 64]);
    Box::new(move |class| {
        let index = usize::from(class);
        line.copy_from_slice(lines[index].as_bytes());
        let fields = [("Proxy-Authorization", line.as_slice())];
        let request = request();
        let attempt = gate.read(&request, fields, &mut scratch).expect("they can be read");
        let account = black_box(secrets[index].map(|secret| Account::new(NAMES[0], secret)));
        time(|| assert!(black_box(attempt.check(account, NOW)).is_err()))
    })
}

fn basic_line(name: &str, password: &str) -> String {
    basic::Credentials::new(name, password)
        .expect("they are valid")
        .to_string()
}

fn wrong_password() -> Measure {
    let secret = Some(Password::new(PASSWORD));
    check(WRONG.map(|password| basic_line(NAMES[0], password)), [secret; 2])
}

fn basic_user<S: Secret + Copy + 'static>(secret: S) -> Measure {
    check(NAMES.map(|name| basic_line(name, WRONG[0])), [Some(secret), None])
}

/// Returns an answer to the challenge with this algorithm.
fn answer(algorithm: Algorithm, name: &str, password: &str) -> String {
    let (gate, request) = (gate(), request());
    let refusal = gate
        .read(&request, [("Host", "example.com")], &mut [])
        .expect_err("there are none");
    let denial = gate.deny(&refusal, NOW, 1);
    let mut challenges = denial.challenges().map(|challenge| challenge.to_string());
    let named = format!("algorithm={}", algorithm.token());
    let challenge = challenges.find(|challenge| challenge.contains(&named));
    let challenge = challenge.expect("it is offered");
    let mut session = Session::<256>::new(Policy::digest_only());
    let login = Login { name, password };
    let (_, pending) = session
        .authorize(Turn::FIRST, &login, &request, [7; 16])
        .expect("nothing is sent");
    let Step::Again(turn) = session.receive(pending, 407, [("Proxy-Authenticate", &challenge)]) else {
        panic!("the challenge is answered")
    };
    let (answer, _) = session
        .authorize(turn, &login, &request, [7; 16])
        .expect("the challenge is answered");
    answer.expect("the challenge is answered").to_string()
}

/// Measures answers with a response whose first or last digit is wrong.
fn wrong_response(algorithm: Algorithm) -> Measure {
    let right = answer(algorithm, NAMES[0], PASSWORD);
    let start = right.find("response=\"").expect("it has a response") + "response=\"".len();
    let end = start + 2 * algorithm.hash_len() - 1;
    let wrong_at = |at: usize| {
        let digit = if right.as_bytes()[at] == b'0' { "1" } else { "0" };
        let mut wrong = right.clone();
        wrong.replace_range(at..=at, digit);
        wrong
    };
    check([wrong_at(start), wrong_at(end)], [Some(stored(algorithm, PASSWORD)); 2])
}

fn digest_user<S: Secret + Copy + 'static>(algorithm: Algorithm, secret: S) -> Measure {
    check(
        NAMES.map(|name| answer(algorithm, name, WRONG[0])),
        [Some(secret), None],
    )
}
