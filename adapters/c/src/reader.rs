//! Reads fields: challenges, credentials and their parameters.

use core::ptr;

use proxy_auth::{AuthenticationInfo, Challenges, Credentials, ParamValue, ParamsIter, ParseError, Token, Token68};

use crate::handle::{self, Memory};
use crate::memory::{pa_buffer, pa_string, target, Buffer, Written};
use crate::status::{pa_status, Outcome, PA_END, PA_E_ARGUMENT, PA_E_ORDER, PA_SYNTAX};

/// The field Proxy-Authenticate or WWW-Authenticate: challenges.
pub const PA_CHALLENGES: u32 = 1;
/// The field Proxy-Authorization or Authorization: credentials.
pub const PA_CREDENTIALS: u32 = 2;
/// The field Proxy-Authentication-Info or Authentication-Info: parameters without a scheme.
pub const PA_INFO: u32 = 3;

/// Reads strictly, by the grammar of RFC 9110.
pub const PA_STRICT: u32 = 0;
/// Tolerates mistakes of known senders.
pub const PA_LENIENT: u32 = 1;

/// The size of the struct, in units of 8 bytes.
pub const PA_READER_WORDS: usize = 64;

/// A reader of one field value. It points into the value, which must remain as it is while the reader is used.
#[repr(C)]
#[derive(Debug)]
pub struct pa_reader {
    #[doc(hidden)]
    pub private_words: [u64; PA_READER_WORDS],
}

/// A challenge or credentials. The strings point into the value.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_item {
    /// The scheme, as spelled in the value. Compare it without case.
    pub scheme: pa_string,
    /// The token68, or null.
    pub token68: pa_string,
}

/// A parameter. The strings point into the value.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_param {
    /// The name, as spelled in the value. Compare it without case.
    pub name: pa_string,
    /// The value as sent, without its quotes but with its backslashes: see `pa_reader_value`.
    pub raw: pa_string,
    /// The offset of the parameter's value, with its quotes, in the field value.
    pub offset: usize,
}

/// The state of a reader. `'static` stands for the time for which the caller keeps the value.
pub(crate) struct Reader {
    source: Source,
    params: Option<ParamsIter<'static>>,
    value: Option<ParamValue<'static>>,
    error: Option<ParseError>,
}

enum Source {
    Challenges(Challenges<'static>),
    Credentials(&'static [u8], bool),
    Info(&'static [u8], bool),
    End,
}

impl Memory for pa_reader {
    type Value = Reader;
    const MAGIC: u64 = 0x7061_5F72_6561_6431;
    const IS_BOUND: bool = true;
}

const NULL: pa_string = pa_string {
    ptr: ptr::null(),
    len: 0,
};

fn string(bytes: &[u8]) -> pa_string {
    pa_string {
        ptr: bytes.as_ptr().cast(),
        len: bytes.len(),
    }
}

/// Begins to read a field value. `field` is `PA_CHALLENGES`, `PA_CREDENTIALS` or `PA_INFO`; `mode` is `PA_STRICT` or `PA_LENIENT`.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use the reader during the call, or change the value while the reader is used.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_reader_init(reader: *mut pa_reader, field: u32, mode: u32, value: pa_string) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { create(reader, field, mode, value) }.into()
}

/// # Safety
/// See [`pa_reader_init`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn create(reader: *mut pa_reader, field: u32, mode: u32, value: pa_string) -> Outcome {
    let written = Written::new([target(reader)?])?;
    // SAFETY: the caller guarantees that the pointers are valid, and keeps the value while the reader is used.
    let value: &'static [u8] = unsafe {
        let value = written.bytes(value)?;
        handle::wipe(reader)?;
        value
    };
    let lenient = match mode {
        PA_STRICT => false,
        PA_LENIENT => true,
        _ => return Err(PA_E_ARGUMENT),
    };
    let source = match field {
        PA_CHALLENGES if lenient => Source::Challenges(Challenges::new(value).lenient()),
        PA_CHALLENGES => Source::Challenges(Challenges::new(value)),
        PA_CREDENTIALS => Source::Credentials(value, lenient),
        PA_INFO => Source::Info(value, lenient),
        _ => return Err(PA_E_ARGUMENT),
    };
    let value = Reader {
        source,
        params: None,
        value: None,
        error: None,
    };
    // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
    unsafe { handle::init(reader, value) };
    Ok(())
}

/// Reads the next challenge, or the credentials. For `PA_INFO`, there is one item, without a scheme.
///
/// Returns `PA_END` after the last item, and `PA_SYNTAX` for one that breaks the grammar: see `pa_reader_text`. If reading is lenient,
/// further items may follow; otherwise, that is the end.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use them during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_reader_next(reader: *mut pa_reader, item: *mut pa_item) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { next(reader, item) }.into()
}

