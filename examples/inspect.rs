//! Shows what field values of HTTP authentication hold, or where they break.
//!
//! ```sh
//! cargo run --example inspect -- 'Negotiate, Basic realm="x"'
//! ```

use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use proxy_auth::{AuthenticationInfo, Challenge, Challenges, Credentials, FieldName, Params, ParseError, Token68};

const USAGE: &str = "\
Shows what field values of HTTP authentication hold, or where they break.

Usage: inspect [OPTION]... [--] [VALUE]...

Without VALUE, reads values from standard input, one a line. A CR before the LF is part of the line's end.

  --field NAME     which field the values are of: proxy-authenticate (the default), proxy-authorization,
                   proxy-authentication-info, or the name of the same field of an origin server
  --lenient        tolerate what real senders get wrong
  --json           print one line of JSON a value; bytes are the characters U+0000 to U+00FF; shows credentials
  --show-secrets   show credentials
  --help           print this

Exit status: 0, or 1 when a value was in error, or 2 when the options were.
";

/// What the options say.
struct Options {
    grammar: Grammar,
    lenient: bool,
    json: bool,
    show_secrets: bool,
}

/// What the values of a field are.
#[derive(Clone, Copy)]
enum Grammar {
    Challenges,
    Credentials,
    Info,
}

fn main() -> ExitCode {
    let (options, values) = match parse_arguments(env::args_os().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprint!("inspect: {message}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let result = if values.is_empty() {
        let lines = io::stdin().lock().split(b'\n');
        inspect_all(&options, lines.map(|line| line.map(without_cr)))
    } else {
        inspect_all(&options, values.into_iter().map(|value| Ok(value.into_encoded_bytes())))
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("inspect: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The options and the values; nothing when help is asked for.
fn parse_arguments(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<(Options, Vec<OsString>)>, String> {
    let mut options = Options {
        grammar: Grammar::Challenges,
        lenient: false,
        json: false,
        show_secrets: false,
    };
    let mut values = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--field") => {
                let name = arguments.next().ok_or("--field takes a name")?;
                options.grammar = grammar(&name).ok_or(format!("unknown field {}", name.to_string_lossy()))?;
            }
            Some("--lenient") => options.lenient = true,
            Some("--json") => options.json = true,
            Some("--show-secrets") => options.show_secrets = true,
            Some("--help") => return Ok(None),
            Some("--") => {
                values.extend(arguments);
                break;
            }
            Some(option) if option.starts_with('-') => return Err(format!("unknown option {option}")),
            _ => values.push(argument),
        }
    }
    Ok(Some((options, values)))
}

fn grammar(field: &OsString) -> Option<Grammar> {
    let is = |name: FieldName| name.is(field.as_encoded_bytes());
    if is(FieldName::PROXY_AUTHENTICATE) || is(FieldName::WWW_AUTHENTICATE) {
        Some(Grammar::Challenges)
    } else if is(FieldName::PROXY_AUTHORIZATION) || is(FieldName::AUTHORIZATION) {
        Some(Grammar::Credentials)
    } else if is(FieldName::PROXY_AUTHENTICATION_INFO) || is(FieldName::AUTHENTICATION_INFO) {
        Some(Grammar::Info)
    } else {
        None
    }
}

fn without_cr(mut line: Vec<u8>) -> Vec<u8> {
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    line
}

/// Prints each value, and says whether all are without error.
fn inspect_all(options: &Options, values: impl Iterator<Item = io::Result<Vec<u8>>>) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    let mut all_right = true;
    for (index, value) in values.enumerate() {
        let value = value?;
        all_right &= if options.json {
            print_json(&mut out, options, &value)?
        } else {
            if index > 0 {
                writeln!(out)?;
            }
            print_tree(&mut out, options, &value)?
        };
        out.flush()?;
    }
    Ok(all_right)
}

/// Prints a value as a tree, and says whether it is without error.
fn print_tree(out: &mut impl Write, options: &Options, value: &[u8]) -> io::Result<bool> {
    match options.grammar {
        Grammar::Challenges => print_challenges(out, challenges(options, value), value),
        Grammar::Credentials => match credentials(options, value) {
            Ok(credentials) => {
                let name = credentials.scheme_name().as_str();
                let (token68, params) = (credentials.token68(), credentials.params());
                print_auth(out, name, token68, params, options.show_secrets).map(|()| true)
            }
            Err(error) if options.show_secrets => print_error(out, &error, value),
            Err(error) => writeln!(out, "{error} (--show-secrets shows where)").map(|()| false),
        },
        Grammar::Info => match info(options, value) {
            Ok(info) if info.params().iter().next().is_none() => writeln!(out, "(no parameters)").map(|()| true),
            Ok(info) => print_params(out, "", info.params(), true).map(|()| true),
            Err(error) => print_error(out, &error, value),
        },
    }
}

fn print_challenges(out: &mut impl Write, mut challenges: Challenges<'_>, value: &[u8]) -> io::Result<bool> {
    let mut all_right = true;
    let mut next = challenges.next();
    if next.is_none() {
        writeln!(out, "(no challenges)")?;
    }
    while let Some(challenge) = next {
        match challenge {
            Ok(challenge) => {
                let (name, token68, params) = parts(&challenge);
                print_auth(out, name, token68, params, true)?;
            }
            Err(error) => all_right = print_error(out, &error, value)?,
        }
        next = challenges.next();
    }
    Ok(all_right)
}

fn print_error(out: &mut impl Write, error: &ParseError, value: &[u8]) -> io::Result<bool> {
    writeln!(out, "{}", error.pointing_into(value)).map(|()| false)
}

fn print_auth(
    out: &mut impl Write,
    scheme: &str,
    token68: Option<Token68<'_>>,
    params: Params<'_>,
    shown: bool,
) -> io::Result<()> {
    writeln!(out, "{scheme}")?;
    if let Some(token68) = token68 {
        let text = if shown { token68.as_str() } else { "[redacted]" };
        writeln!(out, "  token68  {text}")?;
    }
    print_params(out, "  ", params, shown)
}

fn print_params(out: &mut impl Write, indent: &str, params: Params<'_>, shown: bool) -> io::Result<()> {
    let names = params.iter().map(|param| param.name().as_str().len());
    let width = names.max().unwrap_or_default();
    for param in params {
        let value = if shown {
            format!("\"{}\"", printable(&param.value().unescaped().collect::<Vec<_>>()))
        } else {
            "[redacted]".into()
        };
        writeln!(out, "{indent}{:width$}  {value}", param.name())?;
    }
    Ok(())
}

/// Text for a terminal: characters that would move it, and bytes that are not UTF-8, are escaped.
fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '"' | '\\' => text.extend(['\\', char]),
                char if char.is_control() => text.extend(char.escape_unicode()),
                char => text.push(char),
            }
        }
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    text
}

