//! Reading and writing Proxy-Authorization, with Basic and Digest. For Basic, `base64` alone is a lower bound.

use std::hint::black_box;
use std::iter;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use digest_auth::{AuthContext, AuthorizationHeader, WwwAuthenticateHeader};
use headers::authorization::{Basic, Credentials as _};
use headers::{Authorization, Header, HeaderValue};
use parse_net::AuthPayload;
use parse_net::auth::parse_credentials;
use proxy_auth::{Challenges, Credentials, Encode, basic, digest};

use crate::inputs;
use crate::measure::contender;
use crate::reading::LIMITS;
use crate::row::{Row, Work};

const BASIC: &str = "Basic credentials";
const DIGEST: &str = "Digest credentials";

const USER: &str = "Aladdin";
const PASSWORD: &str = "open sesame";
const METHOD: &str = "GET";
const TARGET: &str = "/dir/index.html";
const CNONCE: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        read_basic(),
        decode_basic(),
        write_basic(),
        read_digest_params(),
        read_digest(),
        answer_digest(),
    ]
}

/// Measures reading a field value, up to the user-id and the password.
fn read_basic() -> Row {
    let value = inputs::BASIC_CREDENTIALS;
    let token = value.trim_start_matches("Basic ");
    let field = HeaderValue::from_static(value);

    let headers = |field| Authorization::<Basic>::decode(&mut iter::once(field)).expect("of Basic");
    // It takes only a String, so creating one is part of the work.
    let http_auth_basic = |value: &str| http_auth_basic::Credentials::from_header(value.to_owned()).expect("of Basic");

    // It checks the base64, but does not decode it, so decoding is added.
    let parse_net = |value: &str, buffer: &mut [u8]| {
        let token = parse_net::basic(value.as_bytes())
            .expect("credentials")
            .expect("of Basic");
        STANDARD.decode_slice(token, buffer).expect("base64")
    };

    let (by_headers, by_http_auth_basic) = (headers(&field), http_auth_basic(value));
    let (mut buffer, mut base64_buffer, mut parse_net_buffer) = ([0; 64], [0; 64], [0; 64]);
    let by_parse_net = parse_net(value, &mut parse_net_buffer);
    let len = STANDARD.decode_slice(token, &mut base64_buffer).expect("base64");
    let ours = Credentials::parse(value).expect("credentials");
    assert!(
        basic::Credentials::decode(&ours, &mut buffer)
            .expect("of Basic")
            .verify(USER, PASSWORD)
    );
    assert_eq!((by_headers.username(), by_headers.password()), (USER, PASSWORD));
    assert_eq!(
        (&*by_http_auth_basic.user_id, &*by_http_auth_basic.password),
        (USER, PASSWORD)
    );
    assert_eq!(base64_buffer[..len], buffer[..len]);
    assert_eq!(parse_net_buffer[..by_parse_net], buffer[..len]);

    let contenders = vec![
        contender("proxy-auth", || {
            let credentials = Credentials::parse(black_box(value)).expect("credentials");
            let _ = black_box(basic::Credentials::decode(&credentials, &mut buffer));
        }),
        contender("parse-net", || {
            black_box(parse_net(black_box(value), &mut parse_net_buffer));
            black_box(&parse_net_buffer);
        }),
        contender("headers", || headers(black_box(&field))),
        contender("http-auth-basic", || http_auth_basic(black_box(value))),
        contender("base64", || {
            let _ = black_box(STANDARD.decode_slice(black_box(token), &mut base64_buffer));
            black_box(&base64_buffer);
        }),
    ];
    Row::measure(Work::ReadCredentials, BASIC, contenders)
}

