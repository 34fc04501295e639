//! Calls the functions for C in any order, with handles of any kind, strings and buffers of any size, and memory that overlaps.
#![no_main]

use std::ffi::c_void;
use std::ptr;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use proxy_auth_c::*;

const SLOTS: usize = 6;
const WORDS: usize = 256;
const WINDOW_SLOTS: usize = 9;
const PASSWORD: &[u8] = b"open sesame";

/// Bytes that a call reads.
#[derive(Arbitrary, Debug)]
enum Text {
    Any(Vec<u8>),
    /// The value that was written last.
    Last,
    /// The memory of a handle.
    Slot(u8, u16),
    Known(u8),
}

const KNOWN: [&[u8]; 12] = [
    b"GET",
    b"CONNECT",
    b"example.com:443",
    b"http://example.com/",
    b"Proxy-Authorization",
    b"Proxy-Authenticate",
    b"Proxy-Authentication-Info",
    b"aladdin",
    PASSWORD,
    b"Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    b"Digest realm=\"apps\", nonce=\"x\", qop=\"auth\", algorithm=SHA-256",
    b"apps",
];

/// Memory that a call writes.
#[derive(Arbitrary, Debug)]
enum Memory {
    /// Memory of exactly this size.
    Sized(u16),
    /// The memory of the handle of the call.
    Handle,
    Null(u16),
}

#[derive(Arbitrary, Debug)]
struct Head {
    method: Text,
    target: Text,
    fields: Vec<(Text, Text)>,
    version: u8,
    is_drained: bool,
}

#[derive(Arbitrary, Debug)]
enum Call {
    /// Initializes a handle of each kind as a program should, in four slots.
    Start {
        base: u8,
        offer: u8,
    },
    /// One round of an exchange, as a program should make it, with the handles of `Start`.
    Exchange {
        base: u8,
        now: u16,
    },
    GateInit {
        slot: u8,
        secrets: u8,
        offers: Vec<u8>,
        realm: Text,
        flags: u8,
    },
    Claim {
        slot: u8,
        head: Head,
        memory: Memory,
    },
    Check {
        slot: u8,
        head: Head,
        name: Option<Text>,
        kind: u8,
        window: u8,
        info: Memory,
        now: u16,
    },
    Challenge {
        slot: u8,
        index: u8,
        memory: Memory,
    },
    Message {
        slot: u8,
        memory: Memory,
    },
    WindowInit {
        slot: u8,
        gate: u8,
        size: u16,
    },
    SessionInit {
        slot: u8,
        policy: u8,
        flags: u8,
    },
    TurnInit {
        slot: u8,
    },
    Authorize {
        slot: u8,
        turn: u8,
        head: Head,
        name: Text,
        memory: Memory,
    },
    Receive {
        slot: u8,
        turn: u8,
        status: u16,
        fields: Vec<(Text, Text)>,
    },
    ReceiveRefusal {
        slot: u8,
        turn: u8,
        gate: u8,
    },
    ReaderInit {
        slot: u8,
        field: u8,
        mode: u8,
        value: Vec<u8>,
    },
    ReaderNext {
        slot: u8,
    },
    ReaderParam {
        slot: u8,
    },
    ReaderValue {
        slot: u8,
        memory: Memory,
    },
    ReaderText {
        slot: u8,
        memory: Memory,
    },
    Basic {
        value: Text,
        name: Text,
    },
    Wipe {
        slot: u8,
        kind: u8,
    },
    Copy {
        from: u8,
        to: u8,
    },
}

/// Returns four slots.
fn four(base: u8) -> [u8; 4] {
    [0, 1, 2, 3].map(|index| (base % 3) + index)
}

/// The memory of the program.
struct World {
    slots: Vec<[u64; WORDS]>,
    refusal: pa_refusal,
    last: Vec<u8>,
    /// Values that readers point into.
    kept: Vec<Box<[u8]>>,
    random: u8,
    /// The status of the last check.
    status: pa_status,
}

