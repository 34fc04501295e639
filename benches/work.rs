//! The benchmarks: each public way of reading, writing and computing, with its inputs.

use std::fmt::{Display, Write};
use std::hint::black_box;
use std::time::Duration;

use proxy_auth::{
    AuthenticationInfo, ChallengeResponse, Challenges, Credentials, Encode, STRONGEST_FIRST, basic, bearer, choose,
    digest, negotiate, private_token, scram,
};

use crate::exchange;
use crate::inputs::{self, Input};

/// Measures work, given its name, the name of its input, and the work itself.
pub(crate) type Measure<'m> = &'m mut dyn FnMut(&str, &str, &mut dyn FnMut());

/// Passes each benchmark to `measure`.
pub(crate) fn each(measure: Measure<'_>) {
    for input in inputs::challenges() {
        read(measure, &input);
    }
    challenges_of_schemes(measure);
    credentials_of_schemes(measure);
    basic_credentials(measure);
    response(measure);
    for algorithm in [
        digest::Algorithm::Md5,
        digest::Algorithm::Sha256,
        digest::Algorithm::Sha512_256,
    ] {
        digest_proofs(measure, algorithm);
    }
    exchange::each(measure);
}

fn read(measure: Measure<'_>, input: &Input) {
    let value = input.value.as_str();
    measure("read", input.name, &mut || {
        for challenge in Challenges::new(black_box(value)) {
            black_box(&challenge);
        }
    });
    measure("read, with each parameter", input.name, &mut || {
        for challenge in Challenges::new(black_box(value)).flatten() {
            for param in &challenge.params() {
                black_box(&param);
            }
        }
    });
    measure("choose", input.name, &mut || {
        let _ = black_box(choose(Challenges::new(black_box(value)), &STRONGEST_FIRST));
    });
}

/// Measures reading a field value as a type, and writing it to a buffer and as text.
fn read_and_write<'a, T: Encode + Display>(
    measure: Measure<'_>,
    name: &str,
    value: &'a str,
    read: impl Fn(&'a str) -> T,
) {
    let it = read(value);
    let mut buffer = vec![0; it.encoded_len()];
    let mut text = String::with_capacity(it.encoded_len());
    measure("read as a type", name, &mut || {
        black_box(read(black_box(value)));
    });
    measure("encode", name, &mut || {
        let _ = black_box(black_box(&it).encode(&mut buffer));
    });
    measure("display", name, &mut || {
        text.clear();
        let _ = write!(text, "{}", black_box(&it));
        black_box(&text);
    });
}

fn challenges_of_schemes(measure: Measure<'_>) {
    let challenge = |value| Challenges::new(value).next().expect("one").expect("a challenge");
    read_and_write(measure, "a challenge", inputs::ONE_BASIC, challenge);
    read_and_write(measure, "Basic challenge", inputs::ONE_BASIC, |value| {
        basic::Challenge::read(&challenge(value)).expect("of Basic")
    });
    // RFC 6750, section 3.
    let value = r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#;
    read_and_write(measure, "Bearer challenge", value, |value| {
        bearer::Challenge::read(&challenge(value)).expect("of Bearer")
    });
    read_and_write(measure, "Digest challenge", inputs::digest_challenge(), |value| {
        digest::Challenge::read(&challenge(value)).expect("of Digest")
    });
    // RFC 4559, section 5.
    let value = "Negotiate oYGgMIGdoAMKAQChCwYJKoZIgvcSAQICooGIBIGFYIGCBgkqhkiG9xIB";
    read_and_write(measure, "Negotiate challenge", value, |value| {
        negotiate::Challenge::read(&challenge(value)).expect("of Negotiate")
    });
    // RFC 7804, section 5.
    let value =
        r#"SCRAM-SHA-256 realm="testrealm@example.com", sid=AAAABBBBCCCCDDDD, data="cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVo""#;
    read_and_write(measure, "SCRAM challenge", value, |value| {
        scram::Challenge::read(&challenge(value)).expect("of SCRAM")
    });
    let value = r#"PrivateToken challenge="Y2hhbGxlbmdl", token-key="a2V5", max-age=60"#;
    read_and_write(measure, "PrivateToken challenge", value, |value| {
        private_token::Challenge::read(&challenge(value)).expect("of PrivateToken")
    });
}

