//! Fetches a URL through a proxy that asks for a password.
//!
//! ```sh
//! cargo run --features digest --example client -- 'http://aladdin:open%20sesame@127.0.0.1:3128' http://example.com/
//! ```
//!
//! The content goes to standard output, what happened to standard error. The password on the command line is for trying it
//! out: others see it there.

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use proxy_auth::digest::{self, Info, Request, Username};
use proxy_auth::{AuthenticationInfo, Candidate, Challenges, Chosen, FieldName, Scheme, StatusCode, basic, choose};

use self::head::{Content, Framing, Head};

#[path = "proxy/head.rs"]
mod head;

const USAGE: &str = "\
Fetches a URL through a proxy that asks for a password.

Usage: client http://USER:PASSWORD@HOST:PORT URL

USER and PASSWORD are percent-encoded. URL starts with http://.

Exit status: 0 when the proxy let the request pass and an answer came, 1 when it refused or could not prove that it
knows the password, or 2 when there was other trouble.
";

/// What can be answered, the strongest first.
const CANDIDATES: [Candidate<'static>; 2] = [Candidate::Scheme(Scheme::Digest), Candidate::Scheme(Scheme::Basic)];

/// How long a read or a write may wait for the proxy.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// Of more content than that the rest is not read.
const MAX_CONTENT: u64 = 16 * 1024 * 1024;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [proxy, url] = arguments.as_slice() else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    match fetch(proxy, url) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("client: {error}");
            ExitCode::from(2)
        }
    }
}

/// Fetches `url`, and says whether the proxy could be trusted and let it pass.
fn fetch(proxy: &str, url: &str) -> Result<bool, Box<dyn Error>> {
    let proxy = Proxy::parse(proxy)?;
    let mut response = proxy.get(url, None)?;
    let mut answered = false;
    let mut told_stale = false;
    while response.is_refusal() {
        let challenges = Challenges::from_fields(response.head.values(FieldName::PROXY_AUTHENTICATE.as_str()));
        let offered = describe(challenges.clone());
        let chosen = match choose(challenges, &CANDIDATES) {
            Ok(choice) => choice.chosen(),
            Err(nothing_fits) => {
                eprintln!("407: {offered} offered; {nothing_fits}");
                return Ok(false);
            }
        };
        // That the nonce was too old is worth one more answer; anything else means that the password is wrong.
        let is_stale = matches!(&chosen, Chosen::Digest(challenge) if challenge.is_stale());
        if answered && (!is_stale || told_stale) {
            eprintln!("407: {offered} offered; the proxy refuses the user or the password");
            return Ok(false);
        }
        told_stale |= answered && is_stale;
        answered = true;
        let stale = if told_stale { "the nonce was stale; " } else { "" };
        let scheme = if matches!(chosen, Chosen::Digest(_)) {
            "Digest"
        } else {
            "Basic"
        };
        eprintln!("407: {offered} offered; {stale}answering {scheme}");

        match answer(&proxy, url, &chosen)? {
            Some(answer) => response = answer,
            None => return Ok(false),
        }
    }
    eprintln!("{}: {} bytes", response.status_code, response.content.len());
    io::stdout().write_all(&response.content)?;
    Ok(true)
}

/// Sends the request with an answer to that challenge. There is no response if the proxy is not what it seems to be.
fn answer(proxy: &Proxy, url: &str, chosen: &Chosen<'_>) -> Result<Option<Response>, Box<dyn Error>> {
    match chosen {
        Chosen::Basic(_) => {
            let credentials = basic::Credentials::new(&proxy.user, &proxy.password)?;
            proxy.get(url, Some(&credentials.to_string())).map(Some)
        }
        Chosen::Digest(challenge) => {
            // Who says UTF-8 knows RFC 7616, and with it `username*`; others want the bytes of the name.
            let username = if challenge.is_utf8() {
                Username::new(&proxy.user).unwrap()
            } else {
                Username::plain(&proxy.user)?
            };
            let cnonce = cnonce()?;
            let mut client = digest::Client::new(challenge, username, &proxy.password, &cnonce)?;
            let answer = client.answer(Request::new("GET", url)?);
            let response = proxy.get(url, Some(&answer.to_string()))?;
            let trusted = response.is_refusal() || is_proved(&client, &answer, &response)?;
            Ok(trusted.then_some(response))
        }
        // Not among the candidates.
        _ => Ok(None),
    }
}

