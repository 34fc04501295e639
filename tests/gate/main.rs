//! Tests the proxy's side of the exchange.

mod basic;
mod bearer;
mod connection;
mod denial;
mod fields;
mod offers;
mod own_scheme;
mod reasons;
mod role;
mod rounds;
mod secrets;

#[cfg(feature = "digest")]
mod digest;
#[cfg(feature = "digest")]
mod sessions;
#[cfg(feature = "digest")]
mod stores;

use std::time::Duration;

use proxy_auth::{Account, Empty, Gate, Reason, Refusal, Request, Secret};

const NOW: Duration = Duration::from_secs(1_445_412_480);
/// The window of used answers is created earlier: nonces of its first moment are stale.
#[cfg(feature = "digest")]
const STARTED: Duration = Duration::from_secs(1_445_412_479);
const NAME: &str = "aladdin";
const PASSWORD: &str = "open sesame";
const BASIC: &str = "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==";
const BASIC_CHALLENGE: &str = "Basic realm=\"apps\", charset=\"UTF-8\"";

fn gate() -> Gate<&'static str, Empty> {
    Gate::new("apps").unwrap()
}

fn connect() -> Request<'static> {
    Request::new("CONNECT", "example.com:443").unwrap()
}

/// Sends a request with the given credentials to a gate without a store. Returns the user who passes.
fn send<S: Secret>(
    gate: &Gate<&str>,
    value: &(impl AsRef<[u8]> + ?Sized),
    account: Option<Account<'_, S>>,
) -> Result<String, Refusal> {
    let request = connect();
    let fields = [(gate.role().authorization().as_str(), value)];
    let mut scratch = [0; 512];
    let attempt = gate.read(&request, fields, &mut scratch)?;
    let pass = attempt.check(account, NOW)?.redeem(&mut ())?;
    Ok(String::from_utf8_lossy(pass.user()).into_owned())
}

/// Refuses a request with the given field lines.
fn refuse(gate: &Gate<&str>, request: &Request<'_>, fields: &[(&str, &str)]) -> Refusal {
    gate.read(request, fields.iter().copied(), &mut [0; 512]).unwrap_err()
}

/// Returns the challenges of the response to a refused request.
fn challenges(gate: &Gate<&str>, refusal: &Refusal) -> Vec<String> {
    let denial = gate.deny(refusal, NOW, 1);
    denial.challenges().map(|challenge| challenge.to_string()).collect()
}

fn reason<T>(result: Result<T, Refusal>) -> Option<Reason> {
    result.err().map(|refusal| refusal.reason().clone())
}
