//! Whole exchanges: what a gate and a session do for a request. No library does the same, so each has a lower bound: the hash
//! functions and `base64` alone, over the same bytes.

use std::fmt::{Display, Write};
use std::hint::black_box;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use proxy_auth::digest::{self, Algorithm, Login as DigestLogin, PasswordHash, ReplayWindow, Slot, Username};
use proxy_auth::{
    Account, Challenges, Credentials, DigestOffer, Encode, Gate, Login, Password, Policy, Reason, Refusal, Request,
    Secret, Session, Step, Turn, basic,
};
use sha2::{Digest, Sha256, Sha512_256};

use crate::floor::{Inputs, NonceMac, hash_each, stamp_bytes};
use crate::inputs;
use crate::measure::contender;
use crate::row::{Row, Work};

const KEY: &[u8; 32] = b"32 bytes from a random source   ";
const REALM: &str = "apps";
const NOW: Duration = Duration::from_secs(1_445_412_481);
/// The window of used answers is created earlier: nonces of its first moment are stale.
const STARTED: Duration = Duration::from_secs(1_445_412_479);
const METHOD: &str = "CONNECT";
const LOGIN: Login<'static> = Login {
    name: "Aladdin",
    password: "open sesame",
};
const WRONG: &str = "open barley";

/// The number of answers to one nonce that take turns.
const ANSWERS: usize = 1024;

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::from(basic());
    rows.extend(digest::<Md5>(Algorithm::Md5));
    rows.extend(digest::<Sha256>(Algorithm::Sha256));
    rows.push(deny());
    rows.extend(display());
    rows
}

fn request() -> Request<'static> {
    Request::new(METHOD, "example.com:443").expect("a request")
}

fn basic() -> [Row; 3] {
    let gate = Gate::new(REALM).expect("a realm").with_basic();
    let token = inputs::BASIC_CREDENTIALS.trim_start_matches("Basic ");
    let user = Username::new(LOGIN.name).expect("a name");
    let stored = PasswordHash::new(Algorithm::Sha256, DigestLogin::new(user, LOGIN.password), REALM);
    let a1 = format!("{}:{REALM}:{}", LOGIN.name, LOGIN.password);

    let decode = || {
        let mut buffer = [0; 64];
        let _ = black_box(STANDARD.decode_slice(black_box(token), &mut buffer));
        black_box(&buffer);
    };
    let decode_and_hash = || {
        decode();
        let a1 = black_box(a1.as_bytes());
        (Md5::digest(a1), Sha256::digest(a1), Sha512_256::digest(a1))
    };
    let check = |secret| check_basic(&gate, secret).expect("the right password");
    let refuse = |secret| {
        let refusal = check_basic(&gate, secret).expect_err("the wrong password");
        assert_eq!(refusal.reason(), &Reason::Wrong);
    };
    [
        Row::measure(
            Work::Check,
            "Basic, password",
            vec![
                contender("proxy-auth", || check(Password::new(black_box(LOGIN.password)))),
                contender("base64", decode),
            ],
        ),
        Row::measure(
            Work::Check,
            "Basic, wrong password",
            vec![
                contender("proxy-auth", || refuse(Password::new(black_box(WRONG)))),
                contender("base64", decode),
            ],
        ),
        Row::measure(
            Work::Check,
            "Basic, stored hash",
            vec![
                contender("proxy-auth", || {
                    check_basic(&gate, black_box(&stored)).expect("the right password");
                }),
                contender("base64, and 1 of each hash", decode_and_hash),
            ],
        ),
    ]
}

fn check_basic<S: Secret>(gate: &Gate<&str>, secret: S) -> Result<(), Refusal> {
    let fields = [
        ("Host", "example.com:443"),
        ("Proxy-Authorization", inputs::BASIC_CREDENTIALS),
    ];
    let (request, mut scratch) = (request(), [0; 64]);
    let attempt = gate.read(black_box(&request), black_box(fields), &mut scratch)?;
    let ticket = attempt.check(Some(Account::new(LOGIN.name, secret)), black_box(NOW))?;
    let pass = ticket.redeem(&mut ())?;
    black_box(pass.user());
    Ok(())
}

/// A gate, and answers to its challenge.
struct Exchange {
    gate: Gate<&'static str>,
    answers: Vec<String>,
    next: usize,
    window: ReplayWindow<[Slot; 64]>,
}