impl World {
    fn slot<T>(&mut self, index: u8) -> *mut T {
        assert!(size_of::<T>() <= size_of::<[u64; WORDS]>());
        self.slots[usize::from(index) % SLOTS].as_mut_ptr().cast()
    }

    fn text(&self, text: &Text) -> pa_string {
        let (ptr, len) = match text {
            Text::Any(bytes) => (bytes.as_ptr(), bytes.len()),
            Text::Last => (self.last.as_ptr(), self.last.len()),
            Text::Slot(index, len) => (
                self.slots[usize::from(*index) % SLOTS].as_ptr().cast(),
                usize::from(*len) % (WORDS * 8),
            ),
            Text::Known(index) => {
                let known = KNOWN[usize::from(*index) % KNOWN.len()];
                (known.as_ptr(), known.len())
            }
        };
        pa_string { ptr: ptr.cast(), len }
    }

    fn fields(&self, fields: &[(Text, Text)]) -> Vec<pa_field> {
        let field = |(name, value): &(Text, Text)| pa_field {
            name: self.text(name),
            value: self.text(value),
        };
        fields.iter().map(field).collect()
    }

    fn request(&self, head: &Head, fields: &[pa_field]) -> pa_request {
        pa_request {
            method: self.text(&head.method),
            target: self.text(&head.target),
            fields: fields.as_ptr(),
            fields_len: fields.len(),
            version: [PA_HTTP_1_0, PA_HTTP_1_1, PA_HTTP_2, 0][usize::from(head.version % 4)],
            is_drained: head.is_drained.into(),
        }
    }

    /// Makes a call with a buffer, and checks what it has written.
    fn buffered(
        &mut self,
        memory: &Memory,
        handle: *mut u8,
        call: impl FnOnce(&mut Self, *mut pa_buffer) -> pa_status,
    ) -> pa_status {
        let mut exact = match memory {
            Memory::Sized(size) => vec![b'x'; usize::from(*size)].into_boxed_slice(),
            _ => Box::default(),
        };
        let (ptr, size) = match memory {
            Memory::Sized(size) => (exact.as_mut_ptr(), usize::from(*size)),
            Memory::Handle => (handle, 64),
            Memory::Null(size) => (ptr::null_mut(), usize::from(*size)),
        };
        let mut buffer = pa_buffer {
            ptr: ptr.cast(),
            size,
            len: 0,
        };
        let status = call(self, &mut buffer);
        match (memory, status) {
            (Memory::Sized(_), pa_status::PA_OK) => {
                assert!(buffer.len < size && exact[buffer.len] == 0);
                self.last = exact[..buffer.len].to_vec();
            }
            (_, pa_status::PA_E_SIZE) => assert!(buffer.len > size),
            (Memory::Handle, status) => assert_ne!(status, pa_status::PA_OK),
            (Memory::Null(1..), status) => assert_ne!(status, pa_status::PA_OK),
            _ => {}
        }
        status
    }

    /// Initializes a gate, a window, a session and a turn.
    fn start(&mut self, [gate, window, session, turn]: [u8; 4], offer: u8) {
        let offers = [[PA_DIGEST_SHA_256, PA_DIGEST_MD5, PA_BASIC][usize::from(offer % 3)]];
        let config = pa_gate_config {
            abi: PA_ABI_VERSION,
            secrets: PA_PASSWORDS,
            realm: self.text(&Text::Known(11)),
            offers: offers.as_ptr(),
            offers_len: 1,
            key: b"32 bytes from a random source   ".as_ptr(),
            previous_key: ptr::null(),
            max_age_ms: 0,
            flags: if offer & 128 == 0 { 0 } else { PA_USERHASH },
        };
        let policy = pa_session_config {
            abi: PA_ABI_VERSION,
            policy: PA_DIGEST_OR_BASIC,
            flags: 0,
        };
        // The memory is valid for each call, and no other thread uses it.
        unsafe {
            let gate = self.slot(gate);
            let _ = pa_gate_init(gate, &config);
            let _ = pa_window_init(self.slot(window), WORDS * 8, gate, 0);
            let _ = pa_session_init(self.slot(session), &policy);
            let _ = pa_turn_init(self.slot(turn));
        }
    }

