//! Writes trees with the library, and reads them again.
//!
//! There are two ways of writing what was read: the views implement [`Encode`], and the constructors take their parts. The
//! constructors escape only what needs it, so the results can differ, but both mean the same.

use proxy_auth::{
    AuthParam, AuthenticationInfo, Challenge, Challenges, Credentials, Encode, ParamValue, Params, Scheme, Token,
    Token68,
};

use crate::grammar::Grammar;

/// A challenge or credentials, or the parameters of Proxy-Authentication-Info, whose scheme is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// The scheme, as spelled.
    pub scheme: Vec<u8>,
    /// The token68, if one follows.
    pub token68: Option<Vec<u8>>,
    /// The parameters, in order.
    pub params: Vec<Param>,
}

/// A parameter: the name, as spelled, and the value.
pub type Param = (Vec<u8>, Value);

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The unescaped value.
    pub text: Vec<u8>,
    /// `true` for a quoted-string, `false` for a token.
    pub quoted: bool,
}

/// Checks that the trees of `value`, written in both ways and read again, are the same, that writing them again changes
/// nothing, and that lenient reading agrees. Strict reading must accept `value`.
///
/// # Panics
/// Panics if a check fails.
pub fn check_value(grammar: Grammar, value: &[u8]) {
    let read = Read::strict(grammar, &[value]);
    assert_eq!(Read::lenient(grammar, value), read, "\"{}\"", value.escape_ascii());
    check_written(grammar, &read);
    check_written(grammar, &Read::built(grammar, &read.auths));
}

/// Checks that everything that lenient reading finds in `value`, written in both ways and read strictly, is the same. Returns
/// the number of challenges, credentials or lists of parameters.
///
/// # Panics
/// Panics if a check fails.
#[must_use]
pub fn check_lenient(grammar: Grammar, value: &[u8]) -> usize {
    let read = Read {
        faults: 0,
        ..Read::lenient(grammar, value)
    };
    if !read.auths.is_empty() {
        check_written(grammar, &read);
        check_written(grammar, &Read::built(grammar, &read.auths));
    }
    read.auths.len()
}

/// Checks that trees, written by the constructors, are read as the same trees. Returns the written value.
///
/// # Panics
/// Panics if a check fails.
#[must_use]
pub fn check_trees(grammar: Grammar, auths: &[Auth]) -> Vec<u8> {
    check_written(grammar, &Read::built(grammar, auths))
}

/// Checks that what was written is read as the same trees, on one line and on several, and is written in the same way again.
/// Returns the line.
fn check_written(grammar: Grammar, read: &Read) -> Vec<u8> {
    let line = read.written.join(&b", "[..]);
    let shown = line.escape_ascii();
    assert_eq!(&Read::strict(grammar, &[&line]), read, "\"{shown}\"");
    assert_eq!(&Read::lenient(grammar, &line), read, "leniently: \"{shown}\"");
    if grammar == Grammar::Authenticate {
        let lines: Vec<&[u8]> = read.written.iter().map(Vec::as_slice).collect();
        assert_eq!(&Read::strict(grammar, &lines), read, "several lines: \"{shown}\"");
    }
    line
}

/// The result of reading: the trees, and each of them as its view writes it.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    auths: Vec<Auth>,
    written: Vec<Vec<u8>>,
    faults: usize,
}

impl Read {
    const NOTHING: Self = Self {
        auths: Vec::new(),
        written: Vec::new(),
        faults: 0,
    };

    /// Writes trees with the constructors, instead of reading.
    fn built(grammar: Grammar, auths: &[Auth]) -> Self {
        Self {
            auths: auths.to_vec(),
            written: auths.iter().map(|auth| auth.written(grammar)).collect(),
            faults: 0,
        }
    }

    /// Reads strictly. Only Proxy-Authenticate may have several lines.
    fn strict(grammar: Grammar, lines: &[&[u8]]) -> Self {
        let mut read = Self::NOTHING;
        match grammar {
            Grammar::Authenticate => {
                Challenges::from_lines(lines.iter().copied()).for_each(|challenge| read.challenge(challenge.ok()));
            }
            Grammar::Authorization => read.credentials(Credentials::parse(lines[0]).ok()),
            Grammar::AuthenticationInfo => read.info(AuthenticationInfo::parse(lines[0]).ok()),
        }
        read
    }

