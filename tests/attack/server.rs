//! A proxy and a client that the attacks use.

use std::time::Duration;

use proxy_auth::digest::{self, Algorithm, Client, Login, Nonce, ReplayWindow, Slot, Username};
use proxy_auth::{Account, Challenges, DigestOffer, Gate, Password, Reason, Refusal, ReplayStore, Request};

pub(super) const KEY: [u8; 32] = *b"32 bytes from a random source   ";
pub(super) const NOW: Duration = Duration::from_secs(1_445_412_480);
pub(super) const PASSWORD: &str = "open sesame";

pub(super) fn offer() -> DigestOffer<'static> {
    DigestOffer::new(&KEY, [Algorithm::Sha256])
}

pub(super) fn gate(offer: &DigestOffer<'_>) -> Gate<&'static str> {
    Gate::new("apps").unwrap().with_digest(offer)
}

pub(super) fn window(gate: &Gate<&str>, slots: usize, now: Duration) -> ReplayWindow<Vec<Slot>> {
    gate.replay_window(vec![Slot::EMPTY; slots], now.saturating_sub(Duration::from_millis(1)))
}

/// Answers the first challenge of the gate, with this nonce in place of its own, as the first client to use it.
pub(super) fn answer(gate: &Gate<&str>, request: &Request<'_>, user: &str, nonce: &Nonce) -> String {
    let refusal = gate.read(request, [("Host", "a")], &mut []).unwrap_err();
    let challenge = gate.deny(&refusal, NOW, 0).challenges().next().unwrap().to_string();
    let fresh = challenge.split('"').nth(3).unwrap().to_owned();
    let challenge = challenge.replace(&fresh, nonce.as_str());
    let challenge = Challenges::new(&challenge).next().unwrap().unwrap();
    let challenge = digest::Challenge::read(&challenge).unwrap();
    let login = Login::new(Username::new(user).unwrap(), PASSWORD);
    let mut client = Client::new(&challenge, login, "0a4f113b").unwrap();
    client.answer(*request).to_string()
}

/// Sends a request with these credentials. Every user has the same password.
pub(super) fn send(
    gate: &Gate<&str>,
    request: &Request<'_>,
    value: &str,
    store: &mut impl ReplayStore,
    now: Duration,
) -> Result<String, Reason> {
    let mut scratch = [0; 512];
    let mut check = || -> Result<String, Refusal> {
        let attempt = gate.read(request, [("Proxy-Authorization", value)], &mut scratch)?;
        let account = attempt.name().map(|name| Account::new(name, Password::new(PASSWORD)));
        let pass = attempt.check(account, now)?.redeem(store)?;
        Ok(String::from_utf8_lossy(pass.user()).into_owned())
    };
    check().map_err(|refusal| refusal.reason().clone())
}
