//! Messages of NTLM (MS-NLMP, 2.2.1).
//!
//! A client may leave out the version, as curl does, but `gss-ntlmssp` 1.2.0 requires it. Without the flag for it, it is zero.

/// The length of a `NEGOTIATE_MESSAGE` without the version, if it has no payload.
const NEGOTIATE_LEN: usize = 32;
/// The offset of the version in an `AUTHENTICATE_MESSAGE`, or of the payload if there is none.
const AUTHENTICATE_LEN: usize = 64;
/// The offsets of the offsets in an `AUTHENTICATE_MESSAGE`.
const OFFSETS: [usize; 6] = [16, 24, 32, 40, 48, 56];
const VERSION: [u8; 8] = [0; 8];

/// Adds the version to a message without one. Returns `None` if the message has a version, or is damaged.
pub(crate) fn with_version(message: &[u8]) -> Option<Vec<u8>> {
    match (message.strip_prefix(b"NTLMSSP\0")?.first_chunk()?, message.len()) {
        ([1, 0, 0, 0], NEGOTIATE_LEN) => Some([message, &VERSION].concat()),
        ([3, 0, 0, 0], _) => {
            let (head, payload) = message.split_at_checked(AUTHENTICATE_LEN)?;
            let mut head = head.to_vec();
            let mut starts_here = false;
            for at in OFFSETS {
                let offset: &mut [u8; 4] = head.get_mut(at..)?.first_chunk_mut()?;
                let number = u32::from_le_bytes(*offset);
                starts_here |= usize::try_from(number) == Ok(AUTHENTICATE_LEN);
                *offset = number.checked_add(u32::try_from(VERSION.len()).ok()?)?.to_le_bytes();
            }
            starts_here.then(|| [&head, &VERSION[..], payload].concat())
        }
        _ => None,
    }
}
