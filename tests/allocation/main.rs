//! Tests that no public call allocates.

#![cfg(test)]

mod counting;

use std::fmt::{Debug, Display, Write};
use std::hint::black_box;

use counting::count;
use proxy_auth::{
    AuthParam, AuthenticationInfo, Challenge, ChallengeResponse, Challenges, Credentials, Encode, EncodeChallenge,
    FieldLine, FieldName, ParamValue, Params, STRONGEST_FIRST, Scheme, StatusCode, Token, Token68, basic, bearer,
    choose, digest, negotiate, private_token, scram, token,
};

/// Writes `value` in every way.
fn write(value: &(impl Encode + Display + Debug)) {
    let mut buffer = [0; 1024];
    assert_eq!(value.encode(&mut buffer).unwrap().len(), value.encoded_len());
    assert!(value.encode(&mut buffer[..1]).is_err() || value.encoded_len() < 2);
    let _ = black_box(value.encode_string::<1024>());
    let _ = black_box(value.encode_string::<1>());
    show(value);
}

/// Formats `value` with `Display` and `Debug`.
fn show(value: &(impl Display + Debug)) {
    let mut text = heapless::String::<4096>::new();
    write!(text, "{value} {value:?} {value:#?}").unwrap();
    black_box(&text);
}

/// Reads all names and values in every way.
fn read_params(params: Params<'_>) {
    let mut buffer = [0; 256];
    for param in &params {
        let value = param.value();
        black_box((
            value.raw(),
            value.to_str(),
            value.len(),
            value.offset(),
            value.eq_ignore_ascii_case("x"),
        ));
        black_box(value.unescaped().count());
        let _ = black_box(value.copy_to(&mut buffer));
        let _ = black_box(value.copy_to(&mut []));
        let _ = black_box(value.copy_to_string::<256>());
        let _ = black_box(value.copy_to_string::<1>());
        write(&param);
        show(&value.to_quoted());
    }
    black_box(params.get("realm") == params.get("REALM"));
    let _ = black_box(params.once(["realm", "charset"]));
    write(&params.without(&["realm"]));
}

#[test]
fn the_counter_counts_allocations() {
    assert_eq!(count(|| drop(black_box(vec![1, 2, 3]))), 1);
    assert!(count(|| drop(black_box("x".repeat(100) + "y"))) > 1);
    assert_eq!(count(|| ()), 0);
}

#[test]
fn reading_does_not_allocate() {
    let lines: [&[u8]; 7] = [
        b"Negotiate, NTLM abc=, Basic realm=\"a \\\"b\\\" \xE9\", charset=\"UTF-8\", REALM=c, d=\"\"",
        b"Digest realm=\"a\" nonce=\"b\", opaque=\"c\", Basic, realm=x@y, qop=",
        b"Basic realm=\"x",
        b"Basic realm=\"x\n\", Basic realm=\"\\\0\"",
        b"@, A\tb, =, a b c, ,",
        b"Negotiate abc, d=e",
        b"Digest a=b, c=\"d\\",
    ];
    let read = || {
        for list in [Challenges::from_lines(lines), Challenges::from_lines(lines).lenient()] {
            for item in list {
                match item {
                    Ok(challenge) => {
                        assert_eq!(challenge, challenge);
                        black_box((challenge.scheme(), challenge.token68(), challenge.realm().is_some()));
                        read_params(challenge.params());
                        write(&challenge);
                    }
                    Err(error) => show(&error),
                }
            }
        }
        for line in lines {
            for list in [Challenges::new(line), Challenges::new(line).lenient()] {
                for error in list.filter_map(Result::err) {
                    black_box((error.kind(), error.offset(), error.line(), error.skipped()));
                    show(&error.snippet(line));
                }
            }
            for credentials in [Credentials::parse(line), Credentials::parse_lenient(line)] {
                match credentials {
                    Ok(credentials) => {
                        read_params(credentials.params());
                        write(&credentials);
                    }
                    Err(error) => show(&error),
                }
            }
            for info in [AuthenticationInfo::parse(line), AuthenticationInfo::parse_lenient(line)] {
                match info {
                    Ok(info) => {
                        read_params(info.params());
                        write(&info);
                    }
                    Err(error) => show(&error),
                }
            }
        }
        assert!(Credentials::from_lines(lines).is_err());
        read_params(AuthenticationInfo::parse("a=b, c = \"\\d\"").unwrap().params());
    };
    assert_eq!(count(read), 0);
}