    /// Lets the session authorize a request, passes it to the gate, and passes the response to the session.
    fn exchange(&mut self, [gate, window, session, turn]: [u8; 4], now: u16) {
        let head = Head {
            method: Text::Known(1),
            target: Text::Known(2),
            fields: Vec::new(),
            version: 1,
            is_drained: false,
        };
        let name = Text::Known(7);
        self.make(&Call::Authorize {
            slot: session,
            turn,
            head,
            name,
            memory: Memory::Sized(1024),
        });
        let value = std::mem::take(&mut self.last);
        let check = |world: &mut Self, info: u16| {
            let fields = if value.is_empty() {
                vec![]
            } else {
                vec![(Text::Known(4), Text::Any(value.clone()))]
            };
            let head = Head {
                method: Text::Known(1),
                target: Text::Known(2),
                fields,
                version: 1,
                is_drained: false,
            };
            let (name, info) = (Some(Text::Known(7)), Memory::Sized(info));
            world.make(&Call::Check {
                slot: gate,
                head,
                name,
                kind: 1,
                window,
                info,
                now,
            });
            world.status
        };
        let status = check(self, 1024);
        if status == pa_status::PA_OK {
            let info = std::mem::take(&mut self.last);
            if value.starts_with(b"Digest ") {
                assert_eq!(check(self, 1024), pa_status::PA_REFUSED, "a replayed answer");
            }
            let fields = if info.is_empty() {
                vec![]
            } else {
                vec![(Text::Known(6), Text::Any(info))]
            };
            self.make(&Call::Receive {
                slot: session,
                turn,
                status: 0,
                fields,
            });
        } else {
            self.make(&Call::ReceiveRefusal {
                slot: session,
                turn,
                gate,
            });
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each function")]
    fn make(&mut self, call: &Call) {
        // The memory is valid for the whole call, and no other thread uses it.
        unsafe {
            match call {
                Call::Start { base, offer } => self.start(four(*base), *offer),
                Call::Exchange { base, now } => self.exchange(four(*base), *now),
                Call::GateInit {
                    slot,
                    secrets,
                    offers,
                    realm,
                    flags,
                } => {
                    let offers: Vec<u32> = offers.iter().map(|offer| u32::from(offer % 6)).collect();
                    let config = pa_gate_config {
                        abi: PA_ABI_VERSION,
                        secrets: (secrets % 5).into(),
                        realm: self.text(realm),
                        offers: offers.as_ptr(),
                        offers_len: offers.len(),
                        key: b"32 bytes from a random source   ".as_ptr(),
                        previous_key: ptr::null(),
                        max_age_ms: 0,
                        flags: (flags % 9).into(),
                    };
                    let _ = pa_gate_init(self.slot(*slot), &config);
                }
                Call::Claim { slot, head, memory } => {
                    let fields = self.fields(&head.fields);
                    let request = self.request(head, &fields);
                    let gate = self.slot::<pa_gate>(*slot);
                    let _ = self.buffered(memory, gate.cast(), |_, buffer| {
                        let mut claim = std::mem::zeroed();
                        let status = pa_gate_claim(gate, &request, buffer, &mut claim);
                        if status == pa_status::PA_OK {
                            for text in [claim.user, claim.password] {
                                assert!(text.ptr.is_null() || *text.ptr.add(text.len) == 0);
                            }
                        }
                        status
                    });
                }
                Call::Check {
                    slot,
                    head,
                    name,
                    kind,
                    window,
                    info,
                    now,
                } => {
                    let fields = self.fields(&head.fields);
                    let request = self.request(head, &fields);
                    let account = name.as_ref().map(|name| pa_account {
                        name: self.text(name),
                        kind: (kind % 4).into(),
                        password: pa_string {
                            ptr: PASSWORD.as_ptr().cast(),
                            len: PASSWORD.len(),
                        },
                        hashes: ptr::null(),
                        hashes_len: 0,
                    });
                    let account = account.as_ref().map_or(ptr::null(), ptr::from_ref);
                    let store = pa_store {
                        admit: Some(pa_window_admit),
                        context: self.slot::<c_void>(*window),
                    };
                    let moment = pa_moment {
                        now_ms: (*now).into(),
                        unique: 1,
                    };
                    let gate = self.slot::<pa_gate>(*slot);
                    let status = self.buffered(info, gate.cast(), |world, info| {
                        pa_gate_check(gate, &request, account, &store, moment, info, &mut world.refusal)
                    });
                    self.status = status;
                    assert!(
                        status != pa_status::PA_OK || name.is_some(),
                        "a user without an account"
                    );
                    assert!(
                        status == pa_status::PA_REFUSED
                            || self.refusal.reason == 0
                            || !matches!(status, pa_status::PA_OK)
                    );
                }
                Call::Challenge { slot, index, memory } => {
                    let gate = self.slot::<pa_gate>(*slot);
                    let _ = self.buffered(memory, gate.cast(), |world, buffer| {
                        pa_refusal_challenge(&world.refusal, gate, usize::from(*index), buffer)
                    });
                }
                Call::Message { slot, memory } => {
                    let gate = self.slot::<pa_gate>(*slot);
                    let status = self.buffered(memory, gate.cast(), |world, buffer| {
                        pa_refusal_message(&world.refusal, gate, buffer)
                    });
                    if status == pa_status::PA_OK {
                        assert!(self.last.starts_with(b"HTTP/1.1 40") && self.last.ends_with(b"\r\n\r\n"));
                    }
                }
                Call::WindowInit { slot, gate, size } => {
                    let most = WORDS * 8;
                    assert!(PA_SLOT_SIZE * WINDOW_SLOTS < most);
                    let gate = self.slot(*gate);
                    let _ = pa_window_init(self.slot(*slot), usize::from(*size) % (most + 1), gate, 0);
                }
                Call::SessionInit { slot, policy, flags } => {
                    let (policy, flags) = ((policy % 5).into(), (flags & 60).into());
                    let config = pa_session_config {
                        abi: PA_ABI_VERSION,
                        policy,
                        flags,
                    };
                    let _ = pa_session_init(self.slot(*slot), &config);
                }
                Call::TurnInit { slot } => {
                    let _ = pa_turn_init(self.slot(*slot));
                }
                Call::Authorize {
                    slot,
                    turn,
                    head,
                    name,
                    memory,
                } => {
                    let request = self.request(head, &[]);
                    let password = pa_string {
                        ptr: PASSWORD.as_ptr().cast(),
                        len: PASSWORD.len(),
                    };
                    let login = pa_login {
                        name: self.text(name),
                        password,
                    };
                    self.random = self.random.wrapping_add(1);
                    let mut random = [self.random; PA_RANDOM_LEN];
                    random[0] ^= 1;
                    let (session, turn) = (self.slot::<pa_session>(*slot), self.slot::<pa_turn>(*turn));
                    let status = self.buffered(memory, session.cast(), |_, buffer| {
                        pa_session_authorize(session, turn, &request, &login, random.as_ptr(), buffer)
                    });
                    if status == pa_status::PA_OK {
                        assert!(
                            !self.last.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t'),
                            "another line"
                        );
                    }
                }
                Call::Receive {
                    slot,
                    turn,
                    status,
                    fields,
                } => {
                    let fields = self.fields(fields);
                    let mut is_proved = 7;
                    let (session, turn) = (self.slot::<pa_session>(*slot), self.slot::<pa_turn>(*turn));
                    let status = 200 + u32::from(status % 400);
                    let _ = pa_session_receive(session, turn, status, fields.as_ptr(), fields.len(), &mut is_proved);
                    assert!(is_proved <= 1 || is_proved == 7);
                }
                Call::ReceiveRefusal { slot, turn, gate } => {
                    let gate = self.slot(*gate);
                    let mut values = Vec::new();
                    for index in 0..4 {
                        let mut memory = [0_u8; 1024];
                        let mut buffer = pa_buffer {
                            ptr: memory.as_mut_ptr().cast(),
                            size: 1024,
                            len: 0,
                        };
                        if pa_refusal_challenge(&self.refusal, gate, index, &mut buffer) == pa_status::PA_OK {
                            values.push(memory[..buffer.len].to_vec());
                        }
                    }
                    let fields: Vec<_> = values
                        .into_iter()
                        .map(|value| (Text::Known(5), Text::Any(value)))
                        .collect();
                    let lines = self.fields(&fields);
                    let (session, turn) = (self.slot::<pa_session>(*slot), self.slot::<pa_turn>(*turn));
                    let _ = pa_session_receive(session, turn, 407, lines.as_ptr(), lines.len(), ptr::null_mut());
                }
                Call::ReaderInit {
                    slot,
                    field,
                    mode,
                    value,
                } => {
                    self.kept.push(value.clone().into_boxed_slice());
                    let value = self.kept.last().unwrap();
                    let value = pa_string {
                        ptr: value.as_ptr().cast(),
                        len: value.len(),
                    };
                    let _ = pa_reader_init(self.slot(*slot), (field % 5).into(), (mode % 3).into(), value);
                }
                Call::ReaderNext { slot } => {
                    let _ = pa_reader_next(self.slot(*slot), &mut std::mem::zeroed());
                }
                Call::ReaderParam { slot } => {
                    let _ = pa_reader_param(self.slot(*slot), &mut std::mem::zeroed());
                }
                Call::ReaderValue { slot, memory } => {
                    let reader = self.slot::<pa_reader>(*slot);
                    let _ = self.buffered(memory, reader.cast(), |_, buffer| pa_reader_value(reader, buffer));
                }
                Call::ReaderText { slot, memory } => {
                    let reader = self.slot::<pa_reader>(*slot);
                    let _ = self.buffered(memory, reader.cast(), |_, buffer| {
                        pa_reader_text(reader, buffer, ptr::null_mut())
                    });
                }
                Call::Basic { value, name } => {
                    let account = pa_account {
                        name: self.text(name),
                        kind: PA_PASSWORDS,
                        password: pa_string {
                            ptr: PASSWORD.as_ptr().cast(),
                            len: PASSWORD.len(),
                        },
                        hashes: ptr::null(),
                        hashes_len: 0,
                    };
                    let _ = pa_basic_verify(self.text(value), &account);
                }
                Call::Wipe { slot, kind } => match kind % 4 {
                    0 => pa_gate_wipe(self.slot(*slot)),
                    1 => pa_session_wipe(self.slot(*slot)),
                    2 => pa_turn_wipe(self.slot(*slot)),
                    _ => pa_window_wipe(self.slot(*slot)),
                },
                Call::Copy { from, to } => {
                    self.slots[usize::from(*to) % SLOTS] = self.slots[usize::from(*from) % SLOTS];
                }
            }
        }
    }
}

fuzz_target!(|calls: Vec<Call>| {
    let mut world = World {
        slots: vec![[0; WORDS]; SLOTS],
        refusal: unsafe { std::mem::zeroed() },
        last: Vec::new(),
        kept: Vec::new(),
        random: 0,
        status: pa_status::PA_END,
    };
    for call in calls.iter().take(64) {
        world.make(call);
    }
});
