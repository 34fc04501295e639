//! Tests reading users from files.

#![cfg(test)]

use proptest::collection::vec;
use proptest::prelude::*;
use proxy_auth::users::{Htpasswd, HtpasswdEntry, LineErrorKind};

type Read = Vec<(usize, Vec<u8>, Vec<u8>)>;

/// Returns the line, the name and the secret of each entry.
fn read(file: &(impl AsRef<[u8]> + ?Sized)) -> Read {
    let entry = |entry: HtpasswdEntry<'_>| (entry.line(), entry.name().to_vec(), entry.secret().to_vec());
    Htpasswd::parse(file).unwrap().entries().map(entry).collect()
}

fn entry(line: usize, name: &str, secret: &str) -> (usize, Vec<u8>, Vec<u8>) {
    (line, name.into(), secret.into())
}

#[track_caller]
fn fails(file: &str, kind: LineErrorKind, line: usize, offset: usize) {
    let error = Htpasswd::parse(file).unwrap_err();
    assert_eq!((error.kind(), error.line(), error.offset()), (kind, line, offset));
}

#[test]
fn a_line_is_a_name_and_a_secret() {
    assert_eq!(read("aladdin:open sesame"), [entry(1, "aladdin", "open sesame")]);
    assert_eq!(
        read("a:b\nJäsøn Doe:x:y:z\r\nc: #d"),
        [entry(1, "a", "b"), entry(2, "Jäsøn Doe", "x:y:z"), entry(3, "c", " #d")]
    );
    // Written by `htpasswd` of Apache 2.4.71 with -nbm, -nbB, -nbs and -nbp.
    for secret in [
        "$apr1$2gv7DRE8$GjfFl/jGNQ3UBkENJPwGS/",
        "$2y$05$Mp8ccMh4izoeSQDaQEG/EuKUe8xm7ZLxiJs/4/XLC4upN3z5sN02e",
        "{SHA}X8fji//gDKRq3YkUVGSi6vdZ1cI=",
        "open",
    ] {
        assert_eq!(read(&format!("u:{secret}\n\n")), [entry(1, "u", secret)]);
    }
}

#[test]
fn empty_lines_and_comments_are_ignored() {
    assert_eq!(read(""), []);
    assert_eq!(read("\n\r\n \t\n#\n#a:b\n \t#a:b\r\n# \0\x7F"), []);
    assert_eq!(read("# x\n\na:b\n# y\nc:d"), [entry(3, "a", "b"), entry(5, "c", "d")]);
    assert_eq!(read("a#:b#"), [entry(1, "a#", "b#")]);
}

#[test]
fn an_error_has_the_line_and_the_byte() {
    fails("a:b\nc", LineErrorKind::ExpectedColon, 2, 5);
    fails("a:b\r\n\r\nc\r\n", LineErrorKind::ExpectedColon, 3, 8);
    fails("a:b\n:c", LineErrorKind::ExpectedName, 2, 4);
    fails("#\na:\nb:c", LineErrorKind::ExpectedSecret, 2, 4);
    fails("a\0:b", LineErrorKind::InvalidName, 1, 1);
    fails("a\tb:c", LineErrorKind::InvalidName, 1, 1);
    fails("a\rb:c", LineErrorKind::InvalidName, 1, 1);
    fails("a:b\tc", LineErrorKind::InvalidSecret, 1, 3);
    fails("a:b\x7F", LineErrorKind::InvalidSecret, 1, 3);
    fails("a:b\r\r\n", LineErrorKind::InvalidSecret, 1, 3);
}

#[test]
fn a_line_that_apache_reads_differently_is_an_error() {
    fails("x:y\n a:b", LineErrorKind::WhiteSpace, 2, 4);
    fails("\ta:b", LineErrorKind::WhiteSpace, 1, 0);
    fails("a:b \t\r\n", LineErrorKind::WhiteSpace, 1, 3);
    fails("a: ", LineErrorKind::WhiteSpace, 1, 2);
    // Apache joins the lines, so the second entry is part of the comment.
    fails("# x\\\na:b", LineErrorKind::Backslash, 1, 3);
    fails("# x\\\r\na:b", LineErrorKind::Backslash, 1, 3);
    fails("x:y\na:b\\", LineErrorKind::Backslash, 2, 7);
    assert_eq!(read("W\\a:b\\ c"), [entry(1, "W\\a", "b\\ c")]);
}

