//! Checks that the fuzz targets share.

pub mod exchange;
pub mod peers;

use arbitrary::Arbitrary;
use proxy_auth::{AuthParam, Challenge, Encode, ParamValue, Params, ParseError, Scheme, Token, Token68};

/// Reads the challenges of a value. Checks that errors point into it, in order.
pub fn challenges<'a>(value: &'a [u8], lenient: bool) -> Vec<Result<Challenge<'a>, ParseError>> {
    let challenges = proxy_auth::Challenges::new(value);
    let challenges = if lenient { challenges.lenient() } else { challenges };
    let found: Vec<_> = challenges.collect();
    let mut before = 0;
    for error in found.iter().filter_map(|found| found.as_ref().err()) {
        check_error(error, value);
        assert!(error.skipped().start >= before && error.skipped().end > error.skipped().start);
        before = error.skipped().end;
    }
    found
}

/// Checks that an error points into the value, which is shown in one line.
pub fn check_error(error: &ParseError, value: &[u8]) {
    assert!(error.offset() <= value.len() && error.skipped().end <= value.len());
    let shown = error.snippet(value).to_string();
    assert_eq!(shown.lines().count(), 2);
    assert!(shown.chars().all(|char| char == '\n' || !char.is_control()));
}

/// Checks that all accessors of parameters agree.
pub fn check_params(params: Params<'_>) {
    for param in params {
        let value = param.value();
        let means: Vec<u8> = value.unescaped().collect();
        assert_eq!(means.len(), value.len());
        assert!(value == means[..]);
        assert_eq!(value.to_bytes().is_some(), means == value.raw());
        let mut buffer = vec![0; means.len()];
        assert_eq!(value.copy_to(&mut buffer).unwrap(), means);
        if let Some(shorter) = buffer.len().checked_sub(1) {
            assert_eq!(value.copy_to(&mut buffer[..shorter]).unwrap_err().needed, means.len());
        }
        assert_eq!(value.to_string(), String::from_utf8_lossy(&means));
        assert!(params.get(param.name().to_str()).is_some());
    }
}

/// Encodes a value. Checks that the result is one line, and has and needs exactly the reported length.
pub fn written(value: &dyn Encode) -> Vec<u8> {
    let len = value.encoded_len();
    let mut buffer = vec![b'#'; len + 1];
    assert_eq!(value.encode(&mut buffer).unwrap().len(), len);
    assert_eq!(buffer.pop(), Some(b'#'));
    assert!(!buffer.iter().any(|byte| matches!(byte, b'\r' | b'\n' | b'\0')));
    if let Some(shorter) = len.checked_sub(1) {
        let mut buffer = vec![b'#'; len];
        assert_eq!(value.encode(&mut buffer[..shorter]).unwrap_err().needed, len);
        assert_eq!(buffer.last(), Some(&b'#'));
    }
    buffer
}

/// An arbitrary scheme with a token68 or parameters.
#[derive(Arbitrary, Debug)]
pub struct Made {
    scheme: String,
    token68: Option<Vec<u8>>,
    params: Vec<(String, Vec<u8>, bool)>,
}

impl Made {
    /// Calls `take` with the scheme, and the token68 or the parameters, if they are valid.
    pub fn with(&self, take: impl FnOnce(Scheme<'_>, Result<Token68<'_>, &[AuthParam<'_>]>)) {
        let Ok(scheme) = Scheme::new(&self.scheme) else { return };
        if let Some(token68) = &self.token68 {
            if let Ok(token68) = Token68::new(token68) {
                take(scheme, Ok(token68));
            }
            return;
        }
        let params = self.params.iter().map(|(name, value, quoted)| {
            let value = if *quoted {
                ParamValue::quoted(value).ok()?
            } else {
                ParamValue::token(std::str::from_utf8(value).ok()?).ok()?
            };
            Some(AuthParam::new(Token::new(name).ok()?, value))
        });
        if let Some(params) = params.collect::<Option<Vec<_>>>() {
            take(scheme, Err(&params));
        }
    }
}
