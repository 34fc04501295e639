//! The public calls whose stack is measured, with values whose results are known.

use core::fmt::Write;
use core::hint::black_box;
use core::time::Duration;

use proxy_auth::digest::{
    Account, Algorithm, Client, Login, Nonces, PasswordHash, ReplayWindow, Request, Slot, Username, Verdict, Verifier,
};
use proxy_auth::{
    AuthenticationInfo, Challenge, ChallengeResponse, Challenges, Credentials, Encode, STRONGEST_FIRST, Scheme, basic,
    bearer, choose, digest, negotiate, private_token, scram,
};

use crate::exchange;
use crate::stack::used_by;

pub const KEY: &[u8; 32] = b"32 bytes from a random source   ";
pub const NOW: Duration = Duration::from_secs(1_445_412_480);
/// The window of used answers is created earlier: nonces of its first moment are stale.
pub const STARTED: Duration = Duration::from_secs(1_445_412_479);

const LIST: &str = concat!(
    r#"Negotiate, Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, "#,
    r#"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", "#,
    r#"Basic realm="Access to internal site", charset="UTF-8""#
);
pub const BASIC: &str = "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==";
/// RFC 7616, section 3.9.1.
const DIGEST: &str = concat!(
    r#"Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256, "#,
    r#"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, "#,
    r#"cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, "#,
    r#"response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", "#,
    r#"opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#
);

/// A writer that only counts bytes.
struct Nowhere(usize);

