//! Memory of the caller: strings, arrays and buffers, checked before they become references.

use core::ffi::c_char;
use core::fmt::{self, Write};
use core::mem::{align_of, size_of};
use core::slice;

use proxy_auth::Encode;

use crate::status::{Outcome, PA_E_ALIGN, PA_E_LENGTH, PA_E_NULL, PA_E_OVERLAP, PA_E_SIZE};

/// Bytes of the caller, which the library only reads. They need no zero byte at the end: see `pa_str`. Null with the length 0 is the
/// empty string.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_string {
    /// The first byte.
    pub ptr: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

/// Memory of the caller that a call writes to. The text ends with a zero byte, which `len` does not count.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_buffer {
    /// The first byte.
    pub ptr: *mut c_char,
    /// The number of bytes, including that for the zero byte.
    pub size: usize,
    /// Written by each call: the length of the text. After `PA_E_SIZE`, it is the needed `size`.
    pub len: usize,
}

/// A range of addresses.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    start: usize,
    end: usize,
}

impl Region {
    pub(crate) const EMPTY: Self = Self { start: 0, end: 0 };

    /// Returns the range of `count` values.
    fn of<T>(ptr: *const T, count: usize) -> Outcome<Self> {
        let len = count.checked_mul(size_of::<T>()).ok_or(PA_E_LENGTH)?;
        if len == 0 {
            return Ok(Self::EMPTY);
        }
        if ptr.is_null() {
            return Err(PA_E_NULL);
        }
        // No object is larger.
        if isize::try_from(len).is_err() {
            return Err(PA_E_LENGTH);
        }
        if ptr.align_offset(align_of::<T>()) != 0 {
            return Err(PA_E_ALIGN);
        }
        let start = ptr as usize;
        let end = start.checked_add(len).ok_or(PA_E_LENGTH)?;
        Ok(Self { start, end })
    }

    const fn meets(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The memory that a call writes. No other memory of the call may overlap it.
#[derive(Clone, Copy)]
pub(crate) struct Written<const N: usize>([Region; N]);

impl Written<0> {
    pub(crate) const NOTHING: Self = Self([]);
}

impl<const N: usize> Written<N> {
    pub(crate) fn new(regions: [Region; N]) -> Outcome<Self> {
        for (index, region) in regions.iter().enumerate() {
            if regions
                .iter()
                .skip(index.saturating_add(1))
                .any(|other| region.meets(*other))
            {
                return Err(PA_E_OVERLAP);
            }
        }
        Ok(Self(regions))
    }

    fn apart(&self, region: Region) -> Outcome {
        if self.0.iter().any(|written| written.meets(region)) {
            return Err(PA_E_OVERLAP);
        }
        Ok(())
    }

    /// Returns an array of the caller.
    ///
    /// # Safety
    /// Unless it is null, `ptr` must point to `len` values that nothing else writes during the call.
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn array<'a, T>(&self, ptr: *const T, len: usize) -> Outcome<&'a [T]> {
        let region = Region::of(ptr, len)?;
        self.apart(region)?;
        if len == 0 {
            return Ok(&[]);
        }
        // SAFETY: `Region::of` has checked null, alignment and size; the caller guarantees the rest, and the call writes nothing there.
        Ok(unsafe { slice::from_raw_parts(ptr, len) })
    }

    /// Returns the bytes of a string of the caller.
    ///
    /// # Safety
    /// See [`array`](Self::array).
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn bytes<'a>(&self, string: pa_string) -> Outcome<&'a [u8]> {
        // SAFETY: the caller guarantees it.
        unsafe { self.array(string.ptr.cast(), string.len) }
    }

    /// Returns a value of the caller.
    ///
    /// # Safety
    /// See [`array`](Self::array).
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn one<'a, T>(&self, ptr: *const T) -> Outcome<&'a T> {
        // SAFETY: the caller guarantees it.
        let one = unsafe { self.array(ptr, 1) }?;
        one.first().ok_or(PA_E_NULL)
    }
}

/// Checks a pointer to a value that a call writes, and returns its range.
pub(crate) fn target<T>(ptr: *mut T) -> Outcome<Region> {
    Region::of(ptr.cast_const(), 1)
}

/// A buffer of the caller, in the course of a call.
pub(crate) struct Buffer<'b> {
    bytes: &'b mut [u8],
    len: &'b mut usize,
    /// The ranges of the struct and of its bytes.
    pub(crate) regions: [Region; 2],
}

impl Buffer<'_> {
    /// Reads a buffer of the caller. Nothing is written until all pointers of the call are checked: see [`empty`](Self::empty).
    ///
    /// # Safety
    /// Unless it is null, `ptr` must point to a `pa_buffer` whose memory nothing else uses during the call.
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn new(ptr: *mut pa_buffer) -> Outcome<Self> {
        let outer = target(ptr)?;
        // SAFETY: `target` has checked null and alignment; the caller guarantees the rest.
        let buffer = unsafe { &mut *ptr };
        let inner = Region::of(buffer.ptr.cast_const(), buffer.size)?;
        Written::new([outer, inner])?;
        let bytes = if buffer.size == 0 {
            &mut [][..]
        } else {
            // SAFETY: `Region::of` has checked null and size; the caller guarantees the rest. It does not overlap `buffer`.
            unsafe { slice::from_raw_parts_mut(buffer.ptr.cast::<u8>(), buffer.size) }
        };
        Ok(Self {
            bytes,
            len: &mut buffer.len,
            regions: [outer, inner],
        })
    }

    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Lends the memory as it is, for a call that decodes into it.
    pub(crate) fn memory(&mut self) -> &mut [u8] {
        self.bytes
    }

    /// Reports the size that is needed for this many bytes and a zero byte.
    pub(crate) fn too_small(&mut self, len: usize) -> crate::pa_status {
        self.empty();
        *self.len = len.saturating_add(1);
        PA_E_SIZE
    }

    /// Makes the buffer empty.
    pub(crate) fn empty(&mut self) {
        *self.len = 0;
        if let Some(first) = self.bytes.first_mut() {
            *first = 0;
        }
    }

    /// Ends the text in the buffer after this many bytes.
    pub(crate) fn end(&mut self, len: usize) -> Outcome {
        match self.bytes.get_mut(len) {
            Some(end) => *end = 0,
            None => return Err(self.too_small(len)),
        }
        *self.len = len;
        Ok(())
    }

    /// Writes a value.
    pub(crate) fn encode(&mut self, value: &impl Encode) -> Outcome {
        match value.encode(self.bytes) {
            Ok(written) => {
                let len = written.len();
                self.end(len)
            }
            Err(error) => Err(self.too_small(error.needed)),
        }
    }

    /// Writes a text.
    pub(crate) fn display(&mut self, text: &impl fmt::Display) -> Outcome {
        let mut out = Text {
            bytes: self.bytes,
            len: 0,
        };
        // Only the memory can be missing, and the length then says so.
        let _ = write!(out, "{text}");
        let len = out.len;
        self.end(len)
    }
}

/// Writes as much of a text as there is memory for, and counts all of it.
struct Text<'b> {
    bytes: &'b mut [u8],
    len: usize,
}

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.iter_mut().skip(self.len);
        room.zip(text.bytes()).for_each(|(to, byte)| *to = byte);
        self.len = self.len.saturating_add(text.len());
        Ok(())
    }
}
