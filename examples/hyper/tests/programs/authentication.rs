//! Tests which requests may pass.

use std::path::PathBuf;

use proxy_auth::digest::{self, Algorithm, Request, Username};
use proxy_auth::{AuthenticationInfo, Candidate, Challenges, Chosen, Scheme, basic, choose};

use crate::wire::{PASSWORD, Proxy, USER, basic_credentials, origin, server, values};

/// Returns the challenges of a 407, in order: the algorithms of Digest, and the other schemes.
fn offered(refusal: &str) -> Vec<String> {
    let challenges = Challenges::from_lines(values(refusal, "Proxy-Authenticate"));
    let offered = challenges.map(|challenge| {
        let challenge = challenge.unwrap();
        match digest::Challenge::read(&challenge) {
            Ok(digest) => digest.algorithm().to_string(),
            Err(_) => challenge.scheme().to_string(),
        }
    });
    offered.collect()
}

#[test]
fn a_wrong_password_is_refused() {
    for (options, schemes) in [
        (&["--offer=basic"][..], &["Basic"][..]),
        (&["--offer=sha-256"], &["SHA-256"]),
        (&["--offer=sha-512-256"], &["SHA-512-256"]),
        (&["--offer=md5,sha-256"], &["MD5", "SHA-256"]),
        (&["--offer=basic,md5"], &["Basic", "MD5"]),
        (&[], &["SHA-256", "MD5", "Basic"]),
    ] {
        let proxy = Proxy::start(options);
        let (origin, received) = origin();
        for (method, target) in [("GET", format!("http://{origin}/")), ("CONNECT", origin.to_string())] {
            let answer = proxy.answer(&format!(
                "{method} {target} HTTP/1.1\r\nHost: {origin}\r\nProxy-Authorization: {}\r\nConnection: close\r\n\r\n",
                basic_credentials("open barley")
            ));
            assert!(
                answer.starts_with("HTTP/1.1 407 Proxy Authentication Required\r\n"),
                "{answer}"
            );
            assert!(answer.ends_with("\r\n\r\n"), "{answer}");
            assert_eq!(values(&answer, "Content-Length"), ["0"]);
            assert_eq!(values(&answer, "Connection"), ["close"]);
            assert_eq!(offered(&answer), schemes);
        }
        assert!(received.try_recv().is_err(), "it reached the origin server");
    }
}

#[test]
fn a_refusal_leaves_the_connection_open() {
    let proxy = Proxy::start(&[]);
    let (origin, _received) = origin();
    let request = format!("GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\n");
    let credentials = basic_credentials(PASSWORD);
    let answers = proxy.answer(&format!(
        "{request}\r\n{request}Proxy-Authorization: {credentials}\r\nConnection: close\r\n\r\n"
    ));
    let (refusal, answer) = answers.split_once("\r\n\r\n").unwrap();
    assert!(
        refusal.starts_with("HTTP/1.1 407 ") && !refusal.contains("\r\nConnection:"),
        "{refusal}"
    );
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn two_lines_of_credentials_are_refused() {
    let proxy = Proxy::start(&["--offer=basic"]);
    let (origin, received) = origin();
    let right = basic_credentials(PASSWORD);
    for other in [&right, &basic_credentials("open barley")] {
        for lines in [[&right, other], [other, &right]] {
            let [first, second] = lines;
            let answer = proxy.answer(&format!(
                "GET http://{origin}/ HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\n\
                 Proxy-Authorization: {first}\r\nProxy-Authorization: {second}\r\n\r\n"
            ));
            assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
        }
    }
    assert!(received.try_recv().is_err(), "it reached the origin server");
}

/// Returns the strongest challenge of Digest in a 407.
fn challenge(refusal: &str) -> digest::Challenge<'_> {
    chosen(refusal, Candidate::Scheme(Scheme::Digest))
}