#[test]
fn reading_a_long_value_does_not_allocate() {
    let value = "Digest a=\"\\\"b\", c=d,,, Negotiate abc==, ".repeat(1000);
    let read = || {
        let list = Challenges::new(&value).map(|item| item.unwrap().params().iter().count());
        assert_eq!(list.sum::<usize>(), 2000);
    };
    assert_eq!(count(read), 0);
}

#[test]
fn constructing_and_writing_do_not_allocate() {
    let construct = || {
        let params = [
            AuthParam::new(token!("realm"), ParamValue::quoted("a\"b\\c\t\u{e9}").unwrap()),
            AuthParam::new(Token::new("type").unwrap(), ParamValue::token("1").unwrap()),
        ];
        let token68 = Token68::new("abc=").unwrap();
        let scheme = Scheme::new("X-Own").unwrap();
        write(&Challenge::new(scheme));
        write(&Challenge::from_token68(scheme, token68));
        write(&Challenge::from_params(scheme, &params));
        write(&Credentials::from_token68(Scheme::Bearer, token68));
        write(&Credentials::from_params(Scheme::Digest, &params));
        write(&AuthenticationInfo::new(&params));
        read_params(Params::new(&params));

        show(&ParamValue::quoted("a\n").unwrap_err());
        show(&ParamValue::token("").unwrap_err());
        show(&Token::new("a b").unwrap_err());
        show(&Token68::new("a=b").unwrap_err());
        show(&Scheme::new("").unwrap_err());
        show(&Challenge::new(scheme).encode(&mut []).unwrap_err());
        show(&Challenge::new(scheme).encode_string::<1>().unwrap_err());
    };
    assert_eq!(count(construct), 0);
}

#[test]
fn basic_does_not_allocate() {
    let basic = || {
        let challenge = basic::Challenge::new("a\"b").unwrap().with_utf8();
        write(&challenge);
        for value in [
            "Basic realm=\"x\", charset=UTF-8, a=b",
            "Basic",
            "Digest",
            "Basic realm=x, realm=y",
        ] {
            match basic::Challenge::read(&Challenges::new(value).next().unwrap().unwrap()) {
                Ok(challenge) => {
                    write(&challenge);
                    read_params(challenge.others());
                    write(&challenge.with_others(challenge.others()));
                }
                Err(error) => show(&error),
            }
        }

        write(&basic::Credentials::new("aladdin", "open sesame").unwrap());
        show(&basic::Credentials::new("a:", "b").unwrap_err());
        show(&basic::Credentials::new("a", "b\0").unwrap_err());
        let mut buffer = [0; 64];
        for value in [
            "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            "Basic YTp",
            "Basic YWI=",
            "Basic AA==",
            "Basic a=b",
            "A",
        ] {
            let generic = Credentials::parse(value).unwrap();
            match basic::Credentials::decode(&generic, &mut buffer) {
                Ok(credentials) => {
                    assert!(credentials.verify("aladdin", "open sesame"));
                    assert!(!credentials.verify("aladdin", "open"));
                    black_box((credentials.user_id_str().is_ok(), credentials.password()));
                    write(&credentials);
                }
                Err(error) => show(&error),
            }
            show(&basic::Credentials::decode(&generic, &mut []).unwrap_err());
        }
    };
    assert_eq!(count(basic), 0);
}

#[test]
fn writing_a_response_does_not_allocate() {
    let respond = || {
        let basic = basic::Challenge::new("Access to internal site").unwrap();
        let negotiate = Challenge::new(Scheme::Negotiate);
        let more: [&dyn EncodeChallenge; 1] = [&basic];
        let fields = [FieldLine::new("Content-Type", "text/plain").unwrap()];
        let response = ChallengeResponse::new(&negotiate)
            .with_more_challenges(&more)
            .with_date("Wed, 21 Oct 2015 07:28:00 GMT")
            .unwrap()
            .with_lines(&fields)
            .with_content(b"Who are you?\n")
            .with_close();
        let mut buffer = [0; 512];
        for response in [
            response,
            response.with_keep_alive().with_content_until_close(),
            response.without_content(),
        ] {
            assert_eq!(response.encode(&mut buffer).unwrap().len(), response.encoded_len());
            assert!(response.encode(&mut []).is_err());
            let _ = black_box(response.encode_string::<512>());
            let mut text = heapless::String::<1024>::new();
            write!(text, "{response:?} {response:#?}").unwrap();
            black_box(&text);
        }
        show(&StatusCode::PROXY_AUTHENTICATION_REQUIRED);
        show(&FieldName::PROXY_AUTHENTICATE);
        assert!(FieldName::PROXY_AUTHENTICATE.is("proxy-authenticate"));
        show(&FieldLine::new("Date", "x").unwrap_err());
        show(&response.with_date("\n").err().unwrap());
    };
    assert_eq!(count(respond), 0);
}

