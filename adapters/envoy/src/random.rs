//! Random bytes from the host: WASI's `random_get`, which Envoy answers with `RAND_bytes`.

#[link(wasm_import_module = "wasi_snapshot_preview1")]
#[expect(unsafe_code, reason = "a function of the host")]
unsafe extern "C" {
    fn random_get(buffer: *mut u8, len: usize) -> u32;
}

/// Returns bytes from the random source of the host, or `None` if it fails.
pub(crate) fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    // SAFETY: the host writes `N` bytes to an array of that length.
    #[expect(unsafe_code, reason = "a function of the host")]
    let status = unsafe { random_get(bytes.as_mut_ptr(), N) };
    // A source that does nothing is no random source.
    (status == 0 && bytes.iter().any(|&byte| byte != 0)).then_some(bytes)
}
