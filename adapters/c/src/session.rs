//! The client's side: answers the challenges of a proxy.

use core::mem;
use core::str;

use proxy_auth::{Encode, GiveUp, Login, Policy, Role, Session, Step};

use crate::gate::{is_constant, PA_SERVER};
use crate::handle::{self, Memory};
use crate::memory::{pa_buffer, pa_string, target, Buffer, Region, Written};
use crate::request::{pa_field, pa_request, Fields};
use crate::status::{
    pa_status, Outcome, PA_AGAIN, PA_E_ABI, PA_E_ARGUMENT, PA_E_ORDER, PA_E_RANDOM, PA_E_UTF8, PA_GAVE_UP,
    PA_NEW_CONNECTION,
};
use crate::turn::{pa_turn, TurnValue};
use crate::PA_ABI_VERSION;

/// `pa_session_config.policy`: Digest alone. The password does not leave the client.
pub const PA_DIGEST_ONLY: u32 = 1;
/// `pa_session_config.policy`: Basic alone. **Everybody who can read the connection can read the password.** Use it only over TLS.
pub const PA_BASIC_ONLY: u32 = 2;
/// `pa_session_config.policy`: Digest, and Basic if the proxy offers no Digest. An attacker can remove the offer of Digest.
pub const PA_DIGEST_OR_BASIC: u32 = 3;

/// `pa_session_config.flags`: no MD5.
pub const PA_WITHOUT_MD5: u32 = 8;
/// `pa_session_config.flags`: each response must prove that the proxy knows the password, too.
pub const PA_PROOF_REQUIRED: u32 = 16;

/// The number of random bytes of a call.
pub const PA_RANDOM_LEN: usize = 16;
/// The memory of a session for realm, nonce and opaque data of a challenge, and for the name, in bytes.
pub const PA_SESSION_MEMORY: usize = 1024;

/// The size of the struct, in units of 8 bytes.
pub const PA_SESSION_WORDS: usize = 200;

/// A session with one proxy, for one user. It serves any number of requests and connections. A copy is refused, since it would use
/// counts of nonces again.
#[repr(C)]
#[derive(Debug)]
pub struct pa_session {
    #[doc(hidden)]
    pub private_words: [u64; PA_SESSION_WORDS],
}

/// The configuration of a session. Start with `PA_SESSION_CONFIG`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_session_config {
    /// `PA_ABI_VERSION`.
    pub abi: u32,
    /// `PA_DIGEST_ONLY`, `PA_BASIC_ONLY` or `PA_DIGEST_OR_BASIC`. There is no default: only the program knows who may see a password.
    pub policy: u32,
    /// `PA_WITHOUT_MD5`, `PA_PROOF_REQUIRED`, `PA_SERVER`, or 0.
    pub flags: u32,
}

/// The name and the password of a user, in UTF-8.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_login {
    /// The name.
    pub name: pa_string,
    /// The password.
    pub password: pa_string,
}

impl Memory for pa_session {
    type Value = Session<PA_SESSION_MEMORY>;
    const MAGIC: u64 = 0x7061_5F73_6573_7331;
    const IS_BOUND: bool = true;
}

/// Creates a session in memory of the caller.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use the session during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_session_init(session: *mut pa_session, config: *const pa_session_config) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { create(session, config) }.into()
}

/// # Safety
/// See [`pa_session_init`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn create(session: *mut pa_session, config: *const pa_session_config) -> Outcome {
    let written = Written::new([target(session)?])?;
    // SAFETY: the caller guarantees that the pointers are valid.
    let config = unsafe {
        let config = *written.one(config)?;
        handle::wipe(session)?;
        config
    };
    if config.abi != PA_ABI_VERSION {
        return Err(PA_E_ABI);
    }
    if config.flags & !(PA_WITHOUT_MD5 | PA_PROOF_REQUIRED | PA_SERVER) != 0 {
        return Err(PA_E_ARGUMENT);
    }
    let mut policy = match config.policy {
        PA_DIGEST_ONLY => Policy::digest_only(),
        PA_BASIC_ONLY => Policy::basic_only(),
        PA_DIGEST_OR_BASIC => Policy::digest_or_basic(),
        _ => return Err(PA_E_ARGUMENT),
    };
    if config.flags & PA_WITHOUT_MD5 != 0 {
        policy = policy.without_md5();
    }
    if config.flags & PA_PROOF_REQUIRED != 0 {
        policy = policy.with_proof_required();
    }
    let role = if config.flags & PA_SERVER == 0 {
        Role::Proxy
    } else {
        Role::Server
    };
    // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
    unsafe { handle::init(session, Session::new(policy).with_role(role)) };
    Ok(())
}

/// Overwrites a session with all secrets in it, whatever its memory contains. Null is ignored.
///
/// # Safety
/// The pointer must be null or valid. Nothing else may use the session during the call.
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_session_wipe(session: *mut pa_session) {
    // SAFETY: the caller guarantees it.
    let _ = unsafe { handle::wipe(session) };
}

/// Forgets the login: that the proxy refused it, and the hash of its password. Call this before another login is used.
///
/// # Safety
/// The pointer must be null or valid.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_session_forget_login(session: *mut pa_session) -> pa_status {
    // SAFETY: the caller guarantees it.
    let outcome = unsafe { handle::exclusive(session) }.map(|session| session.value.forget_login());
    outcome.into()
}

