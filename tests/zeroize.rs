//! Tests that the feature `zeroize` overwrites copies of secrets when they are dropped.
#![cfg(all(feature = "zeroize", feature = "digest"))]
#![expect(clippy::large_stack_arrays, reason = "the test inspects the unused stack")]
#![expect(unsafe_code, reason = "the test inspects dropped values and the unused stack")]

use std::hint::black_box;
use std::mem::{MaybeUninit, size_of};
use std::time::Duration;

use proxy_auth::digest::{self, Algorithm, Client, HexHash, Login, PasswordHash, QopOptions, Username, userhash};
use proxy_auth::zeroize::{ZeroizeOnDrop, Zeroizing};
use proxy_auth::{Account, Credentials, DigestOffer, Gate, Pass, Password, Policy, Request, Session, Turn, basic};

/// Drops `value`, which must have no padding, and returns the bytes that it leaves.
fn dropped<T>(value: T) -> Vec<u8> {
    let mut place = MaybeUninit::new(value);
    // SAFETY: `place` is initialised, and dropped once; without padding, all its bytes are initialised.
    unsafe {
        place.as_mut_ptr().drop_in_place();
        std::slice::from_raw_parts(place.as_ptr().cast(), size_of::<T>()).to_vec()
    }
}

#[test]
fn a_hash_is_overwritten() {
    let hash = userhash(Algorithm::Sha256, Username::new("user").unwrap(), "realm");
    let digits = hash.as_bytes().to_vec();
    let left = dropped(hash);
    assert!(
        !left
            .windows(8)
            .any(|window| digits.windows(8).any(|digits| digits == window))
    );
}

#[test]
fn a_hash_implements_zeroize_on_drop() {
    fn is_overwritten<T: ZeroizeOnDrop>() {}
    is_overwritten::<HexHash>();
}

#[test]
fn credentials_can_be_decoded_into_a_zeroizing_buffer() {
    let credentials = Credentials::parse("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==").unwrap();
    let mut buffer = Zeroizing::new([0; 64]);
    let basic = basic::Credentials::decode(&credentials, &mut *buffer).unwrap();
    assert!(basic.verify("aladdin", "open sesame"));
    assert!(dropped(buffer).iter().all(|byte| *byte == 0));
}

/// Returns a password that is nowhere else in memory.
fn password() -> Vec<u8> {
    b"nfkbnfvkjfbvkjhqe".iter().map(|byte| byte ^ 1).collect()
}

/// The length of the inspected stack, which is more than any of the calls uses.
const DEPTH: usize = 32 * 1024;

/// Overwrites the unused stack below the caller's frame.
#[inline(never)]
fn wipe_dead_stack() {
    let mut stack = [0xA5_u8; DEPTH];
    black_box(&mut stack);
}

/// Counts the occurrences of `pattern` in the stack below the caller's frame, which earlier calls used.
#[inline(never)]
fn find_in_dead_stack(pattern: &[u8]) -> usize {
    let stack = [const { MaybeUninit::<u8>::uninit() }; DEPTH];
    let stack = black_box(&stack).as_ptr().cast::<u8>();
    let mut found = 0;
    for start in 0..DEPTH - pattern.len() {
        let is_here = pattern.iter().enumerate().all(|(index, byte)| {
            // SAFETY: the byte is within `stack`. A volatile read of memory that this thread wrote earlier, in frames that no
            // longer exist, returns its contents.
            *byte == unsafe { stack.add(start + index).read_volatile() }
        });
        found += usize::from(is_here);
    }
    found
}

/// Counts the copies of the password that `call` leaves on the stack.
fn left_by(call: impl Fn(&[u8])) -> usize {
    let password = password();
    // An inlined call would not use the stack below this frame.
    let call = black_box(&call as &dyn Fn(&[u8]));
    wipe_dead_stack();
    call(&password);
    // Search for a part of the password, since hash functions process blocks.
    find_in_dead_stack(&password[..12])
}

#[test]
fn copies_on_the_stack_are_found() {
    let left = left_by(|password| {
        let mut copy = [0; 17];
        copy.copy_from_slice(password);
        black_box(&mut copy);
    });
    assert!(left > 0);
}

/// Checks passwords of `len` bytes. The dependencies are not optimized here, unless this runs with `--release`.
fn check_no_password_is_left(len: usize) {
    let user = || Username::new("aladdin").unwrap();
    let repeat = |password: &[u8]| -> Vec<u8> { password.iter().copied().cycle().take(len).collect() };
    for algorithm in [Algorithm::Md5, Algorithm::Sha256, Algorithm::Sha512_256] {
        let left = left_by(|password| {
            black_box(PasswordHash::new(
                algorithm,
                Login::new(user(), &repeat(password)),
                "apps",
            ));
        });
        assert_eq!(left, 0, "PasswordHash::new, {algorithm}");
        let challenge = digest::Challenge::new("apps", "n")
            .unwrap()
            .with_algorithm(algorithm)
            .with_qop(QopOptions::AUTH);
        let left = left_by(|password| {
            black_box(Client::new(&challenge, Login::new(user(), &repeat(password)), "c").unwrap());
        });
        assert_eq!(left, 0, "Client::new, {algorithm}");
        let value = challenge.to_string();
        let left = left_by(|password| {
            let password = String::from_utf8(repeat(password)).unwrap();
            let login = proxy_auth::Login {
                name: "aladdin",
                password: &password,
            };
            let request = Request::new("GET", "/").unwrap();
            let mut session = Session::<64>::new(Policy::digest_only());
            let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
            let _ = session.receive(pending, 407, [("Proxy-Authenticate", &value)]);
            let (authorization, _) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
            assert!(black_box(authorization).is_some());
        });
        assert_eq!(left, 0, "Session::authorize, {algorithm}");
    }
}

