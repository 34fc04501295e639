//! Tests that no `Debug` output and no error shows a secret.

#![cfg(test)]

use std::fmt::{Debug, Display};

use proxy_auth::{
    AuthParam, AuthenticationInfo, Challenge, ChallengeResponse, Challenges, Credentials, Encode, FieldLine,
    ParamValue, Params, ParseError, Scheme, SchemeError, Token68, basic, bearer, digest, negotiate, private_token,
    scram, token,
};

/// A secret that must not be shown. It is a token and a token68.
const SECRET: &str = "hunter2";

/// Credentials of Digest with the secret in every possible position.
const DIGEST: &str = "Digest username=hunter2, realm=hunter2, nonce=hunter2, uri=hunter2, cnonce=hunter2, opaque=hunter2, \
                      qop=auth, nc=00000001, response=0123456789abcdef0123456789abcdef, own=hunter2";

/// Checks that neither form of `Debug` shows the secret: as text, as base64, or as a list of bytes.
#[track_caller]
fn hides(value: &(impl Debug + ?Sized)) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        let shown = shown.replace(char::is_whitespace, "");
        assert!(!shown.is_empty());
        for secret in [SECRET, "aHVudGVyM", "104,117,110"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

/// Checks that neither `Display` nor `Debug` of an error shows the secret.
#[track_caller]
fn hides_in_error(error: &(impl Display + Debug)) {
    assert!(!error.to_string().contains(SECRET), "{error}");
    hides(error);
}

#[test]
fn credentials_with_a_token68_show_only_their_scheme() {
    let credentials = Credentials::parse("Bearer hunter2").unwrap();
    assert_eq!(format!("{credentials:?}"), "Credentials(Bearer [redacted])");
    hides(&credentials);
    hides(&credentials.token68());
    assert_eq!(
        format!("{:?}", credentials.token68().unwrap()),
        "Token68([redacted; 7 bytes])"
    );
}

#[test]
fn a_key_without_a_scheme_is_not_shown() {
    let credentials = Credentials::parse("sk-c2VjcmV0").unwrap();
    assert_eq!(format!("{credentials:?}"), "Credentials([redacted])");
}

#[test]
fn credentials_with_parameters_show_names_but_no_values() {
    for value in [
        "Digest username=\"a\", response=\"hunter2\"",
        "Digest username=a,response=hunter2",
    ] {
        let credentials = Credentials::parse(value).unwrap();
        hides(&credentials);
        assert_eq!(
            format!("{:?}", credentials.params()),
            "{\"username\": [redacted], \"response\": [redacted]}"
        );
        hides(&credentials.params().iter());
        hides(&credentials.params().without(&["username"]));
        hides(&credentials.params().once(["response"]).unwrap());

        let value = credentials.param("response").unwrap();
        hides(&value);
        hides(&value.to_quoted());
        hides(&value.unescaped());
        let param = credentials.params().into_iter().last().unwrap();
        hides(&param);
        assert_eq!(param.name(), token!("response"));
        hides(&param.value());
    }
}

#[test]
fn leniently_read_credentials_hide_their_values() {
    let credentials = Credentials::parse_lenient("Digest, response=@hunter2@, a=\"hunter2").unwrap();
    hides(&credentials);
    hides(&credentials.params());
    hides(&credentials.param("response"));
    hides(&credentials.param("a").unwrap().unescaped());
}

#[test]
fn constructed_credentials_hide_their_values() {
    let params = [
        AuthParam::new(token!("a"), ParamValue::quoted(SECRET).unwrap()),
        AuthParam::new(token!("b"), ParamValue::token(SECRET).unwrap()),
    ];
    let credentials = Credentials::from_params(Scheme::Digest, &params);
    hides(&credentials);
    hides(&credentials.params());
    hides(&credentials.param("a"));
    hides(&credentials.param("b"));
    hides(&credentials.params().iter().next());

    let token68 = Token68::new(SECRET).unwrap();
    hides(&token68);
    hides(&Credentials::from_token68(Scheme::Bearer, token68));
}

#[test]
fn credentials_of_basic_show_nothing() {
    let built = basic::Credentials::new(SECRET, SECRET).unwrap();
    assert_eq!(format!("{built:?}"), "Credentials([redacted])");
    hides(&built);

    let value = built.to_string();
    let generic = Credentials::parse(&value).unwrap();
    hides(&generic);
    hides(&generic.token68());
    let mut buffer = [0; 64];
    hides(&basic::Credentials::decode(&generic, &mut buffer).unwrap());
}

#[test]
fn a_challenge_hides_its_token_but_shows_its_parameters() {
    let mut challenges = Challenges::new("Negotiate hunter2, Basic realm=\"a\\\"\n\"");
    hides(&challenges);
    hides(&challenges.next().unwrap().unwrap());

    let challenge = Challenges::new(b"Basic realm=\"a\\\"b\xC3\"").next().unwrap().unwrap();
    let shown = format!("{challenge:?}");
    assert!(
        shown.contains("Basic") && shown.contains(r#""realm": "a\"b\xc3""#),
        "{shown}"
    );
}

#[test]
fn the_values_of_info_are_not_shown() {
    let info = AuthenticationInfo::parse("rspauth=\"hunter2\", nextnonce=hunter2").unwrap();
    assert_eq!(
        format!("{info:?}"),
        r#"AuthenticationInfo({"rspauth": [redacted], "nextnonce": [redacted]})"#
    );
    hides(&info.params());
    hides(&info.params().iter().next().unwrap());
    hides(&info.param("rspauth").unwrap());

    let credentials = Credentials::parse(DIGEST).unwrap();
    let credentials = digest::Credentials::read(&credentials).unwrap();
    let params = [AuthParam::new(token!("a"), ParamValue::quoted(SECRET).unwrap())];
    let built = digest::Info::new()
        .with_rspauth(SECRET, &credentials)
        .and_then(|info| info.with_nextnonce(SECRET))
        .map(|info| info.with_others(Params::new(&params)))
        .unwrap();
    for info in [digest::Info::read(&info).unwrap(), built] {
        hides(&info);
        hides(&info.rspauth().unwrap());
        hides(&info.nextnonce().unwrap());
        hides(&info.cnonce());
        hides(&info.others());
    }
    hides(&AuthenticationInfo::new(&params));
    hides(&AuthenticationInfo::new(&params).params());
}

#[test]
fn the_exchange_of_scram_is_not_shown() {
    let value = "scram-sha-256 sid=hunter2, sr=hunter2, data=\"aHVudGVyMg==\", own=hunter2";
    let generic = Challenges::new(value).next().unwrap().unwrap();
    hides(&generic);
    hides(&generic.params());
    hides(&generic.param("sid").unwrap());
    let built = scram::Challenge::from_message(scram::Hash::Sha256, SECRET, SECRET.as_bytes())
        .and_then(|challenge| challenge.with_sr(SECRET))
        .unwrap();
    for challenge in [scram::Challenge::read(&generic).unwrap(), built] {
        hides(&challenge);
        hides(&challenge.sid().unwrap());
        hides(&challenge.sr().unwrap());
        hides(&challenge.others());
        let params: Vec<_> = challenge.others().iter().collect();
        hides(&params);
    }
    assert_eq!(
        format!("{built:?}"),
        "Challenge { hash: Sha256, ttl: None, stale: false, .. }"
    );

    let sid = ParamValue::quoted(SECRET).unwrap();
    let credentials = scram::Credentials::new(scram::Hash::Sha256, SECRET.as_bytes()).with_sid(sid);
    hides(&credentials.sid().unwrap());

    let value = "sid=hunter2, data=\"aHVudGVyMg==\"";
    let read = AuthenticationInfo::parse(value).unwrap();
    for info in [
        scram::Info::read(&read).unwrap(),
        scram::Info::new(sid, SECRET.as_bytes()),
    ] {
        assert_eq!(format!("{info:?}"), "Info([redacted])");
        hides(&info.sid().unwrap());
        hides(&info.data());
    }
}

#[test]
fn a_field_of_a_response_does_not_show_its_value() {
    let field = FieldLine::new("Set-Cookie", "id=hunter2").unwrap();
    assert_eq!(format!("{field:?}"), "Set-Cookie: [redacted]");
    let challenge = basic::Challenge::new("x").unwrap();
    hides(&ChallengeResponse::new(&challenge).with_lines(&[field]));
}

/// Covers each type that can hold a secret, with the secret in every possible position.
#[test]
fn no_type_shows_a_secret_that_it_holds() {
    let mut buffers = [[0; 64]; 2];
    let [buffer, other_buffer] = &mut buffers;
    let quoted = ParamValue::quoted(SECRET).unwrap();
    let params = [AuthParam::new(token!("a"), quoted)];
    let token68 = Token68::new(SECRET).unwrap();
    let bytes = SECRET.as_bytes();
    let mechanism = negotiate::Mechanism::Negotiate;
    let hash = scram::Hash::Sha1;

    let basic = Credentials::parse("Basic aHVudGVyMjpodW50ZXIy").unwrap();
    let bearer = Credentials::parse("Bearer hunter2").unwrap();
    let digest = Credentials::parse(DIGEST).unwrap();
    let digest_read = digest::Credentials::read(&digest).unwrap();
    let negotiate = Credentials::parse("Negotiate aHVudGVyMg==").unwrap();
    let negotiate_read = negotiate::Credentials::read(&negotiate).unwrap();
    let negotiate_challenge = negotiate::Challenge::from_token(mechanism, bytes).unwrap();
    let token = Credentials::parse("PrivateToken token=\"aHVudGVyMg==\", a=hunter2").unwrap();
    let token_read = private_token::Credentials::read(&token).unwrap();
    let scram = Credentials::parse("SCRAM-SHA-1 data=\"aHVudGVyMg==\", sid=hunter2, a=hunter2").unwrap();
    let scram_read = scram::Credentials::read(&scram).unwrap();
    let info = AuthenticationInfo::parse("rspauth=hunter2").unwrap();
    let field = [FieldLine::new("Set-Cookie", SECRET).unwrap()];
    let challenge = Challenge::from_token68(Scheme::Ntlm, token68);

    let table: &[(&str, &dyn Debug)] = &[
        ("AuthParam", &digest.params().iter().next()),
        ("AuthenticationInfo", &info),
        ("AuthenticationInfo, built", &AuthenticationInfo::new(&params)),
        ("Challenge", &challenge),
        ("Challenges", &Challenges::new("Negotiate hunter2")),
        ("Credentials", &Credentials::from_params(Scheme::Digest, &params)),
        ("Credentials, read", &digest),
        ("Credentials, a key", &Credentials::parse(SECRET).unwrap()),
        ("Credentials, a token68", &bearer),
        ("Data", &negotiate_read.token()),
        ("Data, built", &negotiate_challenge.token()),
        ("Field", &field[0]),
        ("ParamValue", &digest.param("response")),
        ("Params", &digest.params()),
        ("ParamsIter", &digest.params().iter()),
        (
            "ChallengeResponse",
            &ChallengeResponse::new(&challenge)
                .with_lines(&field)
                .with_content(bytes),
        ),
        ("Token68", &token68),
        ("Unescaped", &quoted.unescaped()),
        ("basic::Credentials", &basic::Credentials::new(SECRET, SECRET).unwrap()),
        (
            "basic::Credentials, read",
            &basic::Credentials::decode(&basic, buffer).unwrap(),
        ),
        (
            "basic::Credentials, read leniently",
            &basic::Credentials::decode_lenient(&basic, other_buffer).unwrap(),
        ),
        ("bearer::Credentials", &bearer::Credentials::read(&bearer).unwrap()),
        ("digest::Credentials", &digest_read),
        ("digest::Info", &digest::Info::read(&info).unwrap()),
        ("digest::Username", &digest_read.username()),
        ("digest::Username, built", &digest::Username::new(SECRET).unwrap()),
        ("negotiate::Challenge", &negotiate_challenge),
        ("negotiate::Credentials", &negotiate_read),
        ("private_token::Challenge", &private_token::Challenge::new(bytes)),
        ("private_token::Credentials", &token_read),
        ("private_token::Credentials, others", &token_read.others()),
        (
            "scram::Challenge",
            &scram::Challenge::from_message(hash, SECRET, bytes).unwrap(),
        ),
        ("scram::Credentials", &scram_read),
        ("scram::Credentials, sid", &scram_read.sid()),
        ("scram::Credentials, others", &scram_read.others()),
        ("scram::Info", &scram::Info::new(quoted, bytes)),
    ];
    for (name, value) in table {
        assert!(!format!("{name} {value:?}").contains(SECRET), "{name}");
        hides(value);
    }
}

#[cfg(feature = "digest")]
#[test]
fn no_computing_type_shows_a_secret_that_it_holds() {
    use digest::{Account, Algorithm, Client, Login, Nonces, PasswordHash, Request, Username, Verifier};
    use std::time::Duration;

    let value = "Digest realm=x, nonce=y, qop=auth";
    let challenge = Challenges::new(value).next().unwrap().unwrap();
    let challenge = digest::Challenge::read(&challenge).unwrap();
    let user = Username::new(SECRET).unwrap();
    let mut client = Client::new(&challenge, Login::new(user, SECRET), SECRET).unwrap();
    let answer = client.answer(Request::new("GET", "/").unwrap());
    let password = PasswordHash::new(Algorithm::Md5, Login::new(user, SECRET), "x");
    let rspauth = password.rspauth(&answer.credentials(), b"");
    let key = b"hunter2, in a key of 32 bytes   ";
    let login = proxy_auth::Login {
        name: SECRET,
        password: SECRET,
    };
    let request = Request::new("GET", "/").unwrap();
    let mut session = proxy_auth::Session::<64>::new(proxy_auth::Policy::digest_only());
    let (_, first) = session
        .authorize(proxy_auth::Turn::FIRST, &login, &request, [1; 16])
        .unwrap();
    let _ = session.receive(first, 407, [("Proxy-Authenticate", value)]);
    let (_, pending) = session
        .authorize(proxy_auth::Turn::FIRST, &login, &request, [1; 16])
        .unwrap();
    let session_shown = format!("{session:?} {session:#?}");
    let (authorization, _) = session
        .authorize(proxy_auth::Turn::FIRST, &login, &request, [1; 16])
        .unwrap();
    assert_eq!(format!("{pending:?}"), "Pending(Digest)");
    let table: &[(&str, &dyn Debug)] = &[
        ("Account", &Account::new(SECRET, &password)),
        ("Answer", &answer),
        ("Authorization", &authorization),
        ("Client", &client),
        ("HexHash", &rspauth),
        ("Nonces", &Nonces::new(key, "x")),
        ("PasswordHash", &password),
        ("Pending", &pending),
        (
            "Request",
            &Request::new("POST", "/").unwrap().with_content(SECRET.as_bytes()),
        ),
        ("Session", &format_args!("{session_shown}")),
        ("Verifier", &Verifier::new("x", key, Duration::from_secs(300)).unwrap()),
    ];
    for (name, value) in table {
        let shown = format!("{value:?}");
        assert!(!shown.contains(SECRET) && !shown.contains(rspauth.as_str()), "{name}");
        hides(value);
    }
}

#[test]
fn a_connection_shows_no_token() {
    use proxy_auth::{ConnectionSession, HandshakeStep};

    let mut session = ConnectionSession::new(negotiate::Mechanism::Negotiate);
    let mut scratch = [0; 64];
    let lines = [("Proxy-Authenticate", "Negotiate aHVudGVyMg==")];
    for (status, challenge) in [(407, "Negotiate"), (407, lines[0].1), (200, lines[0].1)] {
        let step = session.receive(status, [(lines[0].0, challenge)], &mut scratch);
        hides(&step);
        match step {
            HandshakeStep::Again(request) => {
                hides(&request);
                hides(&request.answer(SECRET.as_bytes()).unwrap());
            }
            HandshakeStep::Verify(last) => {
                assert_eq!(last.token(), SECRET.as_bytes());
                hides(&last);
            }
            other => panic!("{other:?}"),
        }
        hides(&session);
    }
}

#[test]
fn files_of_users_show_nothing() {
    use proxy_auth::users::Htpasswd;

    let users = Htpasswd::parse("hunter2:hunter2").unwrap();
    assert_eq!(format!("{users:?}"), "Htpasswd([redacted])");
    let entry = users.find_by_name(SECRET).unwrap().unwrap();
    assert_eq!(format!("{entry:?}"), "HtpasswdEntry([redacted])");
    for file in [
        "hunter2",
        "hunter2:\n",
        "hunter2:hunter2\0",
        "hunter2:hunter2\\",
        " hunter2:hunter2",
    ] {
        hides_in_error(&Htpasswd::parse(file).unwrap_err());
    }
    let users = Htpasswd::parse("hunter2:hunter2\nhunter2:hunter2").unwrap();
    hides_in_error(&users.find_by_name(SECRET).unwrap_err());
}

#[cfg(feature = "digest")]
#[test]
fn files_of_htdigest_and_tables_show_nothing() {
    use digest::Algorithm;
    use proxy_auth::users::{Htdigest, Htpasswd, Slot, UserhashTable};

    let file = "hunter2:hunter2:02d80b5ac2ad70718c1e512bdfb9fd1d";
    let users = Htdigest::parse(file, Algorithm::Md5).unwrap();
    assert_eq!(format!("{users:?}"), "Htdigest([redacted])");
    let entry = users.find_by_name(SECRET, SECRET).unwrap().unwrap();
    assert_eq!(format!("{entry:?}"), "HtdigestEntry([redacted])");
    hides_in_error(&Htdigest::parse(file, Algorithm::Sha256).unwrap_err());
    hides_in_error(&Htdigest::parse("hunter2:hunter2", Algorithm::Sha256).unwrap_err());

    let users = Htpasswd::parse("hunter2:hunter2").unwrap();
    let mut slots = [Slot::EMPTY];
    hides(&UserhashTable::from_htpasswd(&users, Algorithm::Md5, SECRET, &mut slots).unwrap());
    assert_eq!(format!("{slots:?}"), "[Slot { .. }]");
    hides_in_error(&UserhashTable::from_htpasswd(&users, Algorithm::Md5, SECRET, &mut []).unwrap_err());
}

#[test]
fn errors_of_reading_do_not_show_the_value() {
    let broken: [Result<_, ParseError>; 8] = [
        Credentials::parse("Bearer hunter2,"),
        Credentials::parse("Bearer hunter2 hunter2"),
        Credentials::parse("Digest a=\"hunter2"),
        Credentials::parse("Digest a=\"hunter2\\"),
        Credentials::parse("Digest a=\"hunter2\n\""),
        Credentials::parse("Digest hunter2@=b"),
        Credentials::parse("@hunter2"),
        Credentials::parse_lenient("Digest a=\"hunter2\" hunter2"),
    ];
    for error in broken.map(Result::unwrap_err) {
        hides_in_error(&error);
    }
    let lines = ["Bearer hunter2", "Bearer hunter2"];
    hides_in_error(&Credentials::from_lines(lines).unwrap_err());
}

#[test]
fn a_pointer_shows_the_value_in_display_but_not_in_debug() {
    let value = "Bearer hunter2,";
    let error = Credentials::parse(value).unwrap_err();
    let pointer = error.snippet(value);
    assert!(pointer.to_string().contains(SECRET));
    hides(&pointer);
}

#[test]
fn errors_of_schemes_do_not_show_the_value() {
    let mut buffer = [0; 64];
    let mut decode = |value: &str| -> SchemeError {
        let credentials = Credentials::parse(value).unwrap();
        basic::Credentials::decode(&credentials, &mut buffer).unwrap_err()
    };
    let errors = [
        decode("Bearer hunter2"),
        decode("Basic a=hunter2"),
        decode("Basic hunter2~"),
        decode("Basic hunter2"),
        decode("Basic aHVudGVyMg=="),             // no colon
        decode("Basic YTpodW50ZXIyAA=="),         // NUL in the password
        decode("Basic aHVudGVyMgA6aHVudGVyMg=="), // NUL in the user-id
    ];
    for error in &errors {
        hides_in_error(error);
    }
    let value = "Digest response=hunter2, response=hunter2";
    hides_in_error(
        &Credentials::parse(value)
            .unwrap()
            .params()
            .once(["response"])
            .unwrap_err(),
    );
    let credentials = Credentials::parse("Basic aHVudGVyMjpodW50ZXIy").unwrap();
    hides_in_error(&basic::Credentials::decode(&credentials, &mut [0; 3]).unwrap_err());
}

#[test]
fn errors_of_constructing_do_not_show_the_text() {
    let bad = "hunter2\r\n";
    hides_in_error(&ParamValue::quoted(bad).unwrap_err());
    hides_in_error(&ParamValue::token(bad).unwrap_err());
    hides_in_error(&Token68::new(bad).unwrap_err());
    hides_in_error(&basic::Credentials::new(bad, "a").unwrap_err());
    hides_in_error(&basic::Credentials::new("a", bad).unwrap_err());
}

#[test]
fn errors_of_writing_do_not_show_the_value() {
    let credentials = basic::Credentials::new(SECRET, SECRET).unwrap();
    hides_in_error(&credentials.encode(&mut [0; 8]).unwrap_err());
    hides_in_error(&credentials.encode_string::<8>().unwrap_err());
    let credentials = Credentials::parse(b"Digest a=\"hunter2\xFF\"").unwrap();
    let value = credentials.param("a").unwrap();
    hides_in_error(&value.copy_to(&mut [0; 3]).unwrap_err());
    hides_in_error(&value.copy_to_string::<3>().unwrap_err());
    hides_in_error(&value.copy_to_string::<64>().unwrap_err());
}

#[test]
fn a_response_does_not_show_its_content() {
    let challenge = basic::Challenge::new("x").unwrap();
    hides(&ChallengeResponse::new(&challenge).with_content(SECRET.as_bytes()));
}

#[test]
fn constructed_digest_credentials_hide_their_values() {
    let username = digest::Username::new("a").unwrap();
    let secret = SECRET.as_bytes();
    let proof = digest::Proof {
        username,
        realm: secret,
        nonce: secret,
        uri: secret,
        response: secret,
    };
    hides(&proof);
    let credentials = digest::Credentials::new(&proof)
        .and_then(|credentials| credentials.with_qop(digest::Qop::Auth, SECRET, 1))
        .map(|credentials| credentials.with_opaque(ParamValue::quoted(SECRET).unwrap()))
        .unwrap();
    hides(&credentials.realm());
    hides(&credentials.nonce());
    hides(&credentials.uri());
    hides(&credentials.response());
    hides(&credentials.cnonce().unwrap());
    hides(&credentials.opaque().unwrap());
}

#[cfg(feature = "digest")]
#[test]
fn a_request_does_not_show_its_content() {
    let request = proxy_auth::digest::Request::new("POST", "/a").unwrap();
    hides(&request.with_content(SECRET.as_bytes()));
}

#[test]
fn a_gate_does_not_show_credentials() {
    use proxy_auth::{Account, Gate, Password, Request, Verified};
    use std::time::Duration;

    let gate = Gate::new("apps").unwrap().with_basic().with_bearer();
    let gate = gate.with_challenge(Challenge::new(Scheme::new("Own").unwrap()));
    let request = Request::new("GET", "http://example.com/").unwrap();
    hides(&gate);
    hides(&Account::new(SECRET, Password::new(SECRET)));
    hides(&Password::new(SECRET));
    // The name and the password are the secret.
    for value in ["Basic aHVudGVyMjpodW50ZXIy", "Bearer hunter2", "Own hunter2"] {
        let fields = [("Proxy-Authorization", value)];
        let mut scratch = [0; 64];
        let attempt = gate.read(&request, fields, &mut scratch).unwrap();
        hides(&attempt);
        hides(&attempt.claim());
        let ticket = attempt
            .check(Some(Account::new(SECRET, Verified)), Duration::ZERO)
            .unwrap();
        hides(&ticket);
        hides(&ticket.redeem(&mut ()).unwrap());
    }
    let mut refusals = Vec::new();
    for value in [
        "Basic hunter2",
        "Basic aHVudGVyMg==",
        "Bearer hunter2,",
        "Own hunter2 hunter2",
        "hunter2",
    ] {
        refusals.extend(
            gate.read(&request, [("Proxy-Authorization", value)], &mut [0; 64])
                .map(drop)
                .err(),
        );
    }
    refusals.extend(
        gate.read(
            &request,
            [("Proxy-Authorization", "Basic aHVudGVyMjpodW50ZXIy")],
            &mut [0; 3],
        )
        .map(drop)
        .err(),
    );
    assert_eq!(refusals.len(), 6);
    for refusal in &refusals {
        hides_in_error(refusal);
        hides_in_error(refusal.reason());
        let denial = gate.deny(refusal, Duration::ZERO, 1);
        hides(&denial);
        denial.challenges().for_each(|challenge| hides(&challenge));
    }
}

#[test]
fn a_gate_for_a_connection_does_not_show_tokens() {
    use proxy_auth::{ConnectionGate, ConnectionStep, Gate, Request};

    let gate = Gate::new("apps")
        .unwrap()
        .with_negotiate(negotiate::Mechanism::Negotiate);
    let request = Request::new("GET", "http://example.com/").unwrap();
    let mut connection = ConnectionGate::<&str>::new();
    let mut scratch = [0; 64];
    let fields = [("Proxy-Authorization", "Negotiate aHVudGVyMg==")];
    let step = connection.read(&gate, &request, fields, &mut scratch).unwrap();
    hides(&step);
    let ConnectionStep::Token(round) = step else { panic!() };
    hides(&round);
    let continuation = round.proceed(SECRET.as_bytes()).unwrap();
    hides(&continuation);
    hides(&continuation.challenge());
    let ConnectionStep::Token(round) = connection.read(&gate, &request, fields, &mut scratch).unwrap() else {
        panic!()
    };
    hides(&round.accept(SECRET));
    hides(&connection);
    let step = connection.read(&gate, &request, [("Host", "x")], &mut scratch).unwrap();
    assert!(matches!(step, ConnectionStep::Pass(_)));
    hides(&step);
}

#[cfg(feature = "digest")]
#[test]
fn an_exchange_of_digest_does_not_show_secrets() {
    use digest::{Algorithm, Slot};
    use proxy_auth::{
        Account, DigestOffer, Gate, Login, NonceUse, Password, Policy, ReplayStore, Request, Session, Step, Turn,
    };
    use std::time::Duration;

    struct Shown(bool);

    impl ReplayStore for Shown {
        fn admit(&mut self, nonce_use: &NonceUse) -> bool {
            hides(nonce_use);
            self.0
        }
    }

    // The secret is the start of the key, the name and the password.
    let mut key = [0; 32];
    key[..SECRET.len()].copy_from_slice(SECRET.as_bytes());
    let offer = DigestOffer::new(&key, [Algorithm::Sha256])
        .with_previous_key(&key)
        .with_userhash();
    hides(&offer);
    let gate = Gate::new("apps").unwrap().with_digest(&offer);
    hides(&gate);
    let login = Login {
        name: SECRET,
        password: SECRET,
    };
    hides(&login);
    let request = Request::new("GET", "http://example.com/").unwrap();
    let refusal = gate.read(&request, [("Host", "x")], &mut []).unwrap_err();
    let denial = gate.deny(&refusal, Duration::ZERO, 1);
    hides(&denial);
    let challenge = denial.challenges().next().unwrap();
    hides(&challenge);

    let mut session = Session::<512>::new(Policy::digest_only());
    let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
    hides(&pending);
    let fields = [("Proxy-Authenticate", challenge.to_string())];
    let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
    assert!(matches!(session.receive(pending, 407, fields), Step::Again(_)));
    let (authorization, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
    let authorization = authorization.unwrap();
    hides(&authorization);
    let answer = authorization.to_string();
    hides(&pending);
    hides(&session);

    let fields = [("Proxy-Authorization", answer.as_str())];
    let hides_response = |value: &dyn Debug| {
        let (_, response) = answer.split_once("response=\"").unwrap();
        assert!(!format!("{value:?}").contains(&response[..16]));
        hides(value);
    };
    for is_new in [true, false] {
        let mut scratch = [0; 128];
        let attempt = gate.read(&request, fields, &mut scratch).unwrap();
        hides_response(&attempt);
        hides_response(&attempt.claim());
        let account = Account::new(SECRET, Password::new(SECRET));
        let ticket = attempt.check(Some(account), Duration::ZERO).unwrap();
        hides_response(&ticket);
        match ticket.redeem(&mut Shown(is_new)) {
            Ok(pass) => {
                hides_response(&pass);
                assert_eq!(format!("{:?}", pass.info().unwrap()), "Confirmation([redacted])");
            }
            Err(refusal) => hides_in_error(&refusal),
        }
    }
    hides(&gate.replay_window([Slot::EMPTY; 8], Duration::ZERO));
}
