//! Values computed by others: `compute.py`, the tests of curl and the crate http-auth, and Apache's htdigest.

use std::time::Duration;

use proxy_auth::digest::{
    Algorithm, Challenge, Client, Info, Login, Nonces, PasswordHash, QopOptions, Request, Username, userhash,
};
use proxy_auth::{Encode, ParamValue};

use crate::{challenge, credentials, info, table};

/// Reads the algorithm with the given name from a challenge.
fn algorithm(name: &str) -> Algorithm {
    let value = format!("Digest realm=r, nonce=n, algorithm={name}");
    challenge(&value).unwrap().algorithm()
}

#[test]
fn escaped_empty_and_long_text_is_hashed_as_by_hashlib() {
    let mut rows = 0;
    for row in table::<18>(include_str!("computed.tsv")) {
        rows += 1;
        let [name, qop, hashed, nc, user, realm, password, method, uri, content, ..] = row;
        let [
            ..,
            nonce,
            cnonce,
            answered,
            hash,
            username,
            response,
            rspauth,
            next_response,
        ] = row;
        let algorithm = algorithm(name);
        let asked = Challenge::new(realm, nonce).unwrap().with_algorithm(algorithm);
        let asked = match qop {
            "auth" => asked.with_qop(QopOptions::AUTH),
            "auth-int" => asked.with_qop(QopOptions::AUTH_INT),
            _ => asked,
        };
        let asked = if hashed == "true" { asked.with_userhash() } else { asked };
        let name = Username::new(user).unwrap();
        let stored = PasswordHash::new(algorithm, Login::new(name, password), realm);
        assert_eq!(stored.as_hex(), hash, "{row:?}");
        let request = Request::new(method, uri).unwrap().with_content(content.as_bytes());

        // Start from a constructed challenge, and from one that was read, with escapes.
        let value = asked.to_string();
        for asked in [asked, challenge(&value).unwrap()] {
            let mut client = Client::new_allowing_rfc2069(&asked, Login::new(name, password), cnonce).unwrap();
            for _ in 1..nc.parse().unwrap() {
                let _ = client.answer(request);
            }
            let answer = client.answer(request);
            assert_eq!(answer.credentials().response(), response, "{row:?}");
            assert_eq!(answer.credentials().username(), *username, "{row:?}");

            let sent = answer.to_string();
            let read = credentials(&sent).unwrap();
            assert_eq!(read.username(), *username, "{row:?}");
            assert_eq!(stored.response(&read, &request).as_str(), response, "{row:?}");
            assert_eq!(stored.rspauth(&read, answered.as_bytes()).as_str(), rspauth, "{row:?}");

            let said = Info::new().with_rspauth(rspauth, &read).unwrap().to_string();
            let said = info(&said).unwrap();
            // Without qop, there is no proof.
            assert_eq!(
                client.verify(&answer, &said, answered.as_bytes()),
                qop != "-",
                "{row:?}"
            );
            assert_eq!(client.verify(&answer, &said, b"other"), qop == "auth", "{row:?}");

            let next = ParamValue::quoted("next").unwrap();
            let answer = client.with_nextnonce(next).answer(request);
            // A session keeps its nonce.
            assert_eq!(answer.credentials().response(), next_response, "{row:?}");
        }
    }
    assert_eq!(rows, 72);
}