#[test]
fn a_user_is_found_by_the_whole_name() {
    let users = Htpasswd::parse("ab:1\na:2\nabc:3\nA:4").unwrap();
    let secret = |name| users.find_by_name(name).unwrap().map(|entry| entry.secret());
    assert_eq!(secret("a"), Some(&b"2"[..]));
    assert_eq!(secret("ab"), Some(&b"1"[..]));
    assert_eq!(secret("A"), Some(&b"4"[..]));
    for unknown in ["", "b", "abcd", "a:2", "#"] {
        assert_eq!(secret(unknown), None);
    }
}

#[test]
fn a_user_with_two_lines_is_refused_and_others_are_not() {
    let users = Htpasswd::parse("a:1\nb:2\n#\na:1\na:3").unwrap();
    let error = users.find_by_name("a").unwrap_err();
    assert_eq!(
        (error.kind(), error.line(), error.offset()),
        (LineErrorKind::RepeatedUser, 4, 10)
    );
    assert_eq!(
        error.to_string(),
        "line 4: expected one line for each user, not a second at byte 10"
    );
    assert!(users.find_by_name("b").unwrap().is_some());
}

/// Returns a text that a line can contain before or after a colon.
fn arb_text(excluded: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let is_in = move |byte: &u8| !byte.is_ascii_control() && !excluded.contains(byte);
    let text = vec(any::<u8>().prop_filter("not allowed", is_in), 1..12);
    text.prop_filter("a line cannot start or end with it", |text| {
        !matches!(text[..], [b' ', ..] | [.., b' ' | b'\\'])
    })
}

/// Returns bytes that often form lines.
fn arb_file() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 9] = [
        b"\n",
        b"\r\n",
        b"a:b\n",
        b"a:r:02d80b5ac2ad70718c1e512bdfb9fd1d\n",
        b"#",
        b":",
        b"a",
        b"\\",
        b" ",
    ];
    let piece = prop::sample::select(&PIECES[..]);
    let pieces = vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    prop_oneof![pieces, vec(any::<u8>(), 0..40)]
}

/// The ends of a line, with lines that are ignored.
const ENDS: [&[u8]; 3] = [b"\n", b"\r\n", b"\r\n#a:b\n\n"];

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Returns the number of the line that contains the byte at `offset`, or that it ends.
fn line_at(file: &[u8], offset: usize) -> usize {
    file[..offset].split(|&byte| byte == b'\n').count()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn written_entries_read_back(
        users in vec((arb_text(b":#"), arb_text(b"")), 0..6),
        end in prop::sample::select(&ENDS[..]),
    ) {
        let file: Vec<u8> = users.iter().flat_map(|(name, secret)| [name, &b":"[..], secret, end].concat()).collect();
        let found: Vec<_> = read(&file).into_iter().map(|(_, name, secret)| (name, secret)).collect();
        prop_assert_eq!(&found, &users);
        let without_end = file.strip_suffix(end).unwrap_or(&file);
        prop_assert_eq!(read(without_end).len(), users.len());
        for (name, secret) in &users {
            let count = users.iter().filter(|(other, _)| other == name).count();
            let entry = Htpasswd::parse(&file).unwrap().find_by_name(name).map(|entry| entry.map(|entry| entry.secret().to_vec()));
            prop_assert_eq!(entry.ok(), (count == 1).then(|| Some(secret.clone())));
        }
    }

    #[test]
    fn errors_of_any_bytes_are_in_their_line(file in arb_file()) {
        match Htpasswd::parse(&file) {
            Err(error) => {
                prop_assert!(error.offset() <= file.len());
                prop_assert_eq!(error.line(), line_at(&file, error.offset()));
                // The lines before it are valid.
                let start = file[..error.offset()].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
                prop_assert!(Htpasswd::parse(&file[..start]).is_ok());
                // An error in the same line remains if other lines follow.
                let more = [&file[..], b"\nx:y"].concat();
                prop_assert_eq!(Htpasswd::parse(&more).unwrap_err(), error);
            }
            Ok(users) => for entry in users.entries() {
                let lines: Vec<_> = file.split(|&byte| byte == b'\n').collect();
                let line = lines[entry.line() - 1];
                let written = [entry.name(), b":", entry.secret()].concat();
                prop_assert_eq!(line.strip_suffix(b"\r").unwrap_or(line), written);
            }
        }
    }
}