type Item = (Option<Token<'static>>, Option<Token68<'static>>, ParamsIter<'static>);

impl Reader {
    fn next(&mut self) -> Option<Result<Item, ParseError>> {
        if let Source::Challenges(challenges) = &mut self.source {
            let challenge = challenges.next()?;
            return Some(challenge.map(|challenge| {
                (
                    Some(challenge.scheme_name()),
                    challenge.token68(),
                    challenge.params().iter(),
                )
            }));
        }
        match core::mem::replace(&mut self.source, Source::End) {
            Source::Credentials(value, lenient) => {
                let read = if lenient {
                    Credentials::parse_lenient(value)
                } else {
                    Credentials::parse(value)
                };
                Some(read.map(|read| (Some(read.scheme_name()), read.token68(), read.params().iter())))
            }
            Source::Info(value, lenient) => {
                let read = if lenient {
                    AuthenticationInfo::parse_lenient(value)
                } else {
                    AuthenticationInfo::parse(value)
                };
                Some(read.map(|read| (None, None, read.params().iter())))
            }
            Source::Challenges(_) | Source::End => None,
        }
    }
}

/// # Safety
/// See [`pa_reader_next`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn next(reader: *mut pa_reader, item: *mut pa_item) -> Outcome {
    Written::new([target(reader)?, target(item)?])?;
    // SAFETY: the pointers are checked, and the caller guarantees the rest.
    let exclusive = unsafe {
        item.write(pa_item {
            scheme: NULL,
            token68: NULL,
        });
        handle::exclusive(reader)?
    };
    let reader = &mut *exclusive.value;
    (reader.params, reader.value, reader.error) = (None, None, None);
    match reader.next() {
        None => Err(PA_END),
        Some(Err(error)) => {
            reader.error = Some(error);
            Err(PA_SYNTAX)
        }
        Some(Ok((scheme, token68, params))) => {
            reader.params = Some(params);
            let found = pa_item {
                scheme: scheme.map_or(NULL, |scheme| string(scheme.to_str().as_bytes())),
                token68: token68.map_or(NULL, |token68| string(token68.to_str().as_bytes())),
            };
            // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
            unsafe { item.write(found) };
            Ok(())
        }
    }
}

/// Reads the next parameter of the current item. Returns `PA_END` after the last one, and `PA_E_ORDER` if there is no item.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use them during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_reader_param(reader: *mut pa_reader, param: *mut pa_param) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { next_param(reader, param) }.into()
}

/// # Safety
/// See [`pa_reader_param`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn next_param(reader: *mut pa_reader, param: *mut pa_param) -> Outcome {
    Written::new([target(reader)?, target(param)?])?;
    // SAFETY: the pointers are checked, and the caller guarantees the rest.
    let exclusive = unsafe {
        param.write(pa_param {
            name: NULL,
            raw: NULL,
            offset: 0,
        });
        handle::exclusive(reader)?
    };
    let reader = &mut *exclusive.value;
    reader.value = None;
    let read = reader.params.as_mut().ok_or(PA_E_ORDER)?.next().ok_or(PA_END)?;
    reader.value = Some(read.value());
    let found = pa_param {
        name: string(read.name().to_str().as_bytes()),
        raw: string(read.value().raw()),
        offset: read.value().offset(),
    };
    // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
    unsafe { param.write(found) };
    Ok(())
}

/// Writes the value of the current parameter, without quotes and backslashes.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use them during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_reader_value(reader: *const pa_reader, value: *mut pa_buffer) -> pa_status {
    let write = |reader: &Reader, buffer: &mut Buffer<'_>| {
        let value = reader.value.ok_or(PA_E_ORDER)?;
        match value.copy_to(buffer.memory()) {
            Ok(copied) => {
                let len = copied.len();
                buffer.end(len)
            }
            Err(error) => Err(buffer.too_small(error.needed)),
        }
    };
    // SAFETY: the caller guarantees it.
    unsafe { with_reader(reader, value, write) }.into()
}

/// Writes a text about the last `PA_SYNTAX`, without any part of the value, and the offset of the byte in error. `offset` may be null.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use them during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_reader_text(
    reader: *const pa_reader,
    text: *mut pa_buffer,
    offset: *mut usize,
) -> pa_status {
    let write = |reader: &Reader, buffer: &mut Buffer<'_>| {
        let error = reader.error.as_ref().ok_or(PA_E_ORDER)?;
        if !offset.is_null() {
            let [outer, inner] = buffer.regions;
            Written::new([target(offset)?, outer, inner])?;
            // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
            unsafe { offset.write(error.offset()) };
        }
        buffer.display(error)
    };
    // SAFETY: the caller guarantees it.
    unsafe { with_reader(reader, text, write) }.into()
}

/// # Safety
/// See [`pa_reader_value`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn with_reader(
    reader: *const pa_reader,
    buffer: *mut pa_buffer,
    write: impl FnOnce(&Reader, &mut Buffer<'_>) -> Outcome,
) -> Outcome {
    // SAFETY: the caller guarantees that the pointers are valid.
    unsafe {
        let mut buffer = Buffer::new(buffer)?;
        Written::new(buffer.regions)?.one(reader)?;
        buffer.empty();
        write(handle::shared(reader)?, &mut buffer)
    }
}
