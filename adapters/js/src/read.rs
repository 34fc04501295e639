//! Writes the contents of field lines as JSON: a list of the challenges, of the credentials, or of the parameters of
//! each line.
//!
//! ```json
//! [{"line": 0,
//!   "scheme": {"text": "Basic", "at": [0, 5]},
//!   "token68": null,
//! "params": [{"name": {"text": "realm", "at": [6, 11]}, "value": {"text": "a\"b", "at": [12, 18]}, "quoted": true}]},
//! {"line": 0, "error": "expected an authentication scheme", "kind": "ExpectedScheme", "offset": 20, "skipped": [20,
//! 33]}]
//! ```
//!
//! A damaged challenge, which only lenient reading returns, also has the keys "damage" (a text like that of "error"),
//! "kind" and "offset".
//!
//! Each character of a text is a byte. The text of a value is unescaped, but its position includes the quotes.
//! Positions are byte offsets in the field line. The scheme is null in Proxy-Authentication-Info.

use proxy_auth::{
    AuthParam, AuthenticationInfo, Challenge, Challenges, Credentials, Expected, ParamValue, Params, ParseError,
    ParseErrorKind, Token, Token68,
};

use crate::json::Json;
use crate::lines::Lines;

/// A challenge, credentials, or the parameters of Proxy-Authentication-Info, which have no scheme.
struct Element<'a> {
    scheme: Option<Token<'a>>,
    token68: Option<Token68<'a>>,
    params: Params<'a>,
    damage: Option<Expected>,
}

/// Writes the contents of the lines. `field` is 0 for Proxy-Authenticate, 1 for Proxy-Authorization, and 2 for
/// Proxy-Authentication-Info. Otherwise, writes nothing.
pub(crate) fn read(field: u8, lenient: bool, lines: &Lines<'_>, json: &mut Json<'_>) {
    match field {
        0 => json.list(challenges(lines, lenient), |json, challenge| match challenge {
            Ok(challenge) => {
                let (index, line) = lines.that_holds(challenge.scheme_name().as_bytes());
                element(json, index, line, &challenge.into());
            }
            Err(error) => self::error(json, error.line(), &error),
        }),
        1 => json.list(credentials(lines, lenient), |json, credentials| match credentials {
            Ok((line, credentials)) => element(json, 0, line, &credentials.into()),
            Err(error) => self::error(json, error.line(), &error),
        }),
        2 => json.list(lines.clone().enumerate(), |json, (index, line)| {
            match info(line, lenient) {
                Ok(info) => element(json, index, line, &info.into()),
                Err(error) => self::error(json, index, &error),
            }
        }),
        _ => {}
    }
}

/// Returns the challenges of the lines.
pub(crate) fn challenges<'a>(lines: &Lines<'a>, lenient: bool) -> Challenges<'a, Lines<'a>> {
    let challenges = Challenges::from_lines(lines.clone());
    if lenient { challenges.lenient() } else { challenges }
}

/// Returns the credentials and their line, if there is one. A second line is an error even if reading is lenient.
fn credentials<'a>(lines: &Lines<'a>, lenient: bool) -> Option<Result<(&'a [u8], Credentials<'a>), ParseError>> {
    let mut rest = lines.clone();
    let line = rest.next()?;
    let credentials = match rest.next() {
        None if lenient => Credentials::parse_lenient(line),
        None => Credentials::parse(line),
        Some(_) => Credentials::from_lines(lines.clone()).transpose()?,
    };
    Some(credentials.map(|credentials| (line, credentials)))
}

fn info(line: &[u8], lenient: bool) -> Result<AuthenticationInfo<'_>, ParseError> {
    if lenient {
        AuthenticationInfo::parse_lenient(line)
    } else {
        AuthenticationInfo::parse(line)
    }
}

impl<'a> From<Challenge<'a>> for Element<'a> {
    fn from(challenge: Challenge<'a>) -> Self {
        Self {
            scheme: Some(challenge.scheme_name()),
            token68: challenge.token68(),
            params: challenge.params(),
            damage: challenge.damage(),
        }
    }
}

impl<'a> From<Credentials<'a>> for Element<'a> {
    fn from(credentials: Credentials<'a>) -> Self {
        Self {
            scheme: Some(credentials.scheme_name()),
            token68: credentials.token68(),
            params: credentials.params(),
            damage: None,
        }
    }
}

impl<'a> From<AuthenticationInfo<'a>> for Element<'a> {
    fn from(info: AuthenticationInfo<'a>) -> Self {
        Self {
            scheme: None,
            token68: None,
            params: info.params(),
            damage: None,
        }
    }
}

fn element(json: &mut Json<'_>, index: usize, line: &[u8], element: &Element<'_>) {
    json.put(r#"{"line":"#);
    json.number(index);
    json.put(r#","scheme":"#);
    text_or_null(json, element.scheme.map(|scheme| (scheme.as_bytes(), scheme.offset())));
    json.put(r#","token68":"#);
    text_or_null(
        json,
        element.token68.map(|token68| (token68.as_bytes(), token68.offset())),
    );
    json.put(r#","params":"#);
    json.list(element.params, |json, param| self::param(json, line, param));
    if let Some(damage) = element.damage {
        json.put(r#","damage":"#);
        kind_and_offset(json, damage.kind(), damage.offset());
    }
    json.put("}");
}

fn param(json: &mut Json<'_>, line: &[u8], param: AuthParam<'_>) {
    json.put(r#"{"name":"#);
    text_or_null(json, Some((param.name().as_bytes(), param.name().offset())));
    json.put(r#","value":"#);
    let value = param.value();
    text(json, value.unescaped(), value.offset(), end(line, value));
    json.put(r#","quoted":"#);
    json.put(if value.is_quoted() { "true" } else { "false" });
    json.put("}");
}

/// Returns the offset after the value and after its closing quote, if it has one.
fn end(line: &[u8], value: ParamValue<'_>) -> usize {
    let opened = line.get(value.offset()) == Some(&b'"') && value.is_quoted();
    let end = value.offset() + usize::from(opened) + value.raw().len();
    end + usize::from(opened && line.get(end) == Some(&b'"'))
}

/// Writes the bytes of a part and its position.
fn text_or_null(json: &mut Json<'_>, part: Option<(&[u8], usize)>) {
    match part {
        Some((bytes, start)) => text(json, bytes.iter().copied(), start, start + bytes.len()),
        None => json.put("null"),
    }
}

fn text(json: &mut Json<'_>, bytes: impl Iterator<Item = u8>, start: usize, end: usize) {
    json.put(r#"{"text":"#);
    json.bytes(bytes);
    json.put(r#","at":"#);
    json.range(start, end);
    json.put("}");
}

fn error(json: &mut Json<'_>, index: usize, error: &ParseError) {
    json.put(r#"{"line":"#);
    json.number(index);
    json.put(r#","error":"#);
    kind_and_offset(json, error.kind(), error.offset());
    json.put(r#","skipped":"#);
    json.range(error.skipped().start, error.skipped().end);
    json.put("}");
}

fn kind_and_offset(json: &mut Json<'_>, kind: ParseErrorKind, offset: usize) {
    json.display(kind);
    json.put(r#","kind":"#);
    json.display(format_args!("{kind:?}"));
    json.put(r#","offset":"#);
    json.number(offset);
}