#[cfg(feature = "digest")]
mod digest {
    use std::fmt::Write;
    use std::time::Duration;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proxy_auth::Claim;
    use proxy_auth::digest::{
        Account, Algorithm, Client, Credentials, Login, PasswordHash, Request, Username, Verdict, Verifier, userhash,
    };
    use proxy_auth::users::{
        Htdigest, HtdigestEntry, Htpasswd, HtpasswdEntry, LineErrorKind, Slot, TableError, UserhashTable,
    };

    use super::{arb_file, arb_text, config, line_at};

    /// Written by Apache's htdigest, with a tab and the password after each line.
    const WRITTEN: &str = include_str!("digest_vectors/htdigest.tsv");
    const MD5: &str = "02d80b5ac2ad70718c1e512bdfb9fd1d";

    /// Returns the file that htdigest wrote, and the passwords.
    fn written() -> (String, Vec<&'static str>) {
        let lines = WRITTEN.lines().filter_map(|line| line.split_once('\t'));
        let (lines, passwords): (Vec<_>, Vec<_>) = lines.unzip();
        (lines.join("\n") + "\n", passwords)
    }

    fn computed(entry: &HtdigestEntry<'_>, algorithm: Algorithm, password: &str) -> PasswordHash {
        let login = Login::new(Username::plain(entry.name()).unwrap(), password);
        PasswordHash::new(algorithm, login, entry.realm())
    }

    #[track_caller]
    fn fails(file: &str, algorithm: Algorithm, kind: LineErrorKind, line: usize, offset: usize) {
        let error = Htdigest::parse(file, algorithm).unwrap_err();
        assert_eq!((error.kind(), error.line(), error.offset()), (kind, line, offset));
    }

    #[test]
    fn files_of_htdigest_are_read() {
        let (file, passwords) = written();
        let users = Htdigest::parse(&file, Algorithm::Md5).unwrap();
        assert_eq!(users.algorithm(), Algorithm::Md5);
        assert_eq!(users.entries().count(), passwords.len());
        assert!(passwords.len() >= 6);
        for ((entry, password), line) in users.entries().zip(passwords).zip(1..) {
            assert_eq!(entry.line(), line);
            let expected = computed(&entry, Algorithm::Md5, password);
            assert_eq!(entry.to_password_hash().as_hex(), expected.as_hex());
            let found = users.find_by_name(entry.name(), entry.realm()).unwrap().unwrap();
            assert_eq!(found.line(), line);
            assert!(users.find_by_name(entry.name(), "another realm").unwrap().is_none());
        }
        assert!(users.find_by_name("aladdin", "apps").unwrap().is_some());
        assert!(users.find_by_name("a", "").unwrap().is_some());
    }

    #[test]
    fn a_hash_of_another_length_is_an_error() {
        let sha: String = MD5.repeat(2);
        for algorithm in Algorithm::ALL {
            let (right, wrong) = if algorithm.hash_len() == 16 {
                (MD5, &*sha)
            } else {
                (&*sha, MD5)
            };
            let users = format!("a:r:{right}\n");
            let entry = Htdigest::parse(&users, algorithm).unwrap().entries().next().unwrap();
            assert_eq!(entry.to_password_hash().as_hex(), right);
            assert_eq!(entry.to_password_hash().algorithm(), algorithm);
            let kind = LineErrorKind::ExpectedHash(algorithm);
            fails(
                &format!("{users}a:r:{wrong}\n"),
                algorithm,
                kind,
                2,
                users.len() + 4 + 32,
            );
        }
        assert_eq!(
            LineErrorKind::ExpectedHash(Algorithm::Sha512_256).to_string(),
            "expected a hash of SHA-512-256, 64 hexadecimal digits"
        );
    }

    #[test]
    fn damaged_lines_are_errors() {
        let hash = LineErrorKind::ExpectedHash(Algorithm::Md5);
        let damaged = [
            ("a".to_owned(), LineErrorKind::ExpectedColon, 1),
            (format!("a:{MD5}"), LineErrorKind::ExpectedRealm, 34),
            (format!("a:r\0:{MD5}"), LineErrorKind::ExpectedRealm, 3),
            (format!(":r:{MD5}"), LineErrorKind::ExpectedName, 0),
            ("a:r:".to_owned(), hash, 4),
            (format!("a:r:x{}", &MD5[1..]), hash, 4),
            (format!("a:r:{MD5}:more"), hash, 36),
            (format!("a:r:{MD5}0"), hash, 36),
            (format!("a:r:s:{MD5}"), hash, 4),
            (format!("a:r:{MD5} "), LineErrorKind::WhiteSpace, 36),
        ];
        for (line, kind, offset) in damaged {
            fails(&line, Algorithm::Md5, kind, 1, offset);
            fails(&format!("#\r\n{line}\r\n#"), Algorithm::Md5, kind, 2, offset + 3);
        }
    }