impl Exchange {
    fn new(algorithm: Algorithm) -> (Self, Session<256>) {
        let gate = Gate::new(REALM).expect("a realm");
        let gate = gate.with_digest(&DigestOffer::new(KEY, [algorithm]));
        let refusal = gate
            .read(&request(), [("Host", "example.com")], &mut [])
            .expect_err("no credentials");
        let denial = gate.deny(&refusal, NOW, 1);
        let challenge = denial.challenges().next().expect("an offer").to_string();

        let (request, mut session) = (request(), Session::new(Policy::digest_only()));
        let (_, pending) = session
            .authorize(Turn::FIRST, &LOGIN, &request, [7; 16])
            .expect("no challenge");
        let step = session.receive(pending, 407, [("Proxy-Authenticate", challenge.as_str())]);
        assert!(matches!(step, Step::Again(_)));
        let answers = (0..ANSWERS).map(|_| {
            let (authorization, _) = session
                .authorize(Turn::FIRST, &LOGIN, &request, [7; 16])
                .expect("a challenge");
            authorization.expect("a challenge").to_string()
        });
        let answers = answers.collect();
        let window = gate.replay_window([Slot::EMPTY; 64], STARTED);
        let exchange = Self {
            gate,
            answers,
            next: 0,
            window,
        };
        (exchange, session)
    }

    /// Reads, checks and redeems the next answer. The counts of the nonce are used in their order.
    fn check<S: Secret>(&mut self, secret: S) -> Result<(), Refusal> {
        if self.next == ANSWERS {
            self.next = 0;
            self.window = self.gate.replay_window([Slot::EMPTY; 64], STARTED);
        }
        let fields = [
            ("Host", "example.com:443"),
            ("Proxy-Authorization", self.answers[self.next].as_str()),
        ];
        self.next += 1;
        let (request, mut scratch) = (request(), [0; 64]);
        let attempt = self.gate.read(black_box(&request), black_box(fields), &mut scratch)?;
        let ticket = attempt.check(Some(Account::new(LOGIN.name, secret)), black_box(NOW))?;
        let pass = ticket.redeem(&mut self.window)?;
        black_box(pass.user());
        Ok(())
    }
}

/// The names of the lines of an algorithm.
struct Names {
    stored: &'static str,
    password: &'static str,
    wrong: &'static str,
    answer: &'static str,
    two: &'static str,
    three: &'static str,
    four: &'static str,
}

const MD5: Names = Names {
    stored: "Digest MD5, stored hash",
    password: "Digest MD5, password",
    wrong: "Digest MD5, wrong password",
    answer: "Digest MD5, session",
    two: "2 MD5, 1 HMAC",
    three: "3 MD5, 1 HMAC",
    four: "4 MD5",
};

const SHA_256: Names = Names {
    stored: "Digest SHA-256, stored hash",
    password: "Digest SHA-256, password",
    wrong: "Digest SHA-256, wrong password",
    answer: "Digest SHA-256, session",
    two: "2 SHA-256, 1 HMAC",
    three: "3 SHA-256, 1 HMAC",
    four: "4 SHA-256",
};

fn digest<D: Digest>(algorithm: Algorithm) -> [Row; 4] {
    let names = if algorithm == Algorithm::Md5 { MD5 } else { SHA_256 };
    let (mut exchange, mut session) = Exchange::new(algorithm);
    let credentials = Credentials::parse(&*exchange.answers[0]).expect("credentials");
    let credentials = digest::Credentials::read(&credentials).expect("of Digest");
    let (inputs, nonce) = (
        Inputs::new(&credentials, METHOD, LOGIN.password),
        credentials.nonce().to_string(),
    );
    let (mac, stamp) = (NonceMac::new(KEY, REALM, &nonce), stamp_bytes(&nonce));
    let user = Username::new(LOGIN.name).expect("a name");
    let hash = |password| PasswordHash::new(algorithm, DigestLogin::new(user, password), REALM);
    let (stored, wrong) = (hash(LOGIN.password), hash(WRONG));

    let two = || (hash_each::<D, 2>([&inputs.a2, &inputs.proof]), mac.tag(stamp));
    let three = || {
        (
            hash_each::<D, 3>([&inputs.a1, &inputs.a2, &inputs.proof]),
            mac.tag(stamp),
        )
    };
    let with_stored = Row::measure(
        Work::Check,
        names.stored,
        vec![
            contender("proxy-auth", || {
                exchange.check(black_box(&stored)).expect("the right password");
            }),
            contender(names.two, two),
        ],
    );
    let with_password = Row::measure(
        Work::Check,
        names.password,
        vec![
            contender("proxy-auth", || {
                let password = Password::new(black_box(LOGIN.password));
                exchange.check(password).expect("the right password");
            }),
            contender(names.three, three),
        ],
    );
    let with_wrong = Row::measure(
        Work::Check,
        names.wrong,
        vec![
            contender("proxy-auth", || {
                let refusal = exchange.check(black_box(&wrong)).expect_err("the wrong password");
                assert_eq!(refusal.reason(), &Reason::Wrong);
            }),
            contender(names.two, two),
        ],
    );
    [
        with_stored,
        with_password,
        with_wrong,
        answer_again::<D>(&names, &mut session, &inputs),
    ]
}