#[test]
fn schemes_and_choose_do_not_allocate() {
    let value = concat!(
        "Bearer realm=t, scope=\"a b\", error=invalid_token, Negotiate YWJj, NTLM, ",
        "SCRAM-SHA-256 realm=r, sid=s, sr=n, ttl=7, data=YWJj, PrivateToken challenge=YWJj, token-key=YQ, max-age=7, ",
        "Digest realm=\"d\\\"\", nonce=n, qop=\"auth, auth-int\", algorithm=SHA-256, domain=\"/a /b\", x=y, Digest a b",
    );
    let answers = [
        "Bearer YWJj",
        "NTLM YWJj",
        "SCRAM-SHA-1 sid=s, data=YWJj",
        "PrivateToken token=\"YWI=\"",
        "Digest username*=UTF-8''%C3%A4, realm=r, nonce=n, uri=\"/\", response=8ca523f5e9506fed4657c9700eebdbec, qop=auth, \
         cnonce=c, nc=00000001",
    ];
    let info = "nextnonce=n, rspauth=r, sid=s, data=YWJj";
    let count = count(|| {
        let mut buffer = [0; 64];
        for challenge in Challenges::new(value).flatten() {
            let _ = bearer::Challenge::read(&challenge).map(|challenge| {
                black_box(challenge.scope_tokens().count());
                write(&challenge);
            });
            let _ = negotiate::Challenge::read(&challenge).map(|challenge| {
                let _ = black_box(challenge.token().map(|token| token.decode(&mut buffer).is_ok()));
                write(&challenge);
            });
            let _ = scram::Challenge::read(&challenge).map(|challenge| write(&challenge));
            let _ = private_token::Challenge::read(&challenge).map(|challenge| write(&challenge));
            let _ = digest::Challenge::read(&challenge).map(|challenge| {
                black_box(challenge.domain_uris().count());
                write(&challenge);
            });
        }
        for answer in answers {
            let credentials = Credentials::parse(answer).unwrap();
            let _ = bearer::Credentials::read(&credentials).map(|credentials| write(&credentials));
            let _ = negotiate::Credentials::read(&credentials).map(|credentials| write(&credentials));
            let _ = scram::Credentials::read(&credentials).map(|credentials| write(&credentials));
            let _ = private_token::Credentials::read(&credentials).map(|credentials| write(&credentials));
            let _ = digest::Credentials::read(&credentials).map(|credentials| {
                black_box(credentials.username().bytes().count());
                write(&credentials);
            });
        }
        let info = AuthenticationInfo::parse(info).unwrap();
        write(&digest::Info::read(&info).unwrap());
        write(&scram::Info::read(&info).unwrap());
        let _ = black_box(choose(Challenges::new(value), &STRONGEST_FIRST));
        show(&choose(Challenges::new(value), &[]).unwrap_err());
    });
    assert_eq!(count, 0);
}

#[test]
fn reading_users_does_not_allocate() {
    use proxy_auth::users::Htpasswd;

    let count = count(|| {
        let users = Htpasswd::parse("# staff\r\n\r\naladdin:open sesame\r\na:b\nc:d\nc:e").unwrap();
        let entry = users.find_by_name("aladdin").unwrap().unwrap();
        black_box((entry.name(), entry.secret(), entry.line(), users.entries().count()));
        show(&users.find_by_name("c").unwrap_err());
        show(&Htpasswd::parse("a").unwrap_err());
    });
    assert_eq!(count, 0);
}