    fn lenient(grammar: Grammar, line: &[u8]) -> Self {
        let mut read = Self::NOTHING;
        match grammar {
            Grammar::Authenticate => {
                let challenges = Challenges::new(line).lenient();
                challenges.for_each(|challenge| read.challenge(challenge.ok()));
            }
            Grammar::Authorization => read.credentials(Credentials::parse_lenient(line).ok()),
            Grammar::AuthenticationInfo => read.info(AuthenticationInfo::parse_lenient(line).ok()),
        }
        read
    }

    fn challenge(&mut self, challenge: Option<Challenge<'_>>) {
        let damaged = challenge.is_none_or(|challenge| challenge.damage().is_some());
        self.faults += usize::from(damaged);
        if let Some(read) = challenge {
            let auth = Auth::new(Some(read.scheme_name()), read.token68(), read.params());
            self.push(auth, &read);
        }
    }

    fn credentials(&mut self, credentials: Option<Credentials<'_>>) {
        self.faults += usize::from(credentials.is_none());
        if let Some(read) = credentials {
            let auth = Auth::new(Some(read.scheme_name()), read.token68(), read.params());
            self.push(auth, &read);
        }
    }

    fn info(&mut self, info: Option<AuthenticationInfo<'_>>) {
        self.faults += usize::from(info.is_none());
        if let Some(read) = info {
            self.push(Auth::new(None, None, read.params()), &read);
        }
    }

    fn push(&mut self, auth: Auth, view: &impl Encode) {
        self.auths.push(auth);
        self.written.push(bytes(view));
    }
}

impl Auth {
    fn new(scheme: Option<Token<'_>>, token68: Option<Token68<'_>>, params: Params<'_>) -> Self {
        let param = |param: AuthParam<'_>| {
            let value = Value {
                text: param.value().unescaped().collect(),
                quoted: param.value().is_quoted(),
            };
            (param.name().as_bytes().to_vec(), value)
        };
        Self {
            scheme: scheme.map(|scheme| scheme.as_bytes().to_vec()).unwrap_or_default(),
            token68: token68.map(|token68| token68.as_bytes().to_vec()),
            params: params.iter().map(param).collect(),
        }
    }

    /// Writes this with the constructors of the library.
    fn written(&self, grammar: Grammar) -> Vec<u8> {
        let params = self.params.iter();
        let params: Vec<AuthParam<'_>> = params
            .map(|(name, value)| AuthParam::new(token(name), value.built()))
            .collect();
        if grammar == Grammar::AuthenticationInfo {
            return bytes(&AuthenticationInfo::new(&params));
        }
        let scheme = Scheme::Other(token(&self.scheme));
        let token68 = self
            .token68
            .as_ref()
            .map(|token68| Token68::new(token68).expect("a token68"));
        match (grammar, token68) {
            (Grammar::Authenticate, None) if params.is_empty() => bytes(&Challenge::new(scheme)),
            (Grammar::Authenticate, None) => bytes(&Challenge::from_params(scheme, &params)),
            (Grammar::Authenticate, Some(token68)) => bytes(&Challenge::from_token68(scheme, token68)),
            (_, None) if params.is_empty() => bytes(&Credentials::new(scheme)),
            (_, None) => bytes(&Credentials::from_params(scheme, &params)),
            (_, Some(token68)) => bytes(&Credentials::from_token68(scheme, token68)),
        }
    }
}

impl Value {
    fn built(&self) -> ParamValue<'_> {
        if self.quoted {
            ParamValue::quoted(&self.text).expect("text without control characters")
        } else {
            ParamValue::from(token(&self.text))
        }
    }
}

fn token(bytes: &[u8]) -> Token<'_> {
    let token = std::str::from_utf8(bytes).ok().and_then(|token| Token::new(token).ok());
    token.expect("a token")
}

fn bytes(value: &impl Encode) -> Vec<u8> {
    let mut buffer = vec![0; value.encoded_len()];
    let written = value.encode(&mut buffer).expect("there is room").len();
    assert_eq!(written, buffer.len(), "encoded_len disagrees");
    buffer
}