fn credentials_of_schemes(measure: Measure<'_>) {
    let credentials = |value| Credentials::parse(value).expect("credentials");
    read_and_write(measure, "credentials", inputs::DIGEST_CREDENTIALS, credentials);
    read_and_write(measure, "Bearer credentials", "Bearer mF_9.B5f-4.1JqM", |value| {
        bearer::Credentials::read(&credentials(value)).expect("of Bearer")
    });
    read_and_write(measure, "Digest credentials", inputs::DIGEST_CREDENTIALS, |value| {
        digest::Credentials::read(&credentials(value)).expect("of Digest")
    });
    let value = "Negotiate YIIGhgYGKwYBBQUCoIIGejCCBnagJDAiBgkqhkiC9xIBAgIGCSqGSIb3EgEC";
    read_and_write(measure, "Negotiate credentials", value, |value| {
        negotiate::Credentials::read(&credentials(value)).expect("of Negotiate")
    });
    let value = r#"SCRAM-SHA-256 realm="testrealm@example.com", data="biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=""#;
    read_and_write(measure, "SCRAM credentials", value, |value| {
        scram::Credentials::read(&credentials(value)).expect("of SCRAM")
    });
    read_and_write(
        measure,
        "PrivateToken credentials",
        r#"PrivateToken token="__4=""#,
        |value| private_token::Credentials::read(&credentials(value)).expect("of PrivateToken"),
    );

    let info = |value| AuthenticationInfo::parse(value).expect("parameters");
    let value = r#"nextnonce="5TsQWLVdgBdmrQ0XsxbDODV", qop=auth, rspauth="6629fae49393a05397450978507c4ef1", cnonce="0a4f113b", nc=00000001"#;
    read_and_write(measure, "information", value, info);
    read_and_write(measure, "Digest information", value, |value| {
        digest::Info::read(&info(value)).expect("of Digest")
    });
    read_and_write(
        measure,
        "SCRAM information",
        "sid=AAAABBBBCCCCDDDD, data=\"dj0=\"",
        |value| scram::Info::read(&info(value)).expect("of SCRAM"),
    );
}

fn basic_credentials(measure: Measure<'_>) {
    let (user, password, mut buffer) = ("Aladdin", "open sesame", [0; 64]);
    measure("decode", "Basic credentials", &mut || {
        let credentials = Credentials::parse(black_box(inputs::BASIC_CREDENTIALS)).expect("credentials");
        let _ = black_box(basic::Credentials::decode(&credentials, &mut buffer));
    });
    measure("decode and verify", "Basic credentials", &mut || {
        let credentials = Credentials::parse(black_box(inputs::BASIC_CREDENTIALS)).expect("credentials");
        let credentials = basic::Credentials::decode(&credentials, &mut buffer).expect("of Basic");
        assert!(credentials.verify(black_box(user), black_box(password)));
    });
    let credentials = basic::Credentials::new(user, password).expect("user-id and password");
    measure("encode", "Basic credentials", &mut || {
        let _ = black_box(black_box(&credentials).encode(&mut buffer));
    });
    let mut text = String::with_capacity(64);
    measure("display", "Basic credentials", &mut || {
        text.clear();
        let _ = write!(text, "{}", black_box(&credentials));
        black_box(&text);
    });
}

fn response(measure: Measure<'_>) {
    let mut buffer = [0; 512];
    measure("construct and encode", "407", &mut || {
        let challenge = basic::Challenge::new(black_box("Access to internal site"))
            .expect("a realm")
            .with_utf8();
        let response = ChallengeResponse::new(&challenge).with_date("Wed, 21 Oct 2015 07:28:00 GMT");
        let _ = black_box(
            response
                .expect("a date")
                .with_content(b"Who are you?\n")
                .encode(&mut buffer),
        );
    });
}

/// Measures a client's answer to a proxy, and the proxy's verdict.
fn digest_proofs(measure: Measure<'_>, algorithm: digest::Algorithm) {
    const NOW: Duration = Duration::from_secs(1_445_412_480);
    let name = algorithm.token().to_str();
    let user = digest::Username::new("Mufasa").unwrap();
    let verifier =
        digest::Verifier::new("apps", b"32 bytes from a random source   ", Duration::from_secs(300)).expect("a realm");
    let verifier = verifier.with_algorithm(algorithm);
    let nonce = verifier.nonce(NOW, 1);
    let challenge = verifier.challenge(&nonce);
    let request = digest::Request::new("GET", "http://example.com/a").expect("a request");
    let new_client = || {
        digest::Client::new(
            black_box(&challenge),
            digest::Login::new(user, "Circle of Life"),
            "0a4f113b",
        )
        .expect("a cnonce")
    };

    measure("issue a nonce", name, &mut || {
        black_box(verifier.nonce(black_box(NOW), 1));
    });
    let mut buffer = [0; 512];
    measure("make a client, answer and encode", name, &mut || {
        let _ = black_box(new_client().answer(black_box(request)).encode(&mut buffer));
    });
    let mut client = new_client();
    measure("answer again and encode", name, &mut || {
        let _ = black_box(client.answer(black_box(request)).encode(&mut buffer));
    });
    let stored = digest::PasswordHash::new(algorithm, digest::Login::new(user, "Circle of Life"), "apps");
    let answer = new_client().answer(request);
    measure("verify", name, &mut || {
        let account = Some(digest::Account::new("Mufasa", &stored));
        let verdict = verifier.verify(black_box(&answer.credentials()), account, &request, NOW);
        assert_eq!(verdict, digest::Verdict::Accepted);
    });
}