/// What a proxy offers, such as `Digest (SHA-256), Basic`.
fn describe<'a>(challenges: Challenges<'a, impl Iterator<Item = &'a [u8]>>) -> String {
    let challenges = challenges.lenient().map(|challenge| match challenge {
        Ok(challenge) => match digest::Challenge::read(&challenge) {
            Ok(digest) => format!("{} ({})", challenge.scheme(), digest.algorithm()),
            Err(_) => challenge.scheme().to_string(),
        },
        Err(error) => format!("({error})"),
    });
    let offered = challenges.collect::<Vec<_>>().join(", ");
    if offered.is_empty() { "nothing".into() } else { offered }
}

/// Whether the proxy proved that it knows the password, too, or did not try.
fn is_proved(
    client: &digest::Client<'_>,
    answer: &digest::Answer<'_>,
    response: &Response,
) -> Result<bool, Box<dyn Error>> {
    let field_lines = response.head.values(FieldName::PROXY_AUTHENTICATION_INFO.as_str());
    let info = AuthenticationInfo::from_fields(field_lines)?;
    let info = info.as_ref().map(Info::read).transpose()?;
    let (proved, said) = match info.filter(|info| info.rspauth().is_some()) {
        None => (true, "the proxy did not prove that it knows the password"),
        Some(info) if client.verify(answer, &info, &response.content) => {
            (true, "the proxy proved that it knows the password")
        }
        Some(_) => (false, "the proxy does not know the password"),
    };
    eprintln!("{said}");
    Ok(proved)
}

/// Text that the proxy cannot foresee. The crate `getrandom` knows the random source of every system.
fn cnonce() -> io::Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// Where the proxy is, and who uses it.
struct Proxy {
    user: String,
    password: String,
    address: String,
}

struct Response {
    head: Head,
    status_code: u16,
    content: Vec<u8>,
}

impl Proxy {
    /// Reads `http://USER:PASSWORD@HOST:PORT`. What is wrong is not shown: it holds a password.
    fn parse(url: &str) -> Result<Self, Box<dyn Error>> {
        let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let (userinfo, address) = authority
            .and_then(|authority| authority.rsplit_once('@'))
            .ok_or("the proxy is no http://USER:PASSWORD@HOST:PORT")?;
        let (user, password) = userinfo.split_once(':').ok_or("no password for the proxy")?;
        Ok(Self {
            user: percent_decode(user)?,
            password: percent_decode(password)?,
            address: address.into(),
        })
    }

    /// Fetches `url` over a connection of its own, with that value of Proxy-Authorization.
    fn get(&self, url: &str, credentials: Option<&str>) -> Result<Response, Box<dyn Error>> {
        let host = url
            .strip_prefix("http://")
            .and_then(|rest| rest.split(['/', '?']).next());
        let host = host
            .filter(|host| !host.is_empty() && url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'))
            .ok_or("the URL is none of http")?;
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_write_timeout(Some(MAX_WAIT))?;
        let field_line = credentials.map(|value| format!("{}: {value}\r\n", FieldName::PROXY_AUTHORIZATION));
        let field_line = field_line.unwrap_or_default();
        let request = format!("GET {url} HTTP/1.1\r\nHost: {host}\r\n{field_line}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        Response::read(&mut BufReader::new(stream))
    }
}

impl Response {
    fn read(stream: &mut BufReader<TcpStream>) -> Result<Self, Box<dyn Error>> {
        loop {
            let head = Head::read(stream)?.ok_or("the proxy said nothing")?;
            // `HTTP/1.1 200 OK`, of which the phrase means nothing.
            let status_code = match head.start_line.split(' ').collect::<Vec<_>>().as_slice() {
                ["HTTP/1.0" | "HTTP/1.1", code, ..] => code.parse()?,
                _ => return Err("the proxy does not speak HTTP/1".into()),
            };
            let framing = match status_code {
                100..200 => continue,
                204 | 304 => Framing::Length(0),
                _ => head.framing()?.unwrap_or(Framing::UntilClose),
            };
            stream.get_ref().set_read_timeout(Some(MAX_WAIT))?;
            let mut content = Vec::new();
            Content::new(stream, framing)
                .take(MAX_CONTENT)
                .read_to_end(&mut content)?;
            return Ok(Self {
                head,
                status_code,
                content,
            });
        }
    }

    fn is_refusal(&self) -> bool {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED == self.status_code
    }
}

/// Decodes `%` and two hexadecimal digits (RFC 3986, 2.1).
fn percent_decode(text: &str) -> Result<String, &'static str> {
    let mut pieces = text.split('%');
    let mut bytes: Vec<u8> = pieces.next().unwrap_or_default().into();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2).ok_or("no digits after %")?;
        let digits = Some(digits).filter(|digits| digits.chars().all(|digit| digit.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.ok_or("no digits after %")?);
        bytes.extend(rest.bytes());
    }
    String::from_utf8(bytes).map_err(|_| "user or password is not UTF-8")
}
