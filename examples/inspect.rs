//! Shows the contents of field values of HTTP authentication, or the first error.
//!
//! ```sh
//! cargo run --example inspect -- 'Negotiate, Basic realm="x"'
//! cargo run --example inspect -- --lenient --json <values.txt
//! cargo run --example inspect -- --field proxy-authorization --show-secrets 'Basic YTpi'
//! cargo run --example inspect -- --help
//! ```

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use proxy_auth::{
    AuthenticationInfo, Challenge, Challenges, Credentials, Expected, FieldName, Params, ParseError, Scheme, Token,
    Token68,
};

const USAGE: &str = "\
Shows the contents of field values of HTTP authentication, or the first error.

Usage: inspect [OPTION]... [--] [VALUE]...

Without VALUE, reads one value from each line of standard input. A CR before the LF is part of the line end.

  --field NAME     the field of the values: proxy-authenticate (the default), proxy-authorization,
                   proxy-authentication-info, or the corresponding field of an origin server
  --lenient        tolerate the mistakes of real senders
  --json           print a line of JSON for each value; bytes are the characters U+0000 to U+00FF; shows credentials
  --show-secrets   show credentials
  --help           print this help

Exit status: 0 on success, 1 if a value has an error, or 2 if an option is invalid or reading or writing fails.
";

/// The options of the command line.
#[derive(Default)]
struct Options {
    grammar: Grammar,
    lenient: bool,
    json: bool,
    show_secrets: bool,
}

/// The grammar of a field.
#[derive(Clone, Copy, Default, PartialEq)]
enum Grammar {
    #[default]
    Challenges,
    Credentials,
    Info,
}

/// A challenge, credentials, or the parameters of Proxy-Authentication-Info, which have no scheme.
struct Element<'a> {
    scheme: Option<Token<'a>>,
    token68: Option<Token68<'a>>,
    params: Params<'a>,
    /// The damage that lenient reading found in the challenge.
    damage: Option<Expected>,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            // `eprintln!` would panic if standard error is closed.
            let _ = writeln!(io::stderr(), "inspect: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs the program. Returns `true` if no value has an error.
fn run() -> Result<bool, Box<dyn Error>> {
    let arguments = parse_arguments(env::args_os().skip(1)).map_err(|message| format!("{message}\n\n{USAGE}"))?;
    let Some((options, values)) = arguments else {
        print(USAGE)?;
        return Ok(true);
    };
    let all_right = if values.is_empty() {
        let lines = io::stdin().lock().split(b'\n').map(|line| {
            let mut line = line?;
            line.pop_if(|last| *last == b'\r');
            Ok(line)
        });
        inspect(&options, lines)
    } else {
        inspect(&options, values.into_iter().map(|value| Ok(value.into_encoded_bytes())))
    };
    Ok(all_right?)
}

/// Parses the options and the values. Returns `None` for `--help`.
fn parse_arguments(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<(Options, Vec<OsString>)>, String> {
    let mut options = Options::default();
    let mut values = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_encoded_bytes() {
            b"--field" => {
                let name = arguments.next().ok_or("--field takes a name")?;
                let name = name.as_encoded_bytes();
                options.grammar = grammar(name).ok_or(format!("unknown field {}", printable(name)))?;
            }
            b"--lenient" => options.lenient = true,
            b"--json" => options.json = true,
            b"--show-secrets" => options.show_secrets = true,
            b"--help" => return Ok(None),
            b"--" => {
                values.extend(arguments);
                break;
            }
            option @ [b'-', ..] => return Err(format!("unknown option {}", printable(option))),
            _ => values.push(argument),
        }
    }
    Ok(Some((options, values)))
}

fn grammar(field: &[u8]) -> Option<Grammar> {
    let is = |name: FieldName| name.is(field);
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

/// Prints each value. Returns `true` if none has an error.
fn inspect(options: &Options, values: impl Iterator<Item = io::Result<Vec<u8>>>) -> io::Result<bool> {
    let mut all_right = true;
    let mut separator = "";
    for value in values {
        let value = value?;
        let elements = read(options, &value);
        all_right &= elements
            .iter()
            .all(|element| element.as_ref().is_ok_and(|element| element.damage.is_none()));
        let text = if options.json {
            json(elements) + "\n"
        } else {
            format!("{separator}{}", tree(options, &elements, &value))
        };
        if !print(&text)? {
            break;
        }
        separator = "\n";
    }
    Ok(all_right)
}

/// Prints `text`. Returns `false` if the output is closed.
fn print(text: &str) -> io::Result<bool> {
    let mut out = io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        result => result.map(|()| true),
    }
}

fn read<'a>(options: &Options, value: &'a [u8]) -> Vec<Result<Element<'a>, ParseError>> {
    let element = |scheme, token68, params, damage| Element {
        scheme,
        token68,
        params,
        damage,
    };
    let of_challenge = |it: Challenge<'a>| element(Some(it.scheme_name()), it.token68(), it.params(), it.damage());
    let of_credentials = |it: Credentials<'a>| element(Some(it.scheme_name()), it.token68(), it.params(), None);
    let of_info = |it: AuthenticationInfo<'a>| element(None, None, it.params(), None);
    match (options.grammar, options.lenient) {
        (Grammar::Challenges, false) => Challenges::new(value).map(|it| it.map(of_challenge)).collect(),
        (Grammar::Challenges, true) => Challenges::new(value)
            .lenient()
            .map(|it| it.map(of_challenge))
            .collect(),
        (Grammar::Credentials, false) => vec![Credentials::parse(value).map(of_credentials)],
        (Grammar::Credentials, true) => vec![Credentials::parse_lenient(value).map(of_credentials)],
        (Grammar::Info, false) => vec![AuthenticationInfo::parse(value).map(of_info)],
        (Grammar::Info, true) => vec![AuthenticationInfo::parse_lenient(value).map(of_info)],
    }
}