    #[test]
    fn digits_are_read_in_upper_and_lower_case() {
        let file = format!("a:\tr:{}", MD5.to_uppercase());
        let users = Htdigest::parse(&file, Algorithm::Md5).unwrap();
        assert_eq!(
            users
                .find_by_name("a", "\tr")
                .unwrap()
                .unwrap()
                .to_password_hash()
                .as_hex(),
            MD5
        );
    }

    #[test]
    fn a_user_may_have_a_line_for_each_realm_but_not_two() {
        let file = format!("a:r:{MD5}\na:s:{MD5}\na:r:{MD5}\n");
        let users = Htdigest::parse(&file, Algorithm::Md5).unwrap();
        assert_eq!(users.find_by_name("a", "s").unwrap().unwrap().line(), 2);
        let error = users.find_by_name("a", "r").unwrap_err();
        assert_eq!((error.kind(), error.line()), (LineErrorKind::RepeatedUser, 3));

        let mut slots = [Slot::EMPTY; 3];
        assert!(UserhashTable::from_htdigest(&users, "s", &mut slots).is_ok());
        let refused = UserhashTable::from_htdigest(&users, "r", &mut slots).unwrap_err();
        assert_eq!(refused, TableError::Line(error));
    }

    #[test]
    fn a_table_finds_every_user_and_no_other() {
        for count in [0, 1, 2, 3, 10, 100, 257] {
            let lines: Vec<_> = (0..count).map(|user| format!("user{user}:{user}\n")).collect();
            let file = lines.concat();
            let users = Htpasswd::parse(&file).unwrap();
            for algorithm in Algorithm::ALL {
                let mut slots = vec![Slot::EMPTY; count + 2];
                let table = UserhashTable::from_htpasswd(&users, algorithm, "apps", &mut slots).unwrap();
                for user in 0..count {
                    let name = format!("user{user}");
                    let hash = userhash(algorithm, Username::new(&name).unwrap(), "apps");
                    let secret = user.to_string();
                    assert_eq!(table.find_by_name(&name).unwrap().secret(), secret.as_bytes());
                    assert_eq!(
                        table.find_by_userhash(hash.as_str()).unwrap().secret(),
                        secret.as_bytes()
                    );
                    assert!(table.find_by_userhash(&hash.as_str()[1..]).is_none());
                    assert!(table.find_by_userhash(&hash.as_str().to_uppercase()).is_none());
                    let elsewhere = userhash(algorithm, Username::new(&name).unwrap(), "other");
                    assert!(table.find_by_userhash(elsewhere.as_str()).is_none());
                }
                assert!(table.find_by_name(&format!("user{count}")).is_none());
                assert!(table.find_by_name("").is_none());
                for digits in ["", "0", &"0".repeat(64), &"f".repeat(64), &"f".repeat(65)] {
                    assert!(table.find_by_userhash(digits).is_none());
                }
            }
        }
    }

    #[test]
    fn a_table_says_how_many_slots_it_needs() {
        let users = Htpasswd::parse("a:1\n#\nb:2\nc:3\n").unwrap();
        for len in 0..3 {
            let mut slots = vec![Slot::EMPTY; len];
            let error = UserhashTable::from_htpasswd(&users, Algorithm::Md5, "r", &mut slots).unwrap_err();
            assert_eq!(error, TableError::TooFewSlots { needed: 3 });
            assert_eq!(error.to_string(), "too few slots: 3 are needed");
        }
        let mut slots = [Slot::EMPTY; 3];
        assert!(UserhashTable::from_htpasswd(&users, Algorithm::Md5, "r", &mut slots).is_ok());
        // Only the users of the realm need slots, and earlier contents are not found.
        let file = format!("a:r:{MD5}\nb:s:{MD5}\n");
        let users = Htdigest::parse(&file, Algorithm::Md5).unwrap();
        let mut slots = [Slot::EMPTY];
        assert!(
            UserhashTable::from_htdigest(&users, "r", &mut slots)
                .unwrap()
                .find_by_name("a")
                .is_some()
        );
        let table = UserhashTable::from_htdigest(&users, "s", &mut slots).unwrap();
        assert!(table.find_by_name("a").is_none());
        assert_eq!(table.find_by_name("b").unwrap().line(), 2);
    }