/// Measures an answer to a challenge that was answered before, with the proof that the response must contain.
fn answer_again<D: Digest>(names: &Names, session: &mut Session<256>, inputs: &Inputs) -> Row {
    let (request, mut buffer) = (request(), [0; 512]);
    let four = [&inputs.a2, &inputs.proof, &inputs.response_a2, &inputs.response_proof].map(Vec::as_slice);
    let contenders = vec![
        contender("proxy-auth", || {
            let (authorization, pending) = session
                .authorize(Turn::FIRST, black_box(&LOGIN), black_box(&request), [7; 16])
                .expect("a challenge");
            let _ = black_box(authorization.expect("a challenge").encode(&mut buffer));
            black_box(&pending);
        }),
        contender(names.four, || hash_each::<D, 4>(four)),
    ];
    Row::measure(Work::AnswerAgain, names.answer, contenders)
}

/// Measures the response to a request without credentials.
fn deny() -> Row {
    let offer = DigestOffer::new(KEY, [Algorithm::Sha256]);
    let gate = Gate::new(REALM).expect("a realm").with_digest(&offer).with_basic();
    let refusal = gate
        .read(&request(), [("Host", "example.com")], &mut [])
        .expect_err("no credentials");
    let nonce = gate.nonce(NOW, 1).expect("an offer of Digest");
    let (mac, stamp) = (NonceMac::new(KEY, REALM, nonce.as_str()), stamp_bytes(nonce.as_str()));
    let message = gate
        .deny(&refusal, NOW, 1)
        .response()
        .encode_string::<512>()
        .expect("room");
    assert!(message.contains(nonce.as_str()));

    let (mut buffer, mut copy) = ([0; 512], [0; 512]);
    let contenders = vec![
        contender("proxy-auth", || {
            let denial = gate.deny(black_box(&refusal), black_box(NOW), 1);
            let written = denial.response().encode(&mut buffer).map(<[u8]>::len);
            black_box(&buffer);
            assert!(written.is_ok());
        }),
        contender("a copy, 1 HMAC", || {
            copy[..message.len()].copy_from_slice(black_box(message.as_bytes()));
            black_box(&copy);
            mac.tag(stamp)
        }),
    ];
    Row::measure(Work::Deny, "407, two challenges", contenders)
}

/// Measures writing as text, against writing to a buffer.
fn display() -> [Row; 4] {
    let challenge = Challenges::new(inputs::digest_challenge()).next().expect("one");
    let challenge = digest::Challenge::read(&challenge.expect("a challenge")).expect("of Digest");
    let credentials = Credentials::parse(inputs::DIGEST_CREDENTIALS).expect("credentials");
    let digest = digest::Credentials::read(&credentials).expect("of Digest");
    let basic = basic::Credentials::new(LOGIN.name, LOGIN.password).expect("a user-id and a password");
    [
        display_of("Digest challenge", &challenge),
        display_of("Digest credentials", &digest),
        display_of("credentials", &credentials),
        display_of("Basic credentials", &basic),
    ]
}

fn display_of<T: Encode + Display>(input: &'static str, value: &T) -> Row {
    let mut text = String::with_capacity(value.encoded_len());
    let mut buffer = vec![0; value.encoded_len()];
    assert_eq!(value.encode(&mut buffer).expect("room"), value.to_string().as_bytes());
    let contenders = vec![
        contender("proxy-auth", || {
            text.clear();
            let _ = write!(text, "{}", black_box(value));
            black_box(&text);
        }),
        contender("`encode`", || {
            let _ = black_box(black_box(value).encode(&mut buffer));
        }),
    ];
    Row::measure(Work::Display, input, contenders)
}