/// Uses the credentials that curl must send according to its tests, by number.
#[test]
fn responses_equal_those_in_the_tests_of_curl() {
    const TEST: &str = r#"Digest realm="testrealm", nonce="1053604145""#;
    const SHA_256: &str = r#"Digest realm="testrealm", nonce="1053604145", algorithm="SHA-256""#;
    for (number, asked, [user, password], [method, uri], expected) in [
        (
            153,
            TEST,
            ["testuser", "testpass"],
            ["GET", "/1530001"],
            "f4f83139396995bac665f24a1f1055c7",
        ),
        (
            388,
            TEST,
            ["testuser", "testpass"],
            ["GET", "/3880002"],
            "921a8e6db782d6359db1f40d9ed7e6a6",
        ),
        (
            1060,
            r#"Digest realm="weirdorealm", nonce="12345""#,
            ["silly", "person"],
            ["CONNECT", "test.remote.haxx.se.1060:8990"],
            "e1fbed39c26f4efe284adc0e576ff638",
        ),
        (
            169,
            r#"Digest realm="r e a l m", nonce="abcdef""#,
            ["digest", "alot"],
            ["GET", "/169"],
            "95d48591985a03c4b49cb962aa7bd3e6",
        ),
        (
            2061,
            SHA_256,
            ["testuser", "testpass"],
            ["GET", "/2061"],
            "9dc55255f1a2537b838311674b621d45346b862a81631bb20e4ce356ef25062d",
        ),
        (
            2067,
            r#"Digest realm="testrealm", nonce="1053604144", algorithm="SHA-256""#,
            ["auser", "apasswd"],
            ["POST", "/2067"],
            "67b97af219c92fa7e8685e5bebb8e74892f6c6792e911c52bd2dfbf0b49272eb",
        ),
        (
            2065,
            r#"Digest realm="testrealm", nonce="2053604145", algorithm="SHA-512-256""#,
            ["testuser", "test2pass"],
            ["GET", "/2065"],
            "0373a49d7d352ff54884faaf762fc6c89281b4112ad8fcbbe1d1ee52dcf7a802",
        ),
    ] {
        let asked = challenge(asked).unwrap();
        let mut client =
            Client::new_allowing_rfc2069(&asked, Login::new(Username::new(user).unwrap(), password), "c").unwrap();
        let answer = client.answer(Request::new(method, uri).unwrap());
        assert_eq!(answer.credentials().response(), expected, "test {number}");
    }
}

