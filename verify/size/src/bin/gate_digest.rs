//! A gate that offers Digest with SHA-256, and then Basic: reads a request, and writes the field of the response if it passes, and
//! the response otherwise.
#![no_std]
#![no_main]

use core::time::Duration;

use proxy_auth::digest::{Algorithm, ReplayWindow, Slot};
use proxy_auth::{Account, DigestOffer, Gate, Pass, Password, Refusal, Request};

const NOW: Duration = Duration::from_secs(1_445_412_480);
/// The window of used answers is created earlier: nonces of its first moment are stale.
const STARTED: Duration = Duration::from_secs(1_445_412_479);

fn check<'a>(
    gate: &'a Gate<&str>,
    request: &Request<'a>,
    input: &'a [u8],
    scratch: &'a mut [u8],
    window: &mut ReplayWindow<[Slot; 8]>,
) -> Result<Pass<'a>, Refusal> {
    let attempt = gate.read(request, [("Proxy-Authorization", input)], scratch)?;
    let account = (attempt.name() == Some("aladdin")).then(|| Account::new("aladdin", Password::new("open sesame")));
    attempt.check(account, NOW)?.redeem(window)
}

fn run(input: &[u8], output: &mut [u8]) -> Option<usize> {
    let offer = DigestOffer::new(input.first_chunk()?, [Algorithm::Sha256]);
    let gate = Gate::new("apps").ok()?.with_digest(&offer).with_basic();
    let request = Request::new("CONNECT", core::str::from_utf8(input).ok()?).ok()?;
    let mut window = gate.replay_window([Slot::EMPTY; 8], STARTED);
    match check(&gate, &request, input, &mut [0; 128], &mut window) {
        Ok(pass) => size::write(&pass.info()?, output),
        Err(refusal) => Some(gate.deny(&refusal, NOW, 1).response().encode(output).ok()?.len()),
    }
}

size::program!(|input, output| run(input, output).unwrap_or_default());