fn chosen<'a>(refusal: &'a str, candidate: Candidate<'_>) -> digest::Challenge<'a> {
    let lines = values(refusal, "Proxy-Authenticate");
    let choice = choose(Challenges::from_lines(lines), &[candidate]);
    match choice.map(|choice| choice.chosen()) {
        Ok(Chosen::Digest(challenge)) => challenge,
        _ => panic!("{refusal}"),
    }
}

fn client<'a>(challenge: &digest::Challenge<'a>, user: &'a str, password: &'a str) -> digest::Client<'a> {
    let login = digest::Login::new(Username::new(user).unwrap(), password);
    digest::Client::new(challenge, login, "0a4f113b").unwrap()
}

#[test]
fn an_answer_is_valid_for_one_request() {
    let proxy = Proxy::start(&["--offer=sha-256"]);
    let (origin, _received) = origin();
    let target = format!("http://{origin}/");
    let fields = format!("Host: {origin}\r\nConnection: close\r\n");

    let refusal = proxy.answer(&format!("GET {target} HTTP/1.1\r\n{fields}\r\n"));
    let challenge = challenge(&refusal);
    assert!(!challenge.is_stale());
    let mut client = client(&challenge, USER, PASSWORD);
    let answer = client.answer(Request::new("GET", &target).unwrap());
    let fields = format!("{fields}Proxy-Authorization: {answer}\r\n\r\n");

    // The answer is not valid for another request.
    for request in [format!("HEAD {target}"), format!("GET {target}other")] {
        let refusal = proxy.answer(&format!("{request} HTTP/1.1\r\n{fields}"));
        assert!(
            refusal.starts_with("HTTP/1.1 407 ") && !refusal.contains("stale"),
            "{refusal}"
        );
    }
    // The proxy proves that it also knows the password.
    let request = format!("GET {target} HTTP/1.1\r\n{fields}");
    let accepted = proxy.answer(&request);
    assert!(accepted.starts_with("HTTP/1.1 200 "), "{accepted}");
    let info = values(&accepted, "Proxy-Authentication-Info")[0];
    let info = AuthenticationInfo::parse(info).unwrap();
    assert!(client.verify(&answer, &digest::Info::read(&info).unwrap(), b"hello\n"));

    // The same answer again is stale. So is an answer to a nonce of another proxy.
    for proxy in [proxy, Proxy::start(&["--offer=sha-256"])] {
        let refusal = proxy.answer(&request);
        assert!(
            refusal.starts_with("HTTP/1.1 407 ") && self::challenge(&refusal).is_stale(),
            "{refusal}"
        );
    }
}

#[test]
fn a_replayed_answer_is_stale_and_its_client_can_answer_again() {
    let proxy = Proxy::start(&[]);
    let (origin, received) = server([(); 2].map(|()| "HTTP/1.1 204 No\r\n\r\n".into()));
    let target = format!("http://{origin}/");
    let request = format!("GET {target} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\n");
    let send = |answer: &str| proxy.answer(&format!("{request}Proxy-Authorization: {answer}\r\n\r\n"));

    let refusal = proxy.answer(&format!("{request}\r\n"));
    let challenge = challenge(&refusal);
    let mut client = client(&challenge, USER, PASSWORD);
    let mut answer = || client.answer(Request::new("GET", &target).unwrap()).to_string();
    let first = answer();
    assert!(send(&first).starts_with("HTTP/1.1 204 "));
    let replayed = send(&first);
    assert!(replayed.starts_with("HTTP/1.1 407 "), "{replayed}");
    assert_eq!(replayed.matches("stale=true").count(), 2, "{replayed}");
    // The next count is another answer.
    assert!(send(&answer()).starts_with("HTTP/1.1 204 "));
    assert_eq!(received.iter().count(), 2);
    let log = proxy.log();
    let refused = r#"refused="an answer that was used before""#;
    assert_eq!(log.matches(refused).count(), 1, "{log}");
}

