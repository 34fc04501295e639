//! Owned trees of field values, independent of the library's types.

use proxy_auth::{
    AuthParam, Challenge, Challenges, Credentials, Encode, ParamValue, Params, ParseError, Scheme, Token, Token68,
};

/// A parameter: its name, its value, and `true` if the value is quoted.
pub(crate) type Param = (String, Vec<u8>, bool);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Token68(String),
    Params(Vec<Param>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Auth {
    pub(crate) scheme: String,
    pub(crate) body: Body,
}

/// Returns the parameters with raw values, as written.
pub(crate) fn raw(params: Params<'_>) -> Vec<Param> {
    let raw = |param: AuthParam<'_>| {
        let value = param.value();
        (param.name().to_string(), value.raw().to_vec(), value.is_quoted())
    };
    params.iter().map(raw).collect()
}

/// Returns the parameters with unescaped values.
pub(crate) fn meant(params: Params<'_>) -> Vec<Param> {
    let meant = |param: AuthParam<'_>| {
        let value = param.value();
        (param.name().to_string(), value.unescaped().collect(), value.is_quoted())
    };
    params.iter().map(meant).collect()
}

fn tree(scheme: Token<'_>, token68: Option<Token68<'_>>, params: Vec<Param>) -> Auth {
    let body = match token68 {
        Some(token68) => {
            assert!(params.is_empty());
            Body::Token68(token68.to_str().to_owned())
        }
        None => Body::Params(params),
    };
    Auth {
        scheme: scheme.to_string(),
        body,
    }
}

pub(crate) fn of_challenge(challenge: &Challenge<'_>, params: fn(Params<'_>) -> Vec<Param>) -> Auth {
    tree(challenge.scheme_name(), challenge.token68(), params(challenge.params()))
}

pub(crate) fn of_credentials(credentials: &Credentials<'_>, params: fn(Params<'_>) -> Vec<Param>) -> Auth {
    tree(
        credentials.scheme_name(),
        credentials.token68(),
        params(credentials.params()),
    )
}

/// Reads all challenges of the field lines, or the first error.
pub(crate) fn challenges(lines: &[&[u8]], params: fn(Params<'_>) -> Vec<Param>) -> Result<Vec<Auth>, ParseError> {
    Challenges::from_lines(lines)
        .map(|challenge| challenge.map(|challenge| of_challenge(&challenge, params)))
        .collect()
}

pub(crate) fn built(params: &[Param]) -> Vec<AuthParam<'_>> {
    params
        .iter()
        .map(|(name, value, quoted)| {
            let value = if *quoted {
                ParamValue::quoted(value).unwrap()
            } else {
                ParamValue::token(std::str::from_utf8(value).unwrap()).unwrap()
            };
            AuthParam::new(Token::new(name).unwrap(), value)
        })
        .collect()
}

impl Auth {
    fn scheme(&self) -> Scheme<'_> {
        Scheme::Other(Token::new(&self.scheme).unwrap())
    }

    pub(crate) fn params(&self) -> Vec<AuthParam<'_>> {
        match &self.body {
            Body::Token68(_) => vec![],
            Body::Params(params) => built(params),
        }
    }

    pub(crate) fn challenge<'a>(&'a self, params: &'a [AuthParam<'a>]) -> Challenge<'a> {
        match &self.body {
            Body::Token68(token68) => Challenge::from_token68(self.scheme(), Token68::new(token68).unwrap()),
            Body::Params(_) => Challenge::from_params(self.scheme(), params),
        }
    }

    pub(crate) fn credentials<'a>(&'a self, params: &'a [AuthParam<'a>]) -> Credentials<'a> {
        match &self.body {
            Body::Token68(token68) => Credentials::from_token68(self.scheme(), Token68::new(token68).unwrap()),
            Body::Params(_) => Credentials::from_params(self.scheme(), params),
        }
    }

    pub(crate) fn encoded(&self) -> Vec<u8> {
        bytes(&self.challenge(&self.params()))
    }
}

/// Returns the encoded bytes.
pub(crate) fn bytes(value: &impl Encode) -> Vec<u8> {
    let mut buffer = vec![0; value.encoded_len()];
    value.encode(&mut buffer).unwrap().to_vec()
}
