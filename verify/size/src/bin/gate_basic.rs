//! A gate that offers Basic: reads a request, and writes the user's name or the response.
#![no_std]
#![no_main]

use core::time::Duration;

use proxy_auth::{Account, Gate, Pass, Password, Refusal, Request};

fn check<'a>(
    gate: &'a Gate<&str>,
    request: &Request<'a>,
    input: &'a [u8],
    scratch: &'a mut [u8],
) -> Result<Pass<'a>, Refusal> {
    let attempt = gate.read(request, [("Proxy-Authorization", input)], scratch)?;
    let account = (attempt.name() == Some("aladdin")).then(|| Account::new("aladdin", Password::new("open sesame")));
    attempt.check(account, Duration::ZERO)?.redeem(&mut ())
}

fn run(input: &[u8], output: &mut [u8]) -> Option<usize> {
    let gate = Gate::new("apps").ok()?.with_basic();
    let request = Request::new("CONNECT", core::str::from_utf8(input).ok()?).ok()?;
    match check(&gate, &request, input, &mut [0; 128]) {
        Ok(pass) => Some(pass.user().len()),
        Err(refusal) => Some(
            gate.deny(&refusal, Duration::ZERO, 1)
                .response()
                .encode(output)
                .ok()?
                .len(),
        ),
    }
}

size::program!(|input, output| run(input, output).unwrap_or_default());
