//! The proxy's side: decides which requests may pass.

use core::time::Duration;

use proxy_auth::digest::{Algorithm, PasswordHash};
use proxy_auth::heapless::{self, String};
use proxy_auth::zeroize::Zeroizing;
use proxy_auth::{
    Account, Attempt, DigestOffer, Gate, Pass, Password, Reason, Refusal, Request, Role, Secret, Verified,
};

use crate::account::{
    algorithm, hashes_of_nobody, pa_account, PA_BASIC, PA_HASHES, PA_MAX_HASHES, PA_PASSWORDS, PA_VERDICTS,
};
use crate::handle::{self, Memory};
use crate::memory::{pa_buffer, pa_string, target, Buffer, Region, Written};
use crate::refusal::{pa_refusal, State};
use crate::request::{pa_request, Fields};
use crate::status::{
    pa_status, Outcome, PA_E_ABI, PA_E_ARGUMENT, PA_E_LENGTH, PA_E_NULL, PA_E_RANDOM, PA_E_TEXT, PA_E_UTF8, PA_REFUSED,
};
use crate::store::{pa_store, Callback};
use crate::PA_ABI_VERSION;

/// `pa_gate_config.flags`: clients may send the hash of a name instead of the name.
pub const PA_USERHASH: u32 = 1;
/// `pa_gate_config.flags`: clients must sign the target exactly as it stands in the request line. curl and browsers sign the path.
pub const PA_EXACT_TARGET: u32 = 2;
/// `pa_gate_config.flags` and `pa_session_config.flags`: the peer is an origin server, not a proxy: 401 instead of 407.
pub const PA_SERVER: u32 = 4;

/// The length of the keys of a gate, in bytes.
pub const PA_KEY_LEN: usize = 32;
/// The longest realm, in bytes.
pub const PA_MAX_REALM: usize = 128;
/// The longest name with password that a gate accepts, in bytes.
pub const PA_MAX_CREDENTIALS: usize = 1024;
/// The lifetime of nonces if the configuration does not name one: 5 minutes, in milliseconds.
pub const PA_DEFAULT_MAX_AGE_MS: u64 = 300_000;

/// The size of the struct, in units of 8 bytes.
pub const PA_GATE_WORDS: usize = 160;

/// A gate. It owns nothing, and may be forgotten. No call changes it, so threads and forked processes may share it. A copy is refused.
#[repr(C)]
#[derive(Debug)]
pub struct pa_gate {
    #[doc(hidden)]
    pub private_words: [u64; PA_GATE_WORDS],
}

/// The configuration of a gate. Start with `PA_GATE_CONFIG`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_gate_config {
    /// `PA_ABI_VERSION`.
    pub abi: u32,
    /// `PA_PASSWORDS`, `PA_HASHES` or `PA_VERDICTS`: the kind of secret of all accounts.
    pub secrets: u32,
    /// The realm. The gate keeps a copy.
    pub realm: pa_string,
    /// `PA_BASIC`, `PA_DIGEST_MD5`, ..., in the order of the challenges. Old clients take the first Digest, whatever it is.
    pub offers: *const u32,
    /// The number of offers, at least 1.
    pub offers_len: usize,
    /// The secret key of nonces: `PA_KEY_LEN` bytes from a random source. Null without Digest.
    pub key: *const u8,
    /// The key before this one, or null. Nonces that it issued are accepted until they are too old.
    pub previous_key: *const u8,
    /// The lifetime of nonces, in milliseconds; 0 for `PA_DEFAULT_MAX_AGE_MS`.
    pub max_age_ms: u64,
    /// `PA_USERHASH`, `PA_EXACT_TARGET`, `PA_SERVER`, or 0.
    pub flags: u32,
}

/// A moment, for nonces.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_moment {
    /// Milliseconds since the Unix epoch. Read the clock for each call.
    pub now_ms: u64,
    /// A number that differs between calls in the same millisecond: a counter, mixed with the number of the process. Equal numbers
    /// cost one of two clients a round trip.
    pub unique: u64,
}