    #[test]
    fn a_table_refuses_the_first_second_line_of_a_user() {
        let users = Htpasswd::parse("a:1\nb:2\nc:3\nb:4\na:5\nb:6\n").unwrap();
        let mut slots = [Slot::EMPTY; 6];
        for algorithm in Algorithm::ALL {
            let error = UserhashTable::from_htpasswd(&users, algorithm, "r", &mut slots).unwrap_err();
            let TableError::Line(line) = error else {
                panic!("{error}")
            };
            assert_eq!(
                (line.kind(), line.line(), line.offset()),
                (LineErrorKind::RepeatedUser, 4, 12)
            );
            assert_eq!(error.to_string(), line.to_string());
        }
    }

    /// Answers a challenge as a client does, and verifies as a proxy does.
    fn check(table: &UserhashTable<'_, HtdigestEntry<'_>>, name: &str, password: &str, hashed: bool) -> Verdict {
        let now = Duration::from_secs(1_445_412_480);
        let verifier = Verifier::new("apps", &[7; 32], Duration::from_secs(300))
            .unwrap()
            .with_algorithm(Algorithm::Md5);
        let nonce = verifier.nonce(now, 1);
        let challenge = verifier.challenge(&nonce);
        let challenge = if hashed { challenge.with_userhash() } else { challenge };
        let request = Request::new("GET", "http://example.com/").unwrap();
        let login = Login::new(Username::new(name).unwrap(), password);
        let value = Client::new(&challenge, login, "cnonce")
            .unwrap()
            .answer(request)
            .to_string();
        assert_eq!(value.contains(name), !hashed && name.is_ascii());
        let credentials = proxy_auth::Credentials::parse(&value).unwrap();
        let credentials = Credentials::read(&credentials).unwrap();
        let mut buffer = [0; 64];
        let sent = credentials.username().copy_to(&mut buffer).unwrap();
        let entry = table.find(if credentials.is_userhash() {
            Claim::Userhash(sent)
        } else {
            Claim::Name(sent)
        });
        let hash = entry.map(HtdigestEntry::to_password_hash);
        let account = entry
            .zip(hash.as_ref())
            .map(|(entry, hash)| Account::new(entry.name(), hash));
        verifier.verify(&credentials, account, &request, now)
    }

    #[test]
    fn a_client_is_accepted_by_name_and_by_userhash() {
        let hash = |name, password| {
            let login = Login::new(Username::new(name).unwrap(), password);
            PasswordHash::new(Algorithm::Md5, login, "apps").as_hex().to_owned()
        };
        let (aladdin, jason) = (hash("aladdin", "open sesame"), hash("Jäsøn", "secret"));
        let file = format!("aladdin:apps:{aladdin}\nJäsøn:apps:{jason}\nMufasa:lions:{MD5}\n");
        let users = Htdigest::parse(&file, Algorithm::Md5).unwrap();
        let mut slots = [Slot::EMPTY; 2];
        let table = UserhashTable::from_htdigest(&users, "apps", &mut slots).unwrap();
        for hashed in [false, true] {
            assert_eq!(check(&table, "aladdin", "open sesame", hashed), Verdict::Accepted);
            assert_eq!(check(&table, "Jäsøn", "secret", hashed), Verdict::Accepted);
            assert_eq!(check(&table, "aladdin", "secret", hashed), Verdict::Wrong);
            assert_eq!(check(&table, "Mufasa", "secret", hashed), Verdict::Wrong);
        }
    }

    #[test]
    fn a_plain_password_becomes_a_hash() {
        let users = Htpasswd::parse("Mufasa:Circle Of Life\nb:$apr1$a$b").unwrap();
        let entry = users.find_by_name("Mufasa").unwrap().unwrap();
        let hash = entry.to_password_hash(Algorithm::Md5, "testrealm@host.com");
        assert_eq!(hash.unwrap().as_hex(), "939e7578ed9e3c518a452acee763bce9");
        let entry = users.find_by_name("b").unwrap().unwrap();
        assert!(entry.to_password_hash(Algorithm::Md5, "testrealm@host.com").is_none());
    }