#[cfg(feature = "digest")]
#[test]
fn looking_users_up_does_not_allocate() {
    use digest::Algorithm;
    use proxy_auth::users::{Htdigest, Htpasswd, Slot, UserhashTable};

    let count = count(|| {
        let users = Htpasswd::parse("c:d\naladdin:open sesame\na:b").unwrap();
        let mut slots = [Slot::EMPTY; 4];
        let table = UserhashTable::from_htpasswd(&users, Algorithm::Sha256, "apps", &mut slots).unwrap();
        let entry = table.find_by_name("aladdin").unwrap();
        black_box(entry.to_password_hash(Algorithm::Sha256, "apps"));
        assert!(table.find_by_userhash("0").is_none());
        show(&UserhashTable::from_htpasswd(&users, Algorithm::Sha256, "apps", &mut []).unwrap_err());

        let file = "aladdin:apps:02d80b5ac2ad70718c1e512bdfb9fd1d";
        let users = Htdigest::parse(file, Algorithm::Md5).unwrap();
        black_box(
            users
                .find_by_name("aladdin", "apps")
                .unwrap()
                .unwrap()
                .to_password_hash(),
        );
        show(&Htdigest::parse(file, Algorithm::Sha256).unwrap_err());
    });
    assert_eq!(count, 0);
}

#[cfg(feature = "digest")]
#[test]
fn computing_digest_does_not_allocate() {
    use digest::{Account, Client, Login, PasswordHash, ReplayWindow, Request, Slot, Username, Verdict, Verifier};
    use std::time::Duration;

    let count = count(|| {
        let now = Duration::from_secs(7);
        let verifier = Verifier::new("apps", &[7; 32], Duration::from_secs(300)).unwrap();
        let nonce = verifier.nonce(now, 1);
        let challenge = verifier.challenge(&nonce).with_userhash();
        let request = Request::new("GET", "http://example.com/a")
            .unwrap()
            .with_content(b"content");
        let mut client = Client::new(
            &challenge,
            Login::new(Username::new("user").unwrap(), "password"),
            "cnonce",
        )
        .unwrap();
        let answer = client.answer(request);
        write(&answer);
        let stored = PasswordHash::new(
            challenge.algorithm(),
            Login::new(Username::new("user").unwrap(), "password"),
            "apps",
        );
        let credentials = answer.credentials();
        let verdict = |account| verifier.verify(&credentials, account, &request, now);
        assert_eq!(verdict(Some(Account::new("user", &stored))), Verdict::Accepted);
        assert_eq!(verdict(None), Verdict::Wrong);
        assert!(ReplayWindow::new(&verifier, [Slot::EMPTY; 4], Duration::ZERO).admit(&credentials, now));
        let rspauth = stored.rspauth(&credentials, b"");
        let info = digest::Info::new()
            .with_rspauth(rspauth.as_bytes(), &credentials)
            .unwrap();
        assert!(client.verify(&answer, &info, b""));
    });
    assert_eq!(count, 0);
}

#[test]
fn sessions_of_a_connection_do_not_allocate() {
    use proxy_auth::{ConnectionSession, GiveUp, HandshakeStep};

    let count = count(|| {
        let mut session = ConnectionSession::new(negotiate::Mechanism::Ntlm);
        let mut scratch = [0; 8];
        for (status, value) in [
            (407, "Basic"),
            (407, "NTLM"),
            (407, "NTLM YWJj"),
            (200, "NTLM YWJj"),
            (407, "NTLM"),
        ] {
            let lines = [("Proxy-Authenticate", value)];
            match session.receive(status, lines, &mut scratch) {
                HandshakeStep::Again(request) => write(&request.answer(b"token").unwrap()),
                HandshakeStep::Verify(last) => last.accept(),
                HandshakeStep::Done => {}
                HandshakeStep::GiveUp(reason) => show(&reason),
            }
        }
        let lines = [("Proxy-Authenticate", "NTLM YWJj"), ("Connection", "close")];
        let HandshakeStep::GiveUp(reason) = session.receive(407, lines, &mut scratch) else {
            panic!()
        };
        assert_eq!(reason, GiveUp::ConnectionCloses);
        show(&reason);
    });
    assert_eq!(count, 0);
}