/// Measures decoding a token68 to the user-id and the password.
fn decode_basic() -> Row {
    let value = inputs::BASIC_CREDENTIALS;
    let token = value.trim_start_matches("Basic ");
    let credentials = Credentials::parse(value).expect("credentials");
    let (mut buffer, mut base64_buffer) = ([0; 64], [0; 64]);
    let contenders = vec![
        contender("proxy-auth", || {
            let _ = black_box(basic::Credentials::decode(black_box(&credentials), &mut buffer));
        }),
        contender("base64", || {
            let _ = black_box(STANDARD.decode_slice(black_box(token), &mut base64_buffer));
            black_box(&base64_buffer);
        }),
    ];
    Row::measure(Work::Decode, BASIC, contenders)
}

/// Measures writing the field value of a user-id and a password.
fn write_basic() -> Row {
    let headers = |user, password| Authorization::basic(user, password).0.encode();
    let http_auth_basic = |user, password| http_auth_basic::Credentials::new(user, password).as_http_header();

    let (mut buffer, mut base64_buffer) = ([0; 64], [0; 64]);
    let user_pass = format!("{USER}:{PASSWORD}");
    let ours = basic::Credentials::new(USER, PASSWORD)
        .expect("a user-id and a password")
        .to_string();
    assert_eq!(http_auth::basic::encode_credentials(USER, PASSWORD), ours);
    assert_eq!(headers(USER, PASSWORD), ours);
    assert_eq!(http_auth_basic(USER, PASSWORD), ours);

    let contenders = vec![
        contender("proxy-auth", || {
            let credentials = basic::Credentials::new(black_box(USER), black_box(PASSWORD));
            let _ = black_box(credentials.expect("a user-id and a password").encode(&mut buffer));
        }),
        contender("http-auth", || {
            http_auth::basic::encode_credentials(black_box(USER), black_box(PASSWORD))
        }),
        contender("headers", || headers(black_box(USER), black_box(PASSWORD))),
        contender("http-auth-basic", || {
            http_auth_basic(black_box(USER), black_box(PASSWORD))
        }),
        contender("base64", || {
            let _ = black_box(STANDARD.encode_slice(black_box(&user_pass), &mut base64_buffer));
            black_box(&base64_buffer);
        }),
    ];
    Row::measure(Work::WriteCredentials, BASIC, contenders)
}

/// Measures reading a field value with ten parameters, without the meaning of their names.
fn read_digest_params() -> Row {
    let value = inputs::DIGEST_CREDENTIALS;
    let ours = Credentials::parse(value).expect("credentials");
    let theirs = parse_credentials(value.as_bytes(), &LIMITS).expect("credentials");
    let AuthPayload::Params(theirs) = theirs.payload() else {
        panic!("no parameters");
    };
    assert_eq!(ours.params().iter().count(), theirs.len());
    for (ours, (name, value)) in ours.params().iter().zip(theirs.iter()) {
        assert_eq!(ours.name().to_str().as_bytes(), name);
        assert!(value.eq_bytes(ours.value().raw()));
    }

    let contenders = vec![
        contender("proxy-auth", || {
            let credentials = Credentials::parse(black_box(value)).expect("credentials");
            for param in &credentials.params() {
                black_box(&param);
            }
        }),
        contender("parse-net", || {
            let credentials = parse_credentials(black_box(value.as_bytes()), &LIMITS).expect("credentials");
            if let AuthPayload::Params(params) = credentials.payload() {
                for param in params.iter() {
                    black_box(&param);
                }
            }
        }),
    ];
    Row::measure(Work::ReadParams, DIGEST, contenders)
}

