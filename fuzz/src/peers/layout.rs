//! White space, and empty elements of lists.

use proxy_auth::{Challenge, Params, Token, Token68};

/// Writes challenges with as few white space as possible, without empty elements, and with values as they were read.
pub(super) fn plain(challenges: &[Challenge<'_>]) -> Vec<u8> {
    let plain = challenges
        .iter()
        .map(|challenge| plain_one(challenge.scheme_name(), challenge.token68(), challenge.params()));
    plain.collect::<Vec<_>>().join(&b", "[..])
}

/// Writes a challenge or credentials like [`plain`].
pub(super) fn plain_one(scheme: Token<'_>, token68: Option<Token68<'_>>, params: Params<'_>) -> Vec<u8> {
    let mut out = Vec::from(scheme.to_str());
    if let Some(token68) = token68 {
        out.push(b' ');
        out.extend(token68.as_bytes());
    }
    for (index, param) in params.iter().enumerate() {
        let quote: &[u8] = if param.value().is_quoted() { b"\"" } else { b"" };
        out.extend(if index == 0 { &b" "[..] } else { b", " });
        out.extend(param.name().to_str().as_bytes());
        out.extend([b"=", quote, param.value().raw(), quote].concat());
    }
    out
}

/// Returns what stands between the commas outside of quoted strings, with each quoted string as one quote.
pub(super) fn elements(value: &[u8]) -> Vec<Vec<u8>> {
    let mut elements = vec![Vec::new()];
    let mut bytes = value.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b',' => elements.push(Vec::new()),
            _ => elements.last_mut().unwrap().push(byte),
        }
        if byte == b'"' {
            while let Some(byte) = bytes.next() {
                match byte {
                    b'\\' => drop(bytes.next()),
                    b'"' => break,
                    _ => {}
                }
            }
        }
    }
    elements
}

/// Returns the number of empty elements of a list. An empty value has none.
pub(super) fn empty_elements(value: &[u8]) -> usize {
    if value.trim_ascii().is_empty() {
        return 0;
    }
    let elements = elements(value);
    elements
        .iter()
        .filter(|element| element.trim_ascii().is_empty())
        .count()
}

/// Returns the white space and commas that follow a scheme of `value`.
pub(super) fn before_params<'a>(value: &'a [u8], scheme: Token<'_>) -> &'a [u8] {
    let start = scheme.to_str().as_bytes().as_ptr_range().end.addr() - value.as_ptr().addr();
    let rest = &value[start..];
    let is_layout = |byte: &u8| matches!(byte, b' ' | b'\t' | b',');
    &rest[..rest.iter().take_while(|byte| is_layout(byte)).count()]
}