#[cfg(feature = "digest")]
#[test]
fn sessions_do_not_allocate() {
    use proxy_auth::{Login, Policy, Request, Session, Step, Turn};

    let digest =
        "Digest realm=\"a \\\"b\\\"\", nonce=n, opaque=o, qop=auth, algorithm=SHA-256, userhash=true, charset=UTF-8";
    let login = Login {
        name: "J\u{E4}s\u{F8}n",
        password: "password",
    };
    let count = count(|| {
        for challenge in [digest, "Basic realm=b"] {
            let request = Request::new("GET", "http://example.com/a").unwrap();
            let mut session = Session::<64>::new(Policy::digest_or_basic());
            let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
            let fields = [("Proxy-Authenticate", challenge), ("Connection", "close")];
            assert!(matches!(session.receive(pending, 407, fields), Step::NewConnection(_)));
            let (authorization, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
            write(&authorization.unwrap());
            let info = [("Proxy-Authentication-Info", "nextnonce=m")];
            assert_eq!(session.receive(pending, 200, info), Step::Done { proved: false });
            session.forget_login();
            let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
            let Step::GiveUp(reason) = session.receive(pending, 407, fields) else {
                panic!()
            };
            show(&reason);
        }
    });
    assert_eq!(count, 0);
}

/// Writes every challenge of the response to a refusal, and the whole response.
fn deny(gate: &proxy_auth::Gate<&str>, refusal: &proxy_auth::Refusal) {
    let mut buffer = [0; 1024];
    let denial = gate.deny(refusal, std::time::Duration::from_secs(7), 1);
    denial.challenges().for_each(|challenge| write(&challenge));
    assert!(denial.response().encode(&mut buffer).is_ok());
    black_box((denial.status(), denial.name(), refusal.is_guess()));
    let mut text = heapless::String::<4096>::new();
    write!(text, "{denial:?} {refusal} {refusal:?} {gate:?}").unwrap();
    black_box(&text);
}

#[test]
fn a_gate_with_basic_and_bearer_does_not_allocate() {
    use proxy_auth::{Account, Gate, Password, Request, Verified};
    use std::time::Duration;

    let count = count(|| {
        let gate = Gate::new("a \"b\"").unwrap().with_basic().with_bearer();
        let request = Request::new("CONNECT", "example.com:443").unwrap();
        let pass = |value, password| {
            let mut scratch = [0; 64];
            let attempt = gate.read(&request, [("Proxy-Authorization", value)], &mut scratch)?;
            black_box((attempt.claim(), attempt.name(), attempt.password()));
            let ticket = match attempt.scheme() {
                Scheme::Bearer => attempt.check(Some(Account::new("b", Verified)), Duration::ZERO),
                _ => attempt.check(Some(Account::new("aladdin", Password::new(password))), Duration::ZERO),
            };
            ticket?.redeem(&mut ()).map(|pass| assert!(!pass.user().is_empty()))
        };
        assert_eq!(pass("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==", "open sesame"), Ok(()));
        assert_eq!(pass("Bearer abc", ""), Ok(()));
        for value in [
            "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            "Basic @",
            "Bearer a=b",
            "Digest a=b",
        ] {
            deny(&gate, &pass(value, "wrong").unwrap_err());
        }
    });
    assert_eq!(count, 0);
}

#[cfg(feature = "digest")]
#[test]
fn a_gate_with_digest_does_not_allocate() {
    use digest::{Algorithm, PasswordHash, Slot};
    use proxy_auth::{Account, DigestOffer, Gate, Login, Password, Policy, Reason, Request, Session, Step};
    use std::time::Duration;

    let login = Login {
        name: "J\u{E4}s\u{F8}n",
        password: "password",
    };
    let count = count(|| {
        let now = Duration::from_secs(7);
        for algorithm in [Algorithm::Md5, Algorithm::Sha256, Algorithm::Sha512_256Sess] {
            let offer = DigestOffer::new(&[7; 32], [algorithm]).with_userhash();
            let gate = Gate::new("apps").unwrap().with_digest(&offer).with_basic();
            let mut window = gate.replay_window([Slot::EMPTY; 16], Duration::ZERO);
            let request = Request::new("GET", "http://example.com/a").unwrap();
            let refusal = gate.read(&request, [("Host", "example.com")], &mut []).unwrap_err();
            deny(&gate, &refusal);
            let mut buffer = [0; 1024];
            let denial = gate.deny(&refusal, now, 1);
            let challenge = denial.challenges().next().unwrap();
            let challenge = challenge.encode(&mut buffer).unwrap();

            let mut session = Session::<128>::new(Policy::digest_only());
            let (_, pending) = session
                .authorize(proxy_auth::Turn::FIRST, &login, &request, [7; 16])
                .unwrap();
            let fields = [("Proxy-Authenticate", challenge)];
            assert!(matches!(session.receive(pending, 407, fields), Step::Again(_)));
            let (authorization, pending) = session
                .authorize(proxy_auth::Turn::FIRST, &login, &request, [7; 16])
                .unwrap();
            let mut buffer = [0; 1024];
            let answer = authorization.unwrap().encode(&mut buffer).unwrap();
            let answer = [("Proxy-Authorization", answer)];

            let mut scratch = [0; 64];
            let attempt = gate.read(&request, answer, &mut scratch).unwrap();
            let ticket = attempt.check(Some(Account::new(login.name, Password::new(login.password))), now);
            let pass = ticket.unwrap().redeem(&mut window).unwrap();
            let nonce = gate.nonce(now, 2).unwrap();
            let info = pass.info().unwrap().with_nextnonce(&nonce);
            write(&info);
            let mut buffer = [0; 1024];
            let info = [("Proxy-Authentication-Info", info.encode(&mut buffer).unwrap())];
            assert_eq!(session.receive(pending, 200, info), Step::Done { proved: true });

            let stored = PasswordHash::new(
                algorithm,
                digest::Login::new(digest::Username::new(login.name).unwrap(), login.password),
                "apps",
            );
            let mut refuse = |account: Option<Account<'_, &PasswordHash>>, reason| {
                let mut scratch = [0; 64];
                let attempt = gate.read(&request, answer, &mut scratch).unwrap();
                let refusal = match attempt.check(account, now) {
                    Ok(ticket) => ticket.redeem(&mut window).unwrap_err(),
                    Err(refusal) => refusal,
                };
                assert_eq!(refusal.reason(), &reason);
                deny(&gate, &refusal);
            };
            refuse(Some(Account::new(login.name, &stored)), Reason::Replayed);
            refuse(Some(Account::new("other", &stored)), Reason::OtherUser);
            refuse(None, Reason::UnknownUser);
        }
    });
    assert_eq!(count, 0);
}