#[test]
fn another_user_with_the_password_is_refused() {
    let proxy = Proxy::start(&[]);
    let (origin, received) = origin();
    let target = format!("http://{origin}/");
    let request = format!("GET {target} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\n");
    let refusal = proxy.answer(&format!("{request}\r\n"));
    let challenge = challenge(&refusal);
    let mut client = client(&challenge, USER, PASSWORD);
    let answer = client.answer(Request::new("GET", &target).unwrap()).to_string();
    let digest = answer.replace(USER, "kassim");
    let basic = basic::Credentials::new("kassim", PASSWORD).unwrap().to_string();
    for credentials in [digest, basic] {
        let refusal = proxy.answer(&format!("{request}Proxy-Authorization: {credentials}\r\n\r\n"));
        assert!(refusal.starts_with("HTTP/1.1 407 "), "{refusal}");
    }
    assert!(received.try_recv().is_err(), "it reached the origin server");
}

#[test]
fn the_challenges_of_a_407_share_a_nonce_and_each_can_be_answered() {
    let proxy = Proxy::start(&[]);
    for algorithm in [Algorithm::Sha256, Algorithm::Md5] {
        let (origin, _received) = origin();
        let target = format!("http://{origin}/");
        let request = format!("GET {target} HTTP/1.1\r\nHost: {origin}\r\nConnection: close\r\n");
        let refusal = proxy.answer(&format!("{request}\r\n"));
        let challenge = chosen(&refusal, Candidate::Digest(algorithm));
        let nonce = format!("nonce=\"{}\"", challenge.nonce());
        assert_eq!(refusal.matches(&nonce).count(), 2, "{refusal}");

        let mut client = client(&challenge, USER, PASSWORD);
        let answer = client.answer(Request::new("GET", &target).unwrap());
        let accepted = proxy.answer(&format!("{request}Proxy-Authorization: {answer}\r\n\r\n"));
        assert!(accepted.starts_with("HTTP/1.1 200 "), "{accepted}");
    }
}