/// Formats the elements of `value` for people.
fn tree(options: &Options, elements: &[Result<Element<'_>, ParseError>], value: &[u8]) -> String {
    let shown = options.show_secrets || options.grammar != Grammar::Credentials;
    let trees = elements.iter().map(|element| match element {
        Ok(element) => element_tree(element, shown),
        Err(error) if shown => format!("{}\n", error.snippet(value)),
        Err(error) => format!("{error}\n"),
    });
    if elements.is_empty() {
        "(no challenges)\n".into()
    } else {
        trees.collect()
    }
}

fn element_tree(element: &Element<'_>, shown: bool) -> String {
    let token68 = element.token68.map(|token68| ("token68", token68.to_str().into()));
    let params = element.params.iter().map(|param| {
        let value: Vec<u8> = param.value().unescaped().collect();
        (param.name().to_str(), format!("\"{}\"", printable(&value)))
    });
    let rows: Vec<(&str, String)> = token68.into_iter().chain(params).collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();

    let (mut lines, indent) = match element.scheme {
        // An unregistered name may be a key whose sender forgot the scheme.
        Some(scheme) if !shown && matches!(scheme.into(), Scheme::Other(_)) => ("[redacted]\n".into(), "  "),
        Some(scheme) => (format!("{scheme}\n"), "  "),
        None if rows.is_empty() => ("(no parameters)\n".into(), ""),
        None => (String::new(), ""),
    };
    lines.extend(rows.iter().map(|(name, value)| {
        let value = if shown { value } else { "[redacted]" };
        format!("{indent}{name:width$}  {value}\n")
    }));
    let damage = element.damage.map(|damage| format!("{indent}(damaged: {damage})\n"));
    lines.extend(damage);
    lines
}

/// Escapes quotes, bytes that are not UTF-8, and control and invisible characters for a terminal.
fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        // A single quote needs no escape here.
        text += &chunk.valid().escape_debug().to_string().replace(r"\'", "'");
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    text
}

/// Formats the elements of a value, or the first error, as JSON.
fn json(elements: Vec<Result<Element<'_>, ParseError>>) -> String {
    match elements.into_iter().collect::<Result<Vec<_>, _>>() {
        Ok(elements) => {
            let elements: Vec<_> = elements.iter().map(json_element).collect();
            format!(r#"{{"ok":[{}]}}"#, elements.join(","))
        }
        Err(error) => format!(r#"{{"err":{{"kind":"{:?}","at":{}}}}}"#, error.kind(), error.offset()),
    }
}

fn json_element(element: &Element<'_>) -> String {
    let params = element.params.iter().map(|param| {
        let name = json_string(param.name().to_str().bytes());
        format!("[{name},{}]", json_string(param.value().unescaped()))
    });
    let params = params.collect::<Vec<_>>().join(",");
    let Some(scheme) = element.scheme else {
        return params;
    };
    let scheme = json_string(scheme.to_str().bytes());
    let token68 = element.token68.map(|token68| json_string(token68.to_str().bytes()));
    let token68 = token68.as_deref().unwrap_or("null");
    let damage = element.damage.map(|damage| format!(r#","damage":{}"#, damage.offset()));
    let damage = damage.unwrap_or_default();
    format!(r#"{{"scheme":{scheme},"token68":{token68},"params":[{params}]{damage}}}"#)
}

/// Formats bytes as a JSON string with one character for each byte.
fn json_string(bytes: impl Iterator<Item = u8>) -> String {
    let chars = bytes.map(|byte| match char::from(byte) {
        char @ ('"' | '\\') => format!("\\{char}"),
        // This includes U+0080 to U+009F, which can control a terminal, too.
        char if char.is_control() => format!("\\u{byte:04x}"),
        char => char.into(),
    });
    format!("\"{}\"", chars.collect::<String>())
}