    #[test]
    fn a_name_is_found_in_both_encodings() {
        let (file, hashes) = (
            "J\u{e4}s\u{f8}n:\u{a3}\na:b",
            format!("J\u{e4}s\u{f8}n:apps:{MD5}\na:apps:{MD5}"),
        );
        let users = Htpasswd::parse(file).unwrap();
        let hashes = Htdigest::parse(&hashes, Algorithm::Md5).unwrap();
        let mut slots = [Slot::EMPTY; 2];
        let table = UserhashTable::from_htpasswd(&users, Algorithm::Sha256, "apps", &mut slots).unwrap();
        for (name, exists) in [
            (&b"J\xc3\xa4s\xc3\xb8n"[..], true),
            (b"J\xe4s\xf8n", true),
            (b"J\xe4s\xf8", false),
            (b"j\xe4s\xf8n", false),
            // Valid UTF-8 is not ISO-8859-1.
            (b"J\xc3\x83\xc2\xa4s\xc3\x83\xc2\xb8n", false),
        ] {
            let claim = Claim::Name(name);
            assert_eq!(users.find(claim).unwrap().is_some(), exists, "{name:?}");
            assert_eq!(hashes.find(claim, "apps").unwrap().is_some(), exists, "{name:?}");
            assert_eq!(table.find(claim).is_some(), exists, "{name:?}");
        }
        assert!(users.find(Claim::Token("a")).unwrap().is_none());
        assert!(table.find(Claim::Token("a")).is_none());
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn written_entries_of_htdigest_read_back(
            users in vec((arb_text(b":#"), prop_oneof![Just(Vec::new()), arb_text(b":")], any::<[u8; 32]>()), 0..6),
            algorithm in prop::sample::select(&Algorithm::ALL[..]),
        ) {
            let digits = |hash: &[u8; 32]| -> String {
                let mut digits = String::new();
                for byte in &hash[..algorithm.hash_len()] {
                    write!(digits, "{byte:02x}").unwrap();
                }
                digits
            };
            let line = |(name, realm, hash): &(Vec<u8>, Vec<u8>, [u8; 32])| {
                [name, &b":"[..], realm, b":", digits(hash).as_bytes(), b"\n"].concat()
            };
            let file: Vec<u8> = users.iter().flat_map(line).collect();
            let read: Vec<_> = Htdigest::parse(&file, algorithm).unwrap().entries().collect();
            prop_assert_eq!(read.len(), users.len());
            for (entry, (name, realm, hash)) in read.iter().zip(&users) {
                prop_assert_eq!((entry.name(), entry.realm()), (&name[..], &realm[..]));
                let stored = entry.to_password_hash();
                prop_assert_eq!(stored.as_hex(), digits(hash));
            }
        }

        #[test]
        fn errors_of_any_bytes_are_in_their_line_of_htdigest(file in arb_file()) {
            if let Err(error) = Htdigest::parse(&file, Algorithm::Md5) {
                prop_assert!(error.offset() <= file.len());
                prop_assert_eq!(error.line(), line_at(&file, error.offset()));
                let start = file[..error.offset()].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
                prop_assert!(Htdigest::parse(&file[..start], Algorithm::Md5).is_ok());
            }
        }

        #[test]
        fn a_table_equals_a_search(
            names in prop::collection::hash_set(arb_text(b":#"), 0..20),
            unknown in arb_text(b":#"),
        ) {
            let file: Vec<u8> = names.iter().flat_map(|name| [name, &b":x\n"[..]].concat()).collect();
            let users = Htpasswd::parse(&file).unwrap();
            let mut slots = vec![Slot::EMPTY; names.len()];
            let table = UserhashTable::from_htpasswd(&users, Algorithm::Sha256, "r", &mut slots).unwrap();
            for name in names.iter().chain([&unknown]) {
                let searched = users.find_by_name(name).unwrap().map(|entry| entry.line());
                prop_assert_eq!(table.find_by_name(name).map(HtpasswdEntry::line), searched);
                let hash = userhash(Algorithm::Sha256, Username::plain(name).unwrap(), "r");
                prop_assert_eq!(table.find_by_userhash(hash.as_str()).map(HtpasswdEntry::line), searched);
            }
        }
    }
}