/// A gate, and the kind of secret that its accounts have.
pub(crate) struct GateValue {
    pub(crate) gate: Gate<String<PA_MAX_REALM>>,
    pub(crate) secrets: u32,
    /// The algorithms of Digest that are offered.
    algorithms: heapless::Vec<Algorithm, PA_MAX_HASHES>,
}

impl Memory for pa_gate {
    type Value = GateValue;
    const MAGIC: u64 = 0x7061_5F67_6174_6531;
    const IS_BOUND: bool = true;
}

/// Creates a gate in memory of the caller. `config` is not needed afterwards; overwrite the key.
///
/// Returns `PA_E_ABI`, `PA_E_ARGUMENT` (no offer, an unknown one, or Digest with `PA_VERDICTS`), `PA_E_LENGTH` or `PA_E_TEXT` (the
/// realm), or `PA_E_RANDOM` (the key).
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use the gate during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_gate_init(gate: *mut pa_gate, config: *const pa_gate_config) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { create(gate, config) }.into()
}

/// # Safety
/// See [`pa_gate_init`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn create(gate: *mut pa_gate, config: *const pa_gate_config) -> Outcome {
    let written = Written::new([target(gate)?])?;
    // SAFETY: the caller guarantees that the pointers are valid.
    let (config, realm, offers) = unsafe {
        let config = written.one(config)?;
        // A gate that cannot be created is not usable, either.
        handle::wipe(gate)?;
        if config.abi != PA_ABI_VERSION {
            return Err(PA_E_ABI);
        }
        let offers = written.array(config.offers, config.offers_len)?;
        (config, written.bytes(config.realm)?, offers)
    };
    // SAFETY: the caller guarantees that the pointers are valid.
    let (key, previous) = unsafe { (key(config.key, &written)?, key(config.previous_key, &written)?) };
    let known_flags = PA_USERHASH | PA_EXACT_TARGET | PA_SERVER;
    let offers_digest = offers.iter().any(|offer| *offer != PA_BASIC);
    let is_verdict = config.secrets == PA_VERDICTS;
    if config.flags & !known_flags != 0
        || !matches!(config.secrets, PA_PASSWORDS | PA_HASHES | PA_VERDICTS)
        || is_verdict && offers_digest
    {
        return Err(PA_E_ARGUMENT);
    }
    let realm = core::str::from_utf8(realm).map_err(|_| PA_E_UTF8)?;
    let realm = String::try_from(realm).map_err(|_| PA_E_LENGTH)?;
    let role = if config.flags & PA_SERVER == 0 {
        Role::Proxy
    } else {
        Role::Server
    };
    let empty = Gate::new(realm).map_err(|_| PA_E_TEXT)?.with_role(role);
    let mut algorithms = heapless::Vec::new();
    for offer in offers.iter().filter(|offer| **offer != PA_BASIC) {
        let algorithm = algorithm(*offer)?;
        if !algorithms.contains(&algorithm) {
            algorithms.push(algorithm).map_err(|_| PA_E_ARGUMENT)?;
        }
    }
    let (first, rest) = offers.split_first().ok_or(PA_E_ARGUMENT)?;
    let digest = |offer| digest(config, offer, key, previous);
    let mut made = match *first {
        PA_BASIC => empty.with_basic(),
        offer => empty.with_digest(&digest(offer)?),
    };
    for offer in rest {
        made = match *offer {
            PA_BASIC => made.with_basic(),
            offer => made.with_digest(&digest(offer)?),
        };
    }
    let value = GateValue {
        gate: made,
        secrets: config.secrets,
        algorithms,
    };
    // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
    unsafe { handle::init(gate, value) };
    Ok(())
}

/// Returns the offer of one algorithm. All of them have the same terms.
fn digest<'k>(
    config: &pa_gate_config,
    offer: u32,
    key: Option<&'k [u8; PA_KEY_LEN]>,
    previous: Option<&'k [u8; PA_KEY_LEN]>,
) -> Outcome<DigestOffer<'k>> {
    let algorithm = algorithm(offer)?;
    let max_age = match config.max_age_ms {
        0 => PA_DEFAULT_MAX_AGE_MS,
        given => given,
    };
    let mut digest =
        DigestOffer::new(key.ok_or(PA_E_RANDOM)?, [algorithm]).with_max_age(Duration::from_millis(max_age));
    if let Some(previous) = previous {
        digest = digest.with_previous_key(previous);
    }
    if config.flags & PA_USERHASH != 0 {
        digest = digest.with_userhash();
    }
    if config.flags & PA_EXACT_TARGET != 0 {
        digest = digest.with_exact_target();
    }
    Ok(digest)
}

