//! Bytes that would end a field line, in everything that is copied from one message to another.

use proxy_auth::digest::{self, Algorithm, Client, Username};
use proxy_auth::{
    Account, AuthenticationInfo, ChallengeResponse, Challenges, DigestOffer, FieldLine, Gate, Login, Password, Policy,
    Request, Session, Step, Turn, basic, bearer,
};

use super::server::{KEY, NOW, answer, gate, offer, window};

const ENDS: [&str; 6] = ["\r\n", "\n", "\r", "\0", "\u{7f}", "\u{b}"];
const LOGIN: Login<'static> = Login {
    name: "aladdin",
    password: "open sesame",
};

fn request() -> Request<'static> {
    Request::new("GET", "http://a.example/").unwrap()
}

/// Returns the credentials of the next request.
fn written(session: &mut Session<256>) -> (String, proxy_auth::Pending) {
    let (authorization, pending) = session.authorize(Turn::FIRST, &LOGIN, &request(), [1; 16]).unwrap();
    (
        authorization.map(|value| value.to_string()).unwrap_or_default(),
        pending,
    )
}

/// A challenge with such bytes is not answered, or its answer does not contain them.
#[test]
fn a_challenge_cannot_add_lines_to_the_request() {
    let mut answered = 0;
    for end in ENDS {
        for challenge in [
            format!("Digest realm=\"a{end}X: y\", nonce=\"n\", qop=\"auth\""),
            format!("Digest realm=\"a\\{end}X: y\", nonce=\"n\", qop=\"auth\""),
            format!("Digest realm=a{end}X: y, nonce=\"n\", qop=\"auth\""),
            format!("Digest realm=\"a\", nonce=\"n{end}X: y\", qop=\"auth\""),
            format!("Digest realm=\"a\", nonce=n{end}X, qop=\"auth\""),
            format!("Digest realm=\"a\", nonce=\"n\", opaque=\"o{end}X: y\", qop=\"auth\""),
            format!("Digest realm=\"a\", nonce=\"n\", opaque=o{end}X: y, qop=\"auth\""),
            format!("Digest realm=\"a\", nonce=\"n\", qop=\"auth\", opaque=\"o{end}X: y"),
            "Digest realm=\"a\", nonce=\"n\", qop=\"auth\"".to_owned(),
        ] {
            let policy = Policy::digest_or_basic().with_rfc2069().with_downgrade();
            let mut session = Session::<256>::new(policy);
            let (_, pending) = written(&mut session);
            let _ = session.receive(pending, 407, [("Proxy-Authenticate", &challenge)]);
            let (value, pending) = written(&mut session);
            assert!(!value.chars().any(char::is_control), "{challenge:?}: {value:?}");
            answered += usize::from(!value.is_empty());
            let info = format!("nextnonce=\"m{end}X: y\"");
            let step = session.receive(pending, 200, [("Proxy-Authentication-Info", &info)]);
            assert_eq!(step, Step::Done { proved: false });
            let (value, _) = written(&mut session);
            assert!(!value.chars().any(char::is_control), "{info:?}: {value:?}");
        }
    }
    assert!(answered >= ENDS.len(), "the undamaged challenge is answered");
}

/// Credentials with such bytes are refused, and the refusal repeats no part of them.
#[test]
fn credentials_cannot_add_lines_to_the_response() {
    let gate = gate(&offer());
    let value = answer(&gate, &request(), "aladdin", &gate.nonce(NOW, 1).unwrap());
    for end in ENDS {
        for (from, to) in [
            ("cnonce=\"0a4f113b\"", format!("cnonce=\"0a4f{end}X: y\"")),
            ("cnonce=\"0a4f113b\"", format!("cnonce=\"0a4f\\{end}X: y\"")),
            ("cnonce=\"0a4f113b\"", format!("cnonce=0a4f{end}X")),
            ("username=\"aladdin\"", format!("username=\"a{end}X: y\"")),
        ] {
            let hostile = value.replace(from, &to);
            assert_ne!(hostile, value);
            let mut scratch = [0; 512];
            let refusal = gate.read(&request(), [("Proxy-Authorization", &hostile)], &mut scratch);
            let refusal = refusal.unwrap_err();
            let denial = gate.deny(&refusal, NOW, 1);
            let message = denial.response().encode_string::<1024>().unwrap();
            assert!(!message.contains("X: y"), "{message}");
            assert!(!refusal.to_string().chars().any(char::is_control), "{refusal}");
        }
    }
}

/// The client's nonce is repeated with its escapes.
#[test]
fn the_confirmation_keeps_the_quotes_of_the_clients_nonce() {
    let gate = gate(&offer());
    let refusal = gate.read(&request(), [("Host", "a")], &mut []).unwrap_err();
    let challenge = gate.deny(&refusal, NOW, 1).challenges().next().unwrap().to_string();
    let challenge = Challenges::new(&challenge).next().unwrap().unwrap();
    let challenge = digest::Challenge::read(&challenge).unwrap();
    let login = digest::Login::new(Username::new("aladdin").unwrap(), "open sesame");
    let cnonce = "c\", nextnonce=\"evil\\";
    let value = Client::new(&challenge, login, cnonce)
        .unwrap()
        .answer(request())
        .to_string();
    let (request, mut scratch) = (request(), [0; 64]);
    let attempt = gate
        .read(&request, [("Proxy-Authorization", &value)], &mut scratch)
        .unwrap();
    let account = Some(Account::new("aladdin", Password::new("open sesame")));
    let ticket = attempt.check(account, NOW).unwrap();
    let pass = ticket.redeem(&mut window(&gate, 8, NOW)).unwrap();
    let info = pass.info().unwrap().to_string();
    let info = AuthenticationInfo::parse(&info).unwrap();
    let info = digest::Info::read(&info).unwrap();
    assert!(info.nextnonce().is_none());
    assert_eq!(info.cnonce().unwrap(), cnonce);
}

/// What the caller gives is refused, too.
#[test]
fn the_caller_cannot_add_lines_to_a_message() {
    for end in ENDS {
        let text = format!("a{end}X: y");
        assert!(Gate::new(text.as_str()).is_err());
        assert!(Request::new("GET", &text).is_err());
        assert!(FieldLine::new("X", &text).is_err() && FieldLine::new(&text, "x").is_err());
        assert!(basic::Challenge::new(&text).is_err());
        assert!(bearer::Challenge::new("a").unwrap().with_scope(&text).is_err());
        let challenge = basic::Challenge::new("a").unwrap();
        assert!(ChallengeResponse::new(&challenge).with_date(&text).is_err());
        let digest = DigestOffer::new(&KEY, [Algorithm::Md5]);
        let gate = Gate::new("a").unwrap().with_digest(&digest).with_bearer();
        let refusal = gate.read(&request(), [("Host", "a")], &mut []).unwrap_err();
        assert!(gate.deny(&refusal, NOW, 1).with_scope(&text).is_err());
        for login in [
            Login { name: &text, ..LOGIN },
            Login {
                password: &text,
                ..LOGIN
            },
        ] {
            let mut session = Session::<256>::new(Policy::basic_only());
            let (_, pending) = session.authorize(Turn::FIRST, &login, &request(), [1; 16]).unwrap();
            let _ = session.receive(pending, 407, [("Proxy-Authenticate", "Basic realm=a")]);
            assert!(session.authorize(Turn::FIRST, &login, &request(), [1; 16]).is_err());
        }
    }
}
