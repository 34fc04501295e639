//! The parts of a request that authentication depends on.

use core::str;

use proxy_auth::{Request, Version};

use crate::memory::{pa_string, Written};
use crate::status::{Outcome, PA_E_ARGUMENT, PA_E_TEXT, PA_E_UTF8};

/// A field line of a message.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_field {
    /// The name, in any case.
    pub name: pa_string,
    /// The value.
    pub value: pa_string,
}

/// `pa_request.version` for HTTP/1.0.
pub const PA_HTTP_1_0: u32 = 10;
/// `pa_request.version` for HTTP/1.1.
pub const PA_HTTP_1_1: u32 = 11;
/// `pa_request.version` for HTTP/2 and HTTP/3, whose requests share a connection.
pub const PA_HTTP_2: u32 = 20;

/// A request.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_request {
    /// The method.
    pub method: pa_string,
    /// The target as it stands in the request line. For HTTP/2, `host:port` for CONNECT, otherwise `scheme://authority/path`.
    pub target: pa_string,
    /// All field lines. A client needs none here.
    pub fields: *const pa_field,
    /// The number of field lines.
    pub fields_len: usize,
    /// `PA_HTTP_1_0`, `PA_HTTP_1_1` or `PA_HTTP_2`.
    pub version: u32,
    /// Not 0 if the content is read completely even if the request is refused. Otherwise, a refusal of a request with content closes
    /// the connection.
    pub is_drained: u32,
}

/// Field lines, checked.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(&'a [pa_field]);

impl<'a> Fields<'a> {
    /// Reads field lines, and checks each pointer.
    ///
    /// # Safety
    /// See [`Written::array`].
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn new<const N: usize>(ptr: *const pa_field, len: usize, written: &Written<N>) -> Outcome<Self> {
        // SAFETY: the caller guarantees it.
        let fields = unsafe { written.array(ptr, len) }?;
        for field in fields {
            // SAFETY: the caller guarantees it.
            unsafe {
                written.bytes(field.name)?;
                written.bytes(field.value)?;
            }
        }
        Ok(Self(fields))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone {
        self.0.iter().map(|field| (checked(field.name), checked(field.value)))
    }
}

/// Returns the bytes of a string that [`Fields::new`] has checked.
#[expect(unsafe_code, reason = "pointers of the caller")]
fn checked<'a>(string: pa_string) -> &'a [u8] {
    // SAFETY: the caller of `Fields::new` guarantees it for the call, and nothing keeps it for longer.
    unsafe { Written::NOTHING.bytes(string) }.unwrap_or_default()
}

impl pa_request {
    /// Reads the request line.
    ///
    /// # Safety
    /// See [`Written::array`].
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn read<'a, const N: usize>(&self, written: &Written<N>) -> Outcome<Request<'a>> {
        // SAFETY: the caller guarantees it.
        let (method, target) = unsafe { (written.bytes(self.method)?, written.bytes(self.target)?) };
        let text = |bytes| str::from_utf8(bytes).map_err(|_| PA_E_UTF8);
        let method = text(method)?;
        if method.is_empty() || method.bytes().any(|byte| !byte.is_ascii_graphic()) || target.is_empty() {
            return Err(PA_E_TEXT);
        }
        let request = Request::new(method, text(target)?).map_err(|_| PA_E_TEXT)?;
        let request = match self.version {
            PA_HTTP_1_0 => request.with_version(Version::Http10),
            PA_HTTP_1_1 => request,
            PA_HTTP_2 => request.with_version(Version::Http2),
            _ => return Err(PA_E_ARGUMENT),
        };
        Ok(if self.is_drained == 0 {
            request
        } else {
            request.with_drained_content()
        })
    }
}