/// Returns a key, unless it is null. Memory that nobody has filled is no key.
///
/// # Safety
/// See [`Written::array`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn key<'a>(ptr: *const u8, written: &Written<1>) -> Outcome<Option<&'a [u8; PA_KEY_LEN]>> {
    if ptr.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller guarantees it.
    let key: &[u8; PA_KEY_LEN] = unsafe { written.one(ptr.cast()) }?;
    if is_constant(key) {
        return Err(PA_E_RANDOM);
    }
    Ok(Some(key))
}

/// Checks that all bytes are equal, which no random source returns.
pub(crate) fn is_constant(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .zip(bytes.iter().skip(1))
        .all(|(first, second)| first == second)
}

/// Overwrites a gate, whatever its memory contains. Null is ignored.
///
/// # Safety
/// The pointer must be null or valid. Nothing else may use the gate during the call.
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_gate_wipe(gate: *mut pa_gate) {
    // SAFETY: the caller guarantees it.
    let _ = unsafe { handle::wipe(gate) };
}

/// Decides whether a request may pass. Returns `PA_OK` if it may, and nothing else lets it pass. This one call reads the credentials,
/// verifies them, and records an answer of Digest in `store`, so that it cannot be used again.
///
/// `account` is that of the user that `pa_gate_claim` returned, or null if there is none. Null takes as long as a wrong password.
/// `store` may be null for a gate without Digest.
///
/// `info` may be null. Otherwise, it becomes the value of Proxy-Authentication-Info for the response, and remains empty if there is
/// none. It must have the length of the credentials plus 256 bytes, which is checked before the answer is used up.
///
/// After `PA_REFUSED`, `refusal` is the reason, and `pa_refusal_message` writes the response. Otherwise, it is overwritten with zeros.
/// `PA_E_TEXT` and `PA_E_UTF8` say that the request line is none: answer with 400. Other errors are mistakes of the program, such as
/// `PA_E_SECRET` for an account of the wrong kind: answer with 500.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `info` and `refusal` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_gate_check(
    gate: *const pa_gate,
    request: *const pa_request,
    account: *const pa_account,
    store: *const pa_store,
    moment: pa_moment,
    info: *mut pa_buffer,
    refusal: *mut pa_refusal,
) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { check(gate, request, account, store, moment, info, refusal) }.into()
}

