//! Reads the captured fields of real clients, proxies and servers strictly (`tests/corpus/captured`), and compares them with
//! `expected.tsv`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proxy_auth::{AuthenticationInfo, Challenges, Credentials, FieldName, Params, Scheme, Token, basic, digest};

const CHALLENGES: [FieldName; 2] = [FieldName::PROXY_AUTHENTICATE, FieldName::WWW_AUTHENTICATE];
const CREDENTIALS: [FieldName; 2] = [FieldName::PROXY_AUTHORIZATION, FieldName::AUTHORIZATION];
const INFOS: [FieldName; 2] = [FieldName::PROXY_AUTHENTICATION_INFO, FieldName::AUTHENTICATION_INFO];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/captured")
}

/// Reads the rows of the table: file, field, scheme, realm, user, parameters, and whether the proof is right.
fn table() -> Vec<[String; 7]> {
    let table = fs::read_to_string(directory().join("expected.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| {
        let columns: Vec<_> = line.split('\t').map(str::to_owned).collect();
        columns.try_into().unwrap()
    });
    rows.collect()
}

/// Reads the captured files, with their names.
fn files() -> Vec<(String, Vec<u8>)> {
    let paths = fs::read_dir(directory()).unwrap().map(|file| file.unwrap().path());
    let captured = paths.filter(|path| path.extension().is_some_and(|extension| extension == "http"));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    captured.map(|path| (name(&path), fs::read(&path).unwrap())).collect()
}

/// A request or a response without its content.
struct Head<'a> {
    start_line: &'a str,
    fields: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Head<'a> {
    fn read(bytes: &'a [u8]) -> Self {
        let mut lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
        let start_line = str::from_utf8(lines.next().unwrap()).unwrap();
        let fields = lines.map(|line| {
            let colon = line.iter().position(|&byte| byte == b':').unwrap();
            (str::from_utf8(&line[..colon]).unwrap(), &line[colon + 1..])
        });
        Self {
            start_line,
            fields: fields.collect(),
        }
    }

    /// Returns the field lines with one of the given names.
    fn values(&self, names: [FieldName; 2]) -> impl Iterator<Item = &(&'a str, &'a [u8])> {
        let lines = self.fields.iter();
        lines.filter(move |(line, _)| names.iter().any(|name| name.is(line)))
    }
}

/// Parses the heads in a file: requests, each with its response.
fn exchanges(file: &[u8]) -> Vec<(Head<'_>, Head<'_>)> {
    let mut heads = Vec::new();
    let mut rest = file;
    while !rest.is_empty() {
        let end = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        heads.push(Head::read(&rest[..end]));
        rest = &rest[end + 4..];
    }
    let mut exchanges = Vec::new();
    let mut heads = heads.into_iter();
    while let (Some(request), Some(response)) = (heads.next(), heads.next()) {
        assert!(request.start_line.ends_with(" HTTP/1.1") && response.start_line.starts_with("HTTP/1.1 "));
        exchanges.push((request, response));
    }
    exchanges
}

/// Returns the columns of the table from the scheme on, without the last.
fn columns(scheme: Option<Token<'_>>, params: Params<'_>, has_token68: bool, user: &str) -> [String; 4] {
    let names: Vec<_> = params.iter().map(|param| param.name().to_str()).collect();
    let realm = params.get("realm").map(|realm| realm.to_string());
    [
        scheme.map_or("-".into(), |scheme| scheme.to_string()),
        realm.unwrap_or("-".into()),
        user.into(),
        if has_token68 { "token68".into() } else { names.join(",") },
    ]
}

fn user(credentials: &Credentials<'_>) -> String {
    let mut buffer = [0; 256];
    let user = match credentials.scheme() {
        Scheme::Basic => basic::Credentials::decode(credentials, &mut buffer)
            .unwrap()
            .user_id()
            .into(),
        Scheme::Digest => digest::Credentials::read(credentials)
            .unwrap()
            .username()
            .bytes()
            .collect(),
        other => panic!("{other}"),
    };
    String::from_utf8(user).unwrap()
}