#[test]
fn a_gate_for_a_connection_does_not_allocate() {
    use negotiate::Mechanism;
    use proxy_auth::{ConnectionGate, ConnectionStep, Gate, Refusal, Request};

    fn answer(connection: &mut ConnectionGate<&str>, gate: &Gate<&str>, value: Option<&str>) -> Result<bool, Refusal> {
        let fields = [("Host", "x"), ("Proxy-Authorization", value.unwrap_or_default())];
        let fields = fields.into_iter().take(1 + usize::from(value.is_some()));
        let request = Request::new("CONNECT", "example.com:443").unwrap();
        let mut scratch = [0; 64];
        match connection.read(gate, &request, fields, &mut scratch)? {
            ConnectionStep::Pass(pass) => Ok(!pass.user().is_empty()),
            ConnectionStep::Token(round) if round.token() == b"1" => {
                let mut buffer = [0; 512];
                let continuation = round.proceed(b"2")?;
                assert!(continuation.response().encode(&mut buffer).is_ok());
                write(&continuation.challenge());
                Ok(false)
            }
            ConnectionStep::Token(round) if round.token() == b"3" => Ok(!round.accept("aladdin").user().is_empty()),
            ConnectionStep::Token(round) => Err(round.refuse()),
            ConnectionStep::Attempt(_) => Ok(false),
        }
    }

    let count = count(|| {
        let gate = Gate::new("apps")
            .unwrap()
            .with_negotiate(Mechanism::Negotiate)
            .with_basic();
        let mut connection = ConnectionGate::new();
        deny(&gate, &answer(&mut connection, &gate, None).unwrap_err());
        assert_eq!(answer(&mut connection, &gate, Some("Negotiate MQ==")), Ok(false));
        assert_eq!(answer(&mut connection, &gate, Some("Negotiate Mw==")), Ok(true));
        assert_eq!(answer(&mut connection, &gate, None), Ok(true));
        assert_eq!(
            answer(&mut connection, &gate, Some("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")),
            Ok(false)
        );
        deny(
            &gate,
            &answer(&mut connection, &gate, Some("Negotiate NA==")).unwrap_err(),
        );
    });
    assert_eq!(count, 0);
}
