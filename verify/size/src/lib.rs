//! The common parts of the programs: reading, and the entry point and panic handler of a program without an operating
//! system.

#![no_std]

use core::panic::PanicInfo;

use proxy_auth::{AuthenticationInfo, Challenges, Credentials, Encode, Params, ParseError, Scheme};

/// Reads all three fields strictly and leniently, up to the last byte of each value.
pub fn read(value: &[u8]) -> Result<usize, ParseError> {
    let mut sum = 0;
    for challenge in Challenges::new(value) {
        let challenge = challenge?;
        sum += usize::from(challenge.scheme() == Scheme::Basic) + bytes(challenge.params());
        sum += challenge.token68().map_or(0, |token68| token68.as_bytes().len());
    }
    for challenge in Challenges::new(value).lenient() {
        match challenge {
            Ok(challenge) => sum += challenge.realm().map_or(0, |realm| realm.len()),
            Err(error) => sum += error.skipped().len(),
        }
    }
    let credentials = Credentials::parse(value)?;
    sum += credentials.token68().map_or(0, |token68| token68.as_bytes().len()) + bytes(credentials.params());
    Ok(sum + bytes(AuthenticationInfo::parse(value)?.params()))
}

fn bytes(params: Params<'_>) -> usize {
    params
        .iter()
        .map(|param| param.name().as_bytes().len() + param.value().unescaped().count())
        .sum()
}

/// Writes `value` to `output`, and returns its length if there is room.
#[inline]
pub fn write(value: &impl Encode, output: &mut [u8]) -> Option<usize> {
    value.encode(output).ok().map(<[u8]>::len)
}

/// Defines a program whose entry point calls the given function from bytes to bytes, so that the linker keeps only
/// that.
#[macro_export]
macro_rules! program {
    ($run:expr) => {
        /// # Safety
        /// `input` and `output` must point to `input_len` and `output_len` bytes.
        #[unsafe(no_mangle)]
        unsafe extern "C" fn _start(input: *const u8, input_len: usize, output: *mut u8, output_len: usize) -> usize {
            let run: fn(&[u8], &mut [u8]) -> usize = $run;
            // SAFETY: see above.
            unsafe {
                run(
                    core::slice::from_raw_parts(input, input_len),
                    core::slice::from_raw_parts_mut(output, output_len),
                )
            }
        }
    };
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