#[test]
fn captured_fields_match_the_table() {
    let expected: BTreeSet<Vec<String>> = table().iter().map(|row| row[..6].to_vec()).collect();
    let mut read = BTreeSet::new();
    for (file, bytes) in files() {
        let mut add = |field: &str, columns: [String; 4]| {
            read.insert([&[file.clone(), field.into()], &columns[..]].concat());
        };
        for (request, response) in exchanges(&bytes) {
            for (name, value) in request.values(CREDENTIALS) {
                let it = Credentials::parse(value).unwrap();
                let has_token68 = it.token68().is_some();
                add(
                    name,
                    columns(Some(it.scheme_name()), it.params(), has_token68, &user(&it)),
                );
            }
            for (name, value) in response.values(CHALLENGES) {
                for it in Challenges::new(value) {
                    let it = it.unwrap();
                    add(
                        name,
                        columns(Some(it.scheme_name()), it.params(), it.token68().is_some(), "-"),
                    );
                }
            }
            for (name, value) in response.values(INFOS) {
                let it = AuthenticationInfo::parse(value).unwrap();
                add(name, columns(None, it.params(), false, "-"));
            }
        }
    }
    let missing: Vec<_> = expected.difference(&read).collect();
    let surplus: Vec<_> = read.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing: {missing:#?}\nsurplus: {surplus:#?}"
    );
}

/// The crate computes the same proofs as the peers, and rejects exactly the proofs that they rejected.
#[cfg(feature = "digest")]
#[test]
fn captured_proofs_match_the_table() {
    use proxy_auth::digest::{Info, Login, PasswordHash, Request};

    const PASSWORD: &str = "open sesame";

    let rows = table();
    let expected: BTreeSet<_> = rows
        .iter()
        .filter(|row| row[6] != "-")
        .map(|row| (row[0].as_str(), row[1].as_str(), row[6] == "right"))
        .collect();
    let files = files();
    let mut proved = BTreeSet::new();
    for (file, bytes) in &files {
        for (request, response) in exchanges(bytes) {
            let Some((name, value)) = request.values(CREDENTIALS).next() else {
                continue;
            };
            let credentials = Credentials::parse(value).unwrap();
            let is_accepted = response.start_line.contains(" 200 ");
            if credentials.scheme() == Scheme::Basic {
                let mut buffer = [0; 256];
                let basic = basic::Credentials::decode(&credentials, &mut buffer).unwrap();
                let is_right = basic.verify(basic.user_id(), PASSWORD);
                assert_eq!(is_right, is_accepted, "{file}: {}", response.start_line);
                proved.insert((file.as_str(), *name, is_right));
                continue;
            }
            let credentials = digest::Credentials::read(&credentials).unwrap();
            let realm: Vec<u8> = credentials.realm().unescaped().collect();
            let hash = PasswordHash::new(
                credentials.algorithm(),
                Login::new(credentials.username(), PASSWORD),
                &realm,
            );
            let words: Vec<_> = request.start_line.split(' ').collect();
            let proof = hash.response(&credentials, &Request::new(words[0], words[1]).unwrap());
            let is_right = credentials.response() == proof.as_str();
            assert_eq!(is_right, is_accepted, "{file}: {}", response.start_line);
            proved.insert((file, name, is_right));

            for (name, value) in response.values(INFOS) {
                let info = AuthenticationInfo::parse(value).unwrap();
                let info = Info::read(&info).unwrap();
                // qop=auth does not cover the content.
                let is_right = info.rspauth().unwrap() == hash.rspauth(&credentials, b"").as_str()
                    && info.cnonce() == credentials.cnonce()
                    && info.nc() == credentials.nc()
                    && info.qop() == credentials.qop();
                proved.insert((file, name, is_right));
            }
        }
    }
    assert_eq!(proved, expected);
}