impl Write for Nowhere {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// Reads to the end, and returns the number of challenges and of errors.
fn read(challenges: Challenges<'_>) -> (usize, usize) {
    let mut read = (0, 0);
    for challenge in challenges {
        match challenge {
            Ok(_) => read.0 += 1,
            Err(_) => read.1 += 1,
        }
    }
    read
}

/// Calls `row` with the name of each call, `true` if its result was right, and the stack that it and its caller's frame
/// took.
pub fn each(mut row: impl FnMut(&str, bool, usize)) {
    // The stack that measuring takes.
    let (_, empty) = used_by(&mut (|| black_box(true)) as &mut dyn FnMut() -> bool);
    let mut call = |name: &str, call: &mut dyn FnMut() -> bool| {
        let (holds, stack) = used_by(call);
        row(name, holds, stack - empty);
    };

    let list = black_box(LIST);
    call("Challenges: a list of three", &mut || {
        read(Challenges::new(list)) == (3, 0)
    });
    call("Challenges, lenient: the same", &mut || {
        read(Challenges::new(list).lenient()) == (3, 0)
    });
    call("Challenges: a list with an error", &mut || {
        read(Challenges::new(black_box("Basic realm=x, NTLM, @"))) == (2, 1)
    });
    call("choose", &mut || {
        choose(Challenges::new(list), &STRONGEST_FIRST).is_ok_and(|choice| choice.chosen().scheme() == Scheme::Digest)
    });
    let error = Challenges::new("@").next().and_then(Result::err).unwrap();
    call("ParseError::snippet, Display", &mut || {
        let mut out = Nowhere(0);
        write!(out, "{}", error.snippet("@")).is_ok() && out.0 == 47
    });

    let basic = Credentials::parse(BASIC).unwrap();
    call("Credentials::parse", &mut || {
        Credentials::parse(black_box(BASIC)).is_ok()
    });
    call("Credentials::parse, of Digest", &mut || {
        Credentials::parse(black_box(DIGEST)).is_ok()
    });
    let info =
        AuthenticationInfo::parse(r#"nextnonce="abc", qop=auth, rspauth="0f", cnonce="x", nc=00000001"#).unwrap();
    call("AuthenticationInfo::parse", &mut || {
        AuthenticationInfo::parse(black_box("nextnonce=abc, qop=auth")).is_ok()
    });

    let (mut buffer, mut out) = ([0; 64], [0; 512]);
    call("basic::Credentials::decode, verify", &mut || {
        basic::Credentials::decode(&basic, &mut buffer).is_ok_and(|read| read.verify("aladdin", "open sesame"))
    });
    let answer = basic::Credentials::new("aladdin", "open sesame").unwrap();
    call("basic::Credentials::encode", &mut || {
        answer.encode(&mut out).is_ok_and(|it| it == BASIC.as_bytes())
    });

    let find = |value: &'static str| Challenges::new(black_box(value)).last().unwrap().unwrap();
    let challenge: Challenge<'_> = find(r#"Basic realm="x", charset="UTF-8""#);
    call("basic::Challenge::read", &mut || {
        basic::Challenge::read(&challenge).is_ok_and(|read| read.is_utf8())
    });
    let challenge = find(r#"Bearer realm="x", scope="a b", error="invalid_token""#);
    call("bearer::Challenge::read", &mut || {
        bearer::Challenge::read(&challenge).is_ok_and(|read| read.scope_tokens().count() == 2)
    });
    let challenge = find("Negotiate abcd");
    call("negotiate::Challenge::read, decode", &mut || {
        let token = negotiate::Challenge::read(&challenge)
            .ok()
            .and_then(|read| read.token());
        token.is_some_and(|token| token.decode(&mut buffer) == Ok(&[0x69, 0xB7, 0x1D]))
    });
    let challenge = find(r#"PrivateToken challenge="abcd", token-key="abcd", max-age=10"#);
    call("private_token::Challenge::read", &mut || {
        private_token::Challenge::read(&challenge).is_ok_and(|read| read.max_age() == Some(Duration::from_secs(10)))
    });
    let challenge = find(r#"SCRAM-SHA-256 realm="x", sid=AAAA, data="abcd""#);
    call("scram::Challenge::read", &mut || {
        scram::Challenge::read(&challenge).is_ok_and(|read| read.data().is_some())
    });

    let challenge = Challenges::new(list).nth(1).unwrap().unwrap();
    call("digest::Challenge::read", &mut || {
        digest::Challenge::read(&challenge).is_ok()
    });
    let challenge = digest::Challenge::read(&challenge).unwrap();
    let generic = Credentials::parse(DIGEST).unwrap();
    call("digest::Credentials::read", &mut || {
        digest::Credentials::read(&generic).is_ok()
    });
    let credentials = digest::Credentials::read(&generic).unwrap();
    call("digest::Info::read", &mut || {
        digest::Info::read(&info).is_ok_and(|read| read.nc() == Some(1))
    });
    let request = Request::new("GET", "/dir/index.html").unwrap();
    let login = Login::new(Username::new("Mufasa").unwrap(), "Circle of Life");
    let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    call("digest::Client::new, answer, encode", &mut || {
        let client = Client::new(&challenge, login, black_box(cnonce));
        client.is_ok_and(|mut client| {
            let answer = client.answer(request);
            answer.credentials().response() == credentials.response() && answer.encode(&mut out).is_ok()
        })
    });
    call("digest::PasswordHash::new, response", &mut || {
        let password = PasswordHash::new(Algorithm::Sha256, login, "http-auth@example.org");
        password.response(&credentials, &request).as_bytes() == credentials.response().raw()
    });
    let verifier = Verifier::new("http-auth@example.org", KEY, Duration::from_secs(300)).unwrap();
    let password = PasswordHash::new(Algorithm::Sha256, login, "http-auth@example.org");
    // Correct except for the nonce, which this verifier did not issue.
    call("digest::Verifier::verify", &mut || {
        let account = Account::new("Mufasa", &password);
        verifier.verify(&credentials, Some(account), &request, black_box(NOW)) == Verdict::Stale
    });
    let nonces = Nonces::new(KEY, "x");
    call("digest::Nonces::issue", &mut || {
        !nonces.issue(black_box(NOW), 2).as_str().is_empty()
    });
    let nonce = verifier.nonce(NOW, 2);
    let own = verifier.challenge(&nonce);
    let mut client = Client::new(&own, login, cnonce).unwrap();
    let answer = client.answer(request);
    let mut window = ReplayWindow::new(&verifier, [Slot::EMPTY; 8], STARTED);
    call("digest::ReplayWindow::admit", &mut || {
        window.admit(&answer.credentials(), NOW) && !window.admit(&answer.credentials(), NOW)
    });

    let challenge = basic::Challenge::new("Access to internal site").unwrap();
    let response = ChallengeResponse::new(&challenge);
    call("ChallengeResponse::encode", &mut || {
        response
            .encode(&mut out)
            .is_ok_and(|it| it.starts_with(b"HTTP/1.1 407 ") && it.ends_with(b"\r\n\r\n"))
    });
    call("ChallengeResponse::encoded_len", &mut || response.encoded_len() > 100);
    exchange::each(&mut call);
}
