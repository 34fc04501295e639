//! Checks that each case of `tests/corpus` is read as its tree, or refused.

use proxy_auth::{AuthenticationInfo, Challenges, Credentials, Params, Token, Token68};

pub struct Case {
    pub id: &'static str,
    field: Field,
    value: &'static [u8],
    /// The tree, if the grammar accepts the value.
    expected: Option<&'static [Auth]>,
}

enum Field {
    Challenges,
    Credentials,
    /// Parameters without a scheme.
    Info,
}

/// A challenge or credentials.
struct Auth {
    scheme: &'static str,
    token68: Option<&'static [u8]>,
    params: &'static [(&'static str, &'static [u8])],
}

pub static CASES: &[Case] = include!(concat!(env!("OUT_DIR"), "/cases.rs"));

impl Case {
    /// Checks that the result of reading is the expected tree or an error.
    pub fn passes(&self) -> bool {
        match self.field {
            Field::Challenges => self.challenges_pass(),
            Field::Credentials => match (Credentials::parse(self.value), self.expected) {
                (Ok(read), Some([auth])) => auth.is(read.scheme_name(), read.token68(), read.params()),
                (Err(_), None) => true,
                _ => false,
            },
            Field::Info => match (AuthenticationInfo::parse(self.value), self.expected) {
                (Ok(read), Some([auth])) => auth.has(read.params()),
                (Err(_), None) => true,
                _ => false,
            },
        }
    }

    fn challenges_pass(&self) -> bool {
        let mut challenges = Challenges::new(self.value);
        let Some(expected) = self.expected else {
            return challenges.any(|challenge| challenge.is_err());
        };
        expected.iter().all(|auth| match challenges.next() {
            Some(Ok(read)) => auth.is(read.scheme_name(), read.token68(), read.params()),
            _ => false,
        }) && challenges.next().is_none()
    }
}

impl Auth {
    fn is(&self, scheme: Token<'_>, token68: Option<Token68<'_>>, params: Params<'_>) -> bool {
        scheme.to_str() == self.scheme && token68.map(|token68| token68.as_bytes()) == self.token68 && self.has(params)
    }

    fn has(&self, params: Params<'_>) -> bool {
        let mut params = params.iter();
        self.params.iter().all(|&(name, value)| {
            params
                .next()
                .is_some_and(|param| param.name().to_str() == name && param.value() == *value)
        }) && params.next().is_none()
    }
}