/// # Safety
/// See [`pa_gate_check`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn check(
    gate: *const pa_gate,
    request: *const pa_request,
    account: *const pa_account,
    store: *const pa_store,
    moment: pa_moment,
    info: *mut pa_buffer,
    refusal: *mut pa_refusal,
) -> Outcome {
    let mut info = if info.is_null() {
        None
    } else {
        // SAFETY: the caller guarantees that the pointer is valid.
        Some(unsafe { Buffer::new(info) }?)
    };
    let [outer, inner] = info.as_ref().map_or([Region::EMPTY; 2], |info| info.regions);
    let written = Written::new([target(refusal)?, outer, inner])?;
    // SAFETY: the caller guarantees that the pointers are valid.
    let input = unsafe { Input::read(gate, request, account, store, &written) };
    if !matches!(input, Err(error) if !error.may_write()) {
        // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
        unsafe { pa_refusal::clear(refusal) };
        info.iter_mut().for_each(Buffer::empty);
    }
    let Input {
        value,
        fields,
        request,
        account,
        mut store,
    } = input?;
    if let Some(info) = &mut info {
        let role = value.gate.role().authorization();
        let lines = fields.iter().filter(|(name, _)| role.is(*name));
        let needed = lines.fold(256_usize, |sum, (_, line)| sum.saturating_add(line.len()));
        if info.size() < needed {
            return Err(info.too_small(needed.saturating_sub(1)));
        }
    }

    let now = Duration::from_millis(moment.now_ms);
    let mut scratch = Zeroizing::new([0; PA_MAX_CREDENTIALS]);
    let attempt = value.gate.read(&request, fields.iter(), &mut *scratch);
    // SAFETY: the caller guarantees that the pointers of the account are valid.
    let pass = unsafe {
        match value.secrets {
            PA_PASSWORDS => {
                let password = account.map(|(account, _)| account.password(&written)).transpose()?;
                finish(attempt, name_of(account), password.map(Password::new), now, &mut store)
            }
            PA_HASHES => {
                let hashes = if let Some((account, _)) = account {
                    Some(account.hashes(&written)?)
                } else {
                    // It takes as long.
                    core::hint::black_box(hashes_of_nobody(&value.algorithms));
                    None
                };
                let hashes: Option<&[PasswordHash]> = hashes.as_deref();
                finish(attempt, name_of(account), hashes, now, &mut store)
            }
            _ => finish(attempt, name_of(account), account.map(|_| Verified), now, &mut store),
        }
    };
    match pass {
        Ok(pass) => {
            if let (Some(buffer), Some(confirmation)) = (&mut info, pass.info()) {
                // It fits, as was checked before.
                if buffer.encode(&confirmation).is_err() {
                    buffer.end(0)?;
                }
            }
            Ok(())
        }
        Err(reason) => {
            let state = State {
                refusal: reason,
                moment,
            };
            // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
            unsafe { pa_refusal::fill(refusal, state, value.gate.role()) };
            Err(PA_REFUSED)
        }
    }
}

/// The input of [`pa_gate_check`].
struct Input<'a> {
    value: &'a GateValue,
    fields: Fields<'a>,
    request: Request<'a>,
    account: Option<(&'a pa_account, &'a [u8])>,
    store: Callback,
}

impl Input<'_> {
    /// # Safety
    /// See [`pa_gate_check`].
    #[expect(unsafe_code, reason = "pointers of the caller")]
    unsafe fn read(
        gate: *const pa_gate,
        request: *const pa_request,
        account: *const pa_account,
        store: *const pa_store,
        written: &Written<3>,
    ) -> Outcome<Self> {
        // SAFETY: the caller guarantees that the pointers are valid.
        unsafe {
            written.one(gate)?;
            let request = written.one(request)?;
            let fields = Fields::new(request.fields, request.fields_len, written)?;
            let account = if account.is_null() {
                None
            } else {
                Some(written.one(account)?)
            };
            let store = if store.is_null() {
                None
            } else {
                Some(*written.one(store)?)
            };
            let value = handle::shared(gate)?;
            let name = account
                .map(|account| account.name(value.secrets, written))
                .transpose()?;
            Ok(Self {
                value,
                fields,
                request: request.read(written)?,
                account: account.zip(name),
                store: match store {
                    Some(store) => Callback::new(store)?,
                    None if !value.algorithms.is_empty() => return Err(PA_E_NULL),
                    None => Callback::NONE,
                },
            })
        }
    }
}

fn name_of<'a>(account: Option<(&pa_account, &'a [u8])>) -> Option<&'a [u8]> {
    account.map(|(_, name)| name)
}

/// Verifies an attempt, and records the use of its nonce.
fn finish<'a, S: Secret>(
    attempt: Result<Attempt<'a, String<PA_MAX_REALM>>, Refusal>,
    name: Option<&'a [u8]>,
    secret: Option<S>,
    now: Duration,
    store: &mut Callback,
) -> Result<Pass<'a>, Refusal> {
    let account = name.zip(secret).map(|(name, secret)| Account::new(name, secret));
    attempt?.check(account, now)?.redeem(store)
}

/// Returns the size that a buffer needs for the name and the password that are in these credentials.
pub(crate) fn needed(refusal: &Refusal) -> Option<usize> {
    match refusal.reason() {
        Reason::TooLong { needed } => Some(*needed),
        _ => None,
    }
}