/// RFC 7616 hashes `unq(realm)`, the unescaped realm. Until its pull request 8912 of 2022, curl hashed the realm with its
/// backslashes, as test 1095 expected.
#[test]
fn a_realm_is_hashed_without_its_escapes() {
    let asked = challenge(r#"Digest realm="test \"this\" realm!!", nonce="1053604145""#).unwrap();
    let name = Username::new("testuser").unwrap();
    let request = Request::new("GET", "/1095").unwrap();
    let answer = Client::new_allowing_rfc2069(&asked, Login::new(name, "testpass"), "c")
        .unwrap()
        .answer(request);
    assert_eq!(answer.credentials().response(), "df3246f44d2bc8de0e9f8fc4d7cf6e95");
    let as_written = PasswordHash::new(Algorithm::Md5, Login::new(name, "testpass"), r#"test \"this\" realm!!"#);
    let response = as_written.response(&answer.credentials(), &request);
    assert_eq!(response.as_str(), "a1c7931ece9e8617bae2715045e4f49f");
}

/// Test 2063 of curl.
#[test]
fn a_userhash_equals_that_in_the_tests_of_curl() {
    let asked = r#"Digest realm="testrealm", nonce="1053604145", algorithm="SHA-256", userhash=true"#;
    let mut client = Client::new_allowing_rfc2069(
        &challenge(asked).unwrap(),
        Login::new(Username::new("testuser").unwrap(), "testpass"),
        "c",
    )
    .unwrap();
    assert_eq!(
        client.answer(Request::new("GET", "/2063").unwrap()).to_string(),
        "Digest username=\"75af8a3500f771e58a52093a25e7905d6e428a511285c12ea1420c73078dfd61\", realm=\"testrealm\", \
         nonce=\"1053604145\", uri=\"/2063\", \
         response=\"6c470aec384ab1d4e12d3ce1f5b08303d8cad177e52ebe50ec1a3e141adb0cdc\", algorithm=SHA-256, userhash=true"
    );
}

/// Uses a test of the crate http-auth: the example of RFC 7616, 3.9.1, with a session key.
#[test]
fn a_session_key_equals_that_in_the_tests_of_http_auth() {
    let asked = "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5-sess, \
                 nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"";
    let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    let mut client = Client::new(
        &challenge(asked).unwrap(),
        Login::new(Username::new("Mufasa").unwrap(), "Circle of Life"),
        cnonce,
    )
    .unwrap();
    let answer = client.answer(Request::new("GET", "/dir/index.html").unwrap());
    assert_eq!(answer.credentials().response(), "e783283f46242139c486a698fec7211d");
}

/// `htdigest.tsv` contains the lines of a file from Apache's htdigest, each with its password.
#[test]
fn hashes_equal_those_of_htdigest() {
    let mut lines = 0;
    for [line, password] in table::<2>(include_str!("htdigest.tsv")) {
        lines += 1;
        let [user, realm, hash] = line.splitn(3, ':').collect::<Vec<_>>().try_into().unwrap();
        let computed = PasswordHash::new(
            Algorithm::Md5,
            Login::new(Username::new(user).unwrap(), password),
            realm,
        );
        assert_eq!(computed.as_hex(), hash, "{line}");
        // A proxy can store either of them.
        let stored = PasswordHash::from_hex(Algorithm::Md5, hash).unwrap();
        assert_eq!(stored.as_hex(), hash);
        let asked = Challenge::new(realm, "n").unwrap();
        let mut client =
            Client::new_allowing_rfc2069(&asked, Login::new(Username::new(user).unwrap(), password), "c").unwrap();
        let request = Request::new("GET", "/").unwrap();
        let answer = client.answer(request);
        assert_eq!(
            answer.credentials().response(),
            stored.response(&answer.credentials(), &request).as_str()
        );
    }
    assert_eq!(lines, 6);
}

/// Long values and escapes, which are hashed piece by piece, do not change the result.
#[test]
fn nonces_of_64_kib_are_hashed() {
    let long = "n".repeat(64 << 10);
    let escaped = "\\n".repeat(64 << 10);
    let request = Request::new("GET", "/").unwrap();
    let stored = PasswordHash::new(Algorithm::Sha256Sess, Login::new(Username::new("u").unwrap(), "p"), "r");
    let responses = [&long, &escaped].map(|nonce| {
        let value = format!(
            "Digest username=u, realm=r, nonce=\"{nonce}\", uri=\"/\", cnonce=\"{nonce}\", nc=00000001, qop=auth, \
             algorithm=SHA-256-sess, response={}",
            userhash(Algorithm::Sha256, Username::new("u").unwrap(), "r").as_str(),
        );
        stored
            .response(&credentials(&value).unwrap(), &request)
            .as_str()
            .to_owned()
    });
    assert_eq!(responses[0], responses[1]);
    let asked = Challenge::new("r", &long)
        .unwrap()
        .with_algorithm(Algorithm::Sha256Sess)
        .with_qop(QopOptions::AUTH);
    let mut client = Client::new(&asked, Login::new(Username::new("u").unwrap(), "p"), &long).unwrap();
    let answer = client.answer(request);
    assert_eq!(answer.credentials().response(), &*responses[0]);
    assert!(answer.encoded_len() > 128 << 10);
}

/// The test cases 2 to 5 of RFC 4231, section 4: the data is a realm, and then the bytes of a time and of a number. Shorter keys are
/// filled with zeros, as HMAC does.
#[test]
fn nonces_are_authenticated_with_hmac_sha_256() {
    let key = |bytes: &[u8]| {
        let mut key = [0; 32];
        key[..bytes.len()].copy_from_slice(bytes);
        key
    };
    let ascending: Vec<u8> = (1..=25).collect();
    for (key, data, mac) in [
        (
            key(b"Jefe"),
            &b"what do ya want for nothing?"[..],
            "5bdcc146bf60754e6a042426089575c7",
        ),
        (key(&[0xAA; 20]), &[0xDD; 50], "773ea91e36800e46854db8ebd09181a7"),
        (key(&ascending), &[0xCD; 50], "82558a389a443c0ea4cc819899f2083a"),
        (
            key(&[0x0C; 20]),
            b"Test With Truncation",
            "a3b6167473100ee06e0c796c2955552b",
        ),
    ] {
        let (realm, stamp) = data.split_at(data.len() - 16);
        let [made, unique] = [&stamp[..8], &stamp[8..]].map(|bytes| u64::from_be_bytes(bytes.try_into().unwrap()));
        let nonce = Nonces::new(&key, realm).issue(Duration::from_millis(made), unique);
        assert_eq!(&nonce.as_str()[32..], mac);
    }
}
