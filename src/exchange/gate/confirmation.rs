//! The proxy's proof that it knows the password, too (RFC 7616, 3.5).

use crate::encode::{EncodeTo, Encoder, impl_encode};
use crate::redact::redact;
use crate::schemes::digest::{Credentials, HexHash, Info, Nonce};

/// The value of Proxy-Authentication-Info or Authentication-Info for the response to a request that passed (feature `digest`).
///
/// [`Pass::info`](crate::Pass::info) creates it. It proves that the proxy knows the password, too. `Debug` writes `[redacted]`;
/// `Display` writes the parameters.
///
/// See [RFC 7616, section 3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5).
///
/// # Examples
/// ```
/// use core::time::Duration;
/// use proxy_auth::{Gate, Pass};
///
/// /// Returns the value of Proxy-Authentication-Info. `unique` is a counter.
/// fn info(gate: &Gate<&str>, pass: &Pass<'_>, now: Duration, unique: u64) -> Option<String> {
///     let (info, nonce) = (pass.info()?, gate.nonce(now, unique)?);
///     Some(info.with_nextnonce(&nonce).to_string())
/// }
/// # use proxy_auth::{Account, DigestOffer, Login, Password, Policy, Request, Session, Step, Turn, digest::{Algorithm, Slot}};
/// # let (now, request) = (Duration::from_secs(1_445_412_480), Request::new("CONNECT", "example.com:443")?);
/// # let digest = DigestOffer::new(b"32 bytes from a random source   ", [Algorithm::Sha256]);
/// # let gate = Gate::new("apps")?.with_digest(&digest);
/// # let mut window = gate.replay_window([Slot::EMPTY; 8], Duration::ZERO);
/// # let mut session = Session::<512>::new(Policy::digest_only().with_proof_required());
/// # let login = Login { name: "aladdin", password: "open sesame" };
/// # let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16])?;
/// # let refusal = gate.read(&request, [("Host", "example.com")], &mut []).unwrap_err();
/// # let challenge = gate.deny(&refusal, now, 1).challenges().next().unwrap().to_string();
/// # assert!(matches!(session.receive(pending, 407, [("Proxy-Authenticate", &challenge)]), Step::Again(_)));
/// # let (answer, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16])?;
/// # let fields = [("Proxy-Authorization", &answer.unwrap().to_string())];
/// # let mut scratch = [0; 64];
/// # let attempt = gate.read(&request, fields, &mut scratch)?;
/// # let pass = attempt.check(Some(Account::new("aladdin", Password::new("open sesame"))), now)?.redeem(&mut window)?;
/// # let info = info(&gate, &pass, now, 2).unwrap();
/// # assert!(info.contains("nextnonce="));
/// # assert_eq!(session.receive(pending, 200, [("Proxy-Authentication-Info", &info)]), Step::Done { proved: true });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Confirmation<'a> {
    pub(super) rspauth: HexHash,
    pub(super) credentials: &'a Credentials<'a>,
    pub(super) nextnonce: Option<&'a Nonce>,
}

impl<'a> Confirmation<'a> {
    /// Sets the nonce that the client should use from now on, from [`Gate::nonce`](crate::Gate::nonce).
    ///
    /// Without it, a client uses its nonce until it is too old, and then needs one more round trip. Each nonce in use takes a slot of a
    /// [`ReplayWindow`](crate::digest::ReplayWindow), so name a new one only when the current one gets old.
    #[must_use]
    pub fn with_nextnonce(self, nonce: &'a Nonce) -> Self {
        let nextnonce = Some(nonce);
        Self { nextnonce, ..self }
    }
}

impl EncodeTo for Confirmation<'_> {
    fn encode_to(&self, out: &mut Encoder<'_>) {
        Info::confirming(self.rspauth.as_bytes(), self.credentials, self.nextnonce).encode_to(out);
    }
}

impl_encode!(Confirmation);
redact!(Confirmation<'_>);