#[test]
fn schemes_that_are_not_offered_are_refused() {
    for (offer, algorithm) in [
        ("--offer=sha-256", Algorithm::Md5),
        ("--offer=basic", Algorithm::Sha256),
    ] {
        let refusal =
            Proxy::start(&[]).answer("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
        let challenge = chosen(&refusal, Candidate::Digest(algorithm));
        let mut client = client(&challenge, USER, PASSWORD);
        let digest = client
            .answer(Request::new("GET", "http://a.example/").unwrap())
            .to_string();
        let mut refused = vec![digest, "Bearer abc".into(), "Negotiate".into()];
        if offer != "--offer=basic" {
            refused.push(basic_credentials(PASSWORD));
        }
        let proxy = Proxy::start(&[offer]);
        for credentials in refused {
            let answer = proxy.answer(&format!(
                "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\
                 Proxy-Authorization: {credentials}\r\n\r\n"
            ));
            assert!(
                answer.starts_with("HTTP/1.1 407 ") && !answer.contains("stale"),
                "{answer}"
            );
        }
    }
}

#[test]
fn the_password_can_come_from_a_file_or_the_environment() {
    let file = File::new("password", "open barley\n");
    let from_file =
        |options: &[&str]| Proxy::run(Proxy::command(USER).args(options).arg("--password-file").arg(&file.0));
    let environment = |password| Proxy::run(Proxy::command(USER).env("PROXY_PASSWORD", password));
    for proxy in [
        from_file(&[]),
        // The file overrides the option.
        from_file(&["--password", PASSWORD]),
        environment("open barley"),
    ] {
        for (password, status) in [("open barley", 400), (PASSWORD, 407)] {
            let answer = proxy.answer(&format!(
                "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nProxy-Authorization: {}\r\n\r\n",
                basic_credentials(password)
            ));
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        }
    }
}

/// A file in the directory for temporary files, which exists until the test ends.
struct File(PathBuf);

impl File {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("proxy-auth-{name}-{}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn each_user_of_a_file_passes_with_their_own_password() {
    let file = File::new("users", "# two users\naladdin:open sesame\nMufasa:Circle Of Life\n");
    let proxy = Proxy::run(Proxy::command_without_users().arg("--htpasswd").arg(&file.0));
    // The target is not for a proxy, so a request that passes is answered with 400.
    let request = "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n";
    let status = |credentials: &str| {
        let answer = proxy.answer(&format!("{request}Proxy-Authorization: {credentials}\r\n\r\n"));
        answer["HTTP/1.1 ".len()..][..3].to_string()
    };
    let digest = |user: &str, password: &str| {
        let refusal = proxy.answer(&format!("{request}\r\n"));
        let challenge = challenge(&refusal);
        let mut client = client(&challenge, user, password);
        client.answer(Request::new("GET", "/").unwrap()).to_string()
    };
    for (user, password, expected) in [
        ("aladdin", "open sesame", "400"),
        ("Mufasa", "Circle Of Life", "400"),
        ("aladdin", "Circle Of Life", "407"),
        ("Mufasa", "open sesame", "407"),
        ("Scar", "open sesame", "407"),
    ] {
        let basic = basic::Credentials::new(user, password).unwrap().to_string();
        assert_eq!(status(&basic), expected, "{user}, {password}");
        assert_eq!(status(&digest(user, password)), expected, "{user}, {password}");
    }
    for user in ["Mufasa", "Scar"] {
        let relabelled = digest("aladdin", "open sesame").replace("aladdin", user);
        assert_eq!(status(&relabelled), "407", "{user}");
    }
    let log = proxy.log();
    for user in ["aladdin", "Mufasa"] {
        assert_eq!(log.matches(&format!("user={user:?}")).count(), 2, "{log}");
    }
}

#[test]
fn files_with_invalid_users_are_refused() {
    for (name, content, said) in [
        ("repeated", "a:b\nc:d\na:e\n", "line 3: expected one line for each user"),
        ("no-colon", "a:b\nc\n", "line 2: expected a colon"),
        ("bcrypt", "a:$2y$05$c4WoMPo3SXsafkva\n", "line 1: expected a password"),
        ("md5", "a:b\nc:$apr1$x$y\n", "line 2: expected a password"),
        (
            "sha-1",
            "a:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=\n",
            "line 1: expected a password",
        ),
    ] {
        let file = File::new(name, content);
        let path = file.0.to_str().unwrap();
        let error_message = error_message(&["--htpasswd", path]);
        assert!(error_message.contains(&format!("{path}: {said}")), "{error_message}");
    }
}

/// Starts the proxy with invalid options, and returns its error message.
fn error_message(options: &[&str]) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_proxy"))
        .env_remove("PROXY_PASSWORD")
        .args(options)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn invalid_options_are_refused() {
    for (options, said) in [
        (&["--user", "a"][..], "--password"),
        (&["--password", "b"], "--user"),
        (&["--user", "a", "--password-file", "/no/such/file"], "/no/such/file: "),
        (&["--htpasswd", "/no/such/file"], "/no/such/file: "),
        (&["--password", "b", "--htpasswd", "c"], "--htpasswd"),
        (&["--password-file", "b", "--htpasswd", "c"], "--htpasswd"),
        (&["--user", "a", "--password", "b", "--htpasswd", "c"], "--htpasswd"),
        (&["--user", "a", "--htpasswd", "c"], "--htpasswd"),
        (&[], "--htpasswd"),
        (&["--user", "a:b", "--password", "c"], "byte 1"),
        (&["--user", "a", "--password", "b", "--offer="], "--offer"),
        (&["--user", "a", "--password", "b", "--offer=sha-1"], "sha-256"),
        (
            &["--user", "a", "--password", "b", "--max-connections=0"],
            "--max-connections",
        ),
        (&["--user", "a", "--password", "b", "--head-time=-1"], "--head-time"),
        (&["--user", "a", "--password", "b", "--listen=nowhere"], "--listen"),
    ] {
        let error_message = error_message(options);
        assert!(error_message.contains(said), "{options:?}: {error_message}");
    }
}