/// Writes the value of Proxy-Authorization for a request. If it remains empty, send the request without that field. Send it once.
///
/// `random` are `PA_RANDOM_LEN` bytes from a random source, new for each call.
///
/// Returns `PA_GAVE_UP` if the proxy has refused this login before, or the login cannot be sent; `PA_E_ORDER` if the request is done;
/// `PA_E_SIZE` if the buffer is too small. Then call again.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `turn` and `value` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_session_authorize(
    session: *mut pa_session,
    turn: *mut pa_turn,
    request: *const pa_request,
    login: *const pa_login,
    random: *const u8,
    value: *mut pa_buffer,
) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { authorize(session, turn, request, login, random, value) }.into()
}

/// # Safety
/// See [`pa_session_authorize`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn authorize(
    session: *mut pa_session,
    turn: *mut pa_turn,
    request: *const pa_request,
    login: *const pa_login,
    random: *const u8,
    value: *mut pa_buffer,
) -> Outcome {
    // SAFETY: the caller guarantees that the pointers are valid.
    let mut buffer = unsafe { Buffer::new(value) }?;
    let [outer, inner] = buffer.regions;
    let written = Written::new([target(session)?, target(turn)?, outer, inner])?;
    // SAFETY: the caller guarantees that the pointers are valid.
    let (request, name, password, random) = unsafe {
        let request = written.one(request)?.read(&written)?;
        let login = *written.one(login)?;
        let random: &[u8; PA_RANDOM_LEN] = written.one(random.cast())?;
        (
            request,
            written.bytes(login.name)?,
            written.bytes(login.password)?,
            *random,
        )
    };
    buffer.empty();
    if is_constant(&random) {
        return Err(PA_E_RANDOM);
    }
    let login = Login {
        name: str::from_utf8(name).map_err(|_| PA_E_UTF8)?,
        password: str::from_utf8(password).map_err(|_| PA_E_UTF8)?,
    };
    // SAFETY: the caller guarantees that the pointers are valid. They do not overlap.
    let (session, turn) = unsafe { (handle::exclusive(session)?, handle::exclusive(turn)?) };
    let next = match turn.value {
        TurnValue::Next(next) | TurnValue::Sent(next, _) => *next,
        TurnValue::Done | TurnValue::GaveUp(_) => return Err(PA_E_ORDER),
    };
    match session.value.authorize(next, &login, &request, random) {
        Ok((authorization, pending)) => {
            if let Some(authorization) = authorization {
                if buffer.size() <= authorization.encoded_len() {
                    *turn.value = TurnValue::Next(next);
                }
                buffer.encode(&authorization)?;
            } else {
                buffer.end(0)?;
            }
            *turn.value = TurnValue::Sent(next, pending);
            Ok(())
        }
        Err(reason) => Err(gave_up(turn.value, reason)),
    }
}

/// Takes the response to a request that was authorized. Returns `PA_OK` if the proxy let it pass, `PA_AGAIN` or `PA_NEW_CONNECTION` if
/// it must be authorized and sent again, or `PA_GAVE_UP`.
///
/// `fields` are all field lines of the response. `is_proved` may be null. Otherwise, it becomes 1 if the response proved that the proxy
/// knows the password, and 0 in all other cases.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `turn` and `is_proved` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_session_receive(
    session: *mut pa_session,
    turn: *mut pa_turn,
    status: u32,
    fields: *const pa_field,
    fields_len: usize,
    is_proved: *mut u32,
) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { receive(session, turn, status, fields, fields_len, is_proved) }.into()
}

/// # Safety
/// See [`pa_session_receive`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn receive(
    session: *mut pa_session,
    turn: *mut pa_turn,
    status: u32,
    fields: *const pa_field,
    fields_len: usize,
    is_proved: *mut u32,
) -> Outcome {
    let proved = if is_proved.is_null() {
        Region::EMPTY
    } else {
        target(is_proved)?
    };
    let written = Written::new([target(session)?, target(turn)?, proved])?;
    // SAFETY: the caller guarantees that the pointers are valid.
    let fields = unsafe { Fields::new(fields, fields_len, &written) }?;
    if !is_proved.is_null() {
        // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
        unsafe { is_proved.write(0) };
    }
    let status = u16::try_from(status).ok().filter(|status| (200..=599).contains(status));
    let status = status.ok_or(PA_E_ARGUMENT)?;
    // SAFETY: the caller guarantees that the pointers are valid. They do not overlap.
    let (session, turn) = unsafe { (handle::exclusive(session)?, handle::exclusive(turn)?) };
    if !matches!(turn.value, TurnValue::Sent(..)) {
        return Err(PA_E_ORDER);
    }
    let TurnValue::Sent(_, pending) = mem::replace(turn.value, TurnValue::Done) else {
        return Err(PA_E_ORDER);
    };
    match session.value.receive(pending, status, fields.iter()) {
        Step::Again(next) => {
            *turn.value = TurnValue::Next(next);
            Err(PA_AGAIN)
        }
        Step::NewConnection(next) => {
            *turn.value = TurnValue::Next(next);
            Err(PA_NEW_CONNECTION)
        }
        Step::Done { proved } => {
            if !is_proved.is_null() {
                // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
                unsafe { is_proved.write(proved.into()) };
            }
            Ok(())
        }
        Step::GiveUp(reason) => Err(gave_up(turn.value, reason)),
    }
}

fn gave_up(turn: &mut TurnValue, reason: GiveUp) -> pa_status {
    *turn = TurnValue::GaveUp(reason);
    PA_GAVE_UP
}