/// Returns the answer of a client with this password to the only challenge of `gate`.
fn answer(gate: &Gate<&str>, password: &str) -> String {
    let login = proxy_auth::Login {
        name: "aladdin",
        password,
    };
    let request = Request::new("GET", "/").unwrap();
    let refusal = gate.read(&request, [("Host", "x")], &mut []).unwrap_err();
    let challenge = gate
        .deny(&refusal, Duration::from_secs(1), 1)
        .challenges()
        .next()
        .unwrap()
        .to_string();
    let mut session = Session::<128>::new(Policy::digest_only());
    let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
    let _ = session.receive(pending, 407, [("Proxy-Authenticate", &challenge)]);
    let (authorization, _) = session.authorize(Turn::FIRST, &login, &request, [7; 16]).unwrap();
    authorization.unwrap().to_string()
}

/// Passes the gate with an answer, and hands the pass out.
fn pass(gate: &Gate<&str>, answer: &str, password: &[u8], with: impl FnOnce(Pass<'_>)) {
    let request = Request::new("GET", "/").unwrap();
    let mut scratch = [0; 64];
    let attempt = gate
        .read(&request, [("Proxy-Authorization", answer)], &mut scratch)
        .unwrap();
    let account = Account::new("aladdin", Password::new(password));
    let ticket = attempt.check(Some(account), Duration::from_secs(1)).unwrap();
    with(
        ticket
            .redeem(&mut gate.replay_window([digest::Slot::EMPTY; 8], Duration::ZERO))
            .unwrap(),
    );
}

const ALGORITHMS: [Algorithm; 3] = [Algorithm::Md5, Algorithm::Sha256, Algorithm::Sha512_256];

#[test]
fn a_gate_leaves_no_password_on_the_stack() {
    for algorithm in ALGORITHMS {
        let gate = Gate::new("apps")
            .unwrap()
            .with_digest(&DigestOffer::new(&[7; 32], [algorithm]));
        let value = answer(&gate, core::str::from_utf8(&password()).unwrap());
        let left = left_by(|password| pass(&gate, &value, password, |pass| drop(black_box(pass))));
        assert_eq!(left, 0, "Attempt::check, {algorithm}");
    }
}

#[test]
fn a_gate_leaves_no_key_on_the_stack() {
    let left = left_by(|key| {
        let mut bytes = Zeroizing::new([0; 32]);
        bytes[..key.len()].copy_from_slice(key);
        let gate = Gate::new("apps")
            .unwrap()
            .with_digest(&DigestOffer::new(&bytes, [Algorithm::Sha256]));
        drop(black_box(gate));
    });
    assert_eq!(left, 0);
}

/// The proof is computed with the hash of the password, which a pass keeps.
#[test]
fn a_pass_overwrites_the_hash_of_the_password() {
    for algorithm in ALGORITHMS {
        let gate = Gate::new("apps")
            .unwrap()
            .with_digest(&DigestOffer::new(&[7; 32], [algorithm]));
        let value = answer(&gate, "open sesame");
        let login = Login::new(Username::new("aladdin").unwrap(), "open sesame");
        let digits = PasswordHash::new(algorithm, login, "apps").as_hex().to_owned();
        pass(&gate, &value, b"open sesame", |pass| {
            let mut place = MaybeUninit::new(pass);
            let find = |place: &MaybeUninit<Pass<'_>>| {
                let start = place.as_ptr().cast::<u8>();
                // SAFETY: every byte is within `place`. A volatile read returns the contents of memory, whatever they mean.
                let bytes = (0..size_of::<Pass<'_>>()).map(|index| unsafe { start.add(index).read_volatile() });
                let bytes: Vec<u8> = bytes.collect();
                bytes
                    .windows(16)
                    .filter(|window| *window == &digits.as_bytes()[..16])
                    .count()
            };
            assert_eq!(find(&place), 1, "{algorithm}");
            // SAFETY: `place` is initialised, and dropped once.
            unsafe { place.as_mut_ptr().drop_in_place() };
            assert_eq!(find(&place), 0, "{algorithm}");
        });
    }
}

#[test]
fn no_password_is_left_on_the_stack() {
    check_no_password_is_left(17);
}

#[test]
fn no_password_of_several_blocks_is_left_on_the_stack() {
    check_no_password_is_left(400);
}