/// Prints a value as one line of JSON, and says whether it is without error.
fn print_json(out: &mut impl Write, options: &Options, value: &[u8]) -> io::Result<bool> {
    let elements = match options.grammar {
        Grammar::Challenges => challenges(options, value)
            .map(|challenge| challenge.map(|challenge| json_auth(parts(&challenge))))
            .collect(),
        Grammar::Credentials => credentials(options, value).map(|credentials| {
            let name = credentials.scheme_name().as_str();
            vec![json_auth((name, credentials.token68(), credentials.params()))]
        }),
        Grammar::Info => info(options, value).map(|info| json_params(info.params())),
    };
    match elements {
        Ok(elements) => writeln!(out, "{{\"ok\":[{}]}}", elements.join(",")).map(|()| true),
        Err(error) => {
            let (kind, at) = (error.kind(), error.offset());
            writeln!(out, "{{\"err\":{{\"kind\":\"{kind:?}\",\"at\":{at}}}}}").map(|()| false)
        }
    }
}

fn json_auth((scheme, token68, params): (&str, Option<Token68<'_>>, Params<'_>)) -> String {
    let scheme = json_string(scheme.bytes());
    let token68 = token68.map_or("null".into(), |token68| json_string(token68.as_bytes().iter().copied()));
    let params = json_params(params).join(",");
    format!("{{\"scheme\":{scheme},\"token68\":{token68},\"params\":[{params}]}}")
}

fn json_params(params: Params<'_>) -> Vec<String> {
    let json_param = |name: &str, value| format!("[{},{}]", json_string(name.bytes()), json_string(value));
    params
        .iter()
        .map(|param| json_param(param.name().as_str(), param.value().unescaped()))
        .collect()
}

/// A JSON string in which each byte is one character.
fn json_string(bytes: impl Iterator<Item = u8>) -> String {
    let mut text = String::from("\"");
    for byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            // Writing to a String cannot fail.
            0..b' ' => write!(text, "\\u{byte:04x}").unwrap_or_default(),
            _ => text.push(char::from(byte)),
        }
    }
    text.push('"');
    text
}

fn challenges<'a>(options: &Options, value: &'a [u8]) -> Challenges<'a> {
    let challenges = Challenges::new(value);
    if options.lenient {
        challenges.lenient()
    } else {
        challenges
    }
}

fn credentials<'a>(options: &Options, value: &'a [u8]) -> Result<Credentials<'a>, ParseError> {
    if options.lenient {
        Credentials::parse_lenient(value)
    } else {
        Credentials::parse(value)
    }
}

fn info<'a>(options: &Options, value: &'a [u8]) -> Result<AuthenticationInfo<'a>, ParseError> {
    if options.lenient {
        AuthenticationInfo::parse_lenient(value)
    } else {
        AuthenticationInfo::parse(value)
    }
}

fn parts<'a>(challenge: &Challenge<'a>) -> (&'a str, Option<Token68<'a>>, Params<'a>) {
    (
        challenge.scheme_name().as_str(),
        challenge.token68(),
        challenge.params(),
    )
}