/// Measures reading a field value with ten parameters.
fn read_digest() -> Row {
    let value = inputs::DIGEST_CREDENTIALS;
    let ours = digest_credentials(value);
    let theirs = AuthorizationHeader::parse(value).expect("of Digest");
    assert_eq!(ours.username(), *theirs.username);
    assert_eq!(ours.realm(), *theirs.realm);
    assert_eq!(ours.nonce(), *theirs.nonce);
    assert_eq!(ours.uri(), *theirs.uri);
    assert_eq!(ours.response(), *theirs.response);
    assert_eq!(ours.opaque().expect("opaque"), *theirs.opaque.expect("opaque"));
    assert_eq!(ours.cnonce().expect("cnonce"), *theirs.cnonce.expect("cnonce"));
    assert_eq!(ours.nc(), Some(theirs.nc));
    assert_eq!(
        (ours.qop(), theirs.qop),
        (Some(digest::Qop::Auth), Some(digest_auth::Qop::AUTH))
    );
    assert_eq!(ours.algorithm().to_string(), theirs.algorithm.to_string());

    let contenders = vec![
        contender("proxy-auth", || digest_credentials(black_box(value))),
        contender("digest_auth", || AuthorizationHeader::parse(black_box(value))),
    ];
    Row::measure(Work::ReadCredentials, DIGEST, contenders)
}

fn digest_credentials(value: &str) -> digest::Credentials<'_> {
    let credentials = Credentials::parse(value).expect("credentials");
    digest::Credentials::read(&credentials).expect("of Digest")
}

/// Measures answering a value of Proxy-Authenticate.
fn answer_digest() -> Row {
    let value = inputs::digest_challenge();

    let mut buffer = [0; 1024];
    let len = proxy_auth_answers(value, &mut buffer);
    let ours = String::from_utf8(buffer[..len].to_vec()).expect("UTF-8");
    assert_eq!(proof(&digest_auth_answers(value)), proof(&ours));
    // Its cnonce is random.
    let http_auth = http_auth_answers(value);
    assert_eq!(proof(&http_auth), expected_proof(&http_auth));

    let contenders = vec![
        contender("proxy-auth", || proxy_auth_answers(black_box(value), &mut buffer)),
        contender("http-auth", || http_auth_answers(black_box(value))),
        contender("digest_auth", || digest_auth_answers(black_box(value))),
    ];
    Row::measure(Work::Answer, "Digest challenge", contenders)
}

fn proxy_auth_answers(value: &str, buffer: &mut [u8]) -> usize {
    let challenge = Challenges::new(value)
        .next()
        .expect("a challenge")
        .expect("a challenge");
    let challenge = digest::Challenge::read(&challenge).expect("of Digest");
    let request = digest::Request::new(METHOD, TARGET).expect("a request");
    let mut client = digest::Client::new(
        &challenge,
        digest::Login::new(digest::Username::new(USER).unwrap(), PASSWORD),
        CNONCE,
    )
    .expect("a cnonce");
    client.answer(request).encode(buffer).expect("room").len()
}

fn http_auth_answers(value: &str) -> String {
    let challenges = http_auth::parse_challenges(value).expect("a challenge");
    let mut client = http_auth::DigestClient::try_from(&challenges[0]).expect("of Digest");
    let params = http_auth::PasswordParams {
        username: USER,
        password: PASSWORD,
        uri: TARGET,
        method: METHOD,
        body: None,
    };
    client.respond(&params).expect("an answer")
}

fn digest_auth_answers(value: &str) -> String {
    let mut challenge = WwwAuthenticateHeader::parse(value).expect("of Digest");
    let mut context = AuthContext::new(USER, PASSWORD, TARGET);
    context.set_custom_cnonce(CNONCE);
    challenge.respond(&context).expect("an answer").to_header_string()
}

/// Returns the parameter `response` of an answer.
fn proof(answer: &str) -> String {
    digest_credentials(answer).response().to_string()
}

/// Computes the parameter `response` that an answer should contain, for the cnonce in it.
fn expected_proof(answer: &str) -> String {
    let credentials = digest_credentials(answer);
    let user = digest::Username::new(USER).unwrap();
    let stored = digest::PasswordHash::new(
        credentials.algorithm(),
        digest::Login::new(user, PASSWORD),
        &credentials.realm().to_string(),
    );
    let request = digest::Request::new(METHOD, TARGET).expect("a request");
    stored.response(&credentials, &request).as_str().to_owned()
}
