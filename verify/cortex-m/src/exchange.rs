//! The calls of a gate and of a session whose stack is measured, in an exchange of both.

use proxy_auth::digest::{Algorithm, Slot};
use proxy_auth::{Account, DigestOffer, Encode, Gate, Login, Password, Policy, Request, Session, Step, Turn};

use crate::calls::{BASIC, KEY, NOW, STARTED};

/// A function that measures a call, given its name and the call itself, which returns `true` if its result was right.
type Call<'c> = &'c mut dyn FnMut(&str, &mut dyn FnMut() -> bool);

pub fn each(call: Call<'_>) {
    basic(call);
    digest(call);
}

fn basic(call: Call<'_>) {
    let gate = Gate::new("apps").unwrap().with_basic();
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let fields = [("Proxy-Authorization", BASIC)];
    let (mut scratch, mut attempt) = ([0; 64], None);
    let mut memory = Some(&mut scratch[..]);
    call("Gate::read, of Basic", &mut || {
        attempt = memory
            .take()
            .and_then(|memory| gate.read(&request, fields, memory).ok());
        attempt
            .as_ref()
            .is_some_and(|attempt| attempt.name() == Some("aladdin"))
    });
    call("Attempt::check, redeem, of Basic", &mut || {
        let account = Account::new("aladdin", Password::new("open sesame"));
        let ticket = attempt
            .take()
            .and_then(|attempt| attempt.check(Some(account), NOW).ok());
        ticket.is_some_and(|ticket| ticket.redeem(&mut ()).is_ok_and(|pass| pass.user() == b"aladdin"))
    });
}

fn digest(call: Call<'_>) {
    let gate = Gate::new("apps").unwrap();
    let gate = gate
        .with_digest(&DigestOffer::new(KEY, [Algorithm::Sha256, Algorithm::Md5]))
        .with_basic();
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let login = Login {
        name: "Mufasa",
        password: "Circle of Life",
    };
    let mut session = Session::<256>::new(Policy::digest_only());
    let mut pending = session
        .authorize(Turn::FIRST, &login, &request, [7; 16])
        .ok()
        .map(|(_, pending)| pending);

    let refusal = gate.read(&request, [("Host", "example.com")], &mut []).unwrap_err();
    let mut out = [0; 640];
    call("Gate::deny, encode, two of Digest and Basic", &mut || {
        let denial = gate.deny(&refusal, NOW, 1);
        let response = denial.response();
        response
            .encode(&mut out)
            .is_ok_and(|message| message.starts_with(b"HTTP/1.1 407 "))
    });
    let denial = gate.deny(&refusal, NOW, 1);
    let challenge = denial.challenges().next().unwrap().encode_string::<256>().unwrap();
    call("Session::receive, a challenge of Digest", &mut || {
        let fields = [("Proxy-Authenticate", challenge.as_str())];
        pending
            .take()
            .is_some_and(|pending| matches!(session.receive(pending, 407, fields), Step::Again(_)))
    });
    let (mut answer, mut answer_len) = ([0; 512], 0);
    call("Session::authorize, of Digest", &mut || {
        let Ok((Some(authorization), sent)) = session.authorize(Turn::FIRST, &login, &request, [7; 16]) else {
            return false;
        };
        pending = Some(sent);
        answer_len = authorization.encode(&mut answer).map_or(0, <[u8]>::len);
        answer_len > 0
    });

    let fields = [("Proxy-Authorization", &answer[..answer_len])];
    let (mut scratch, mut attempt, mut ticket, mut pass) = ([0; 64], None, None, None);
    let mut memory = Some(&mut scratch[..]);
    call("Gate::read, of Digest", &mut || {
        attempt = memory
            .take()
            .and_then(|memory| gate.read(&request, fields, memory).ok());
        attempt.as_ref().is_some_and(|attempt| attempt.name() == Some("Mufasa"))
    });
    call("Attempt::check, of Digest", &mut || {
        let account = Account::new("Mufasa", Password::new("Circle of Life"));
        ticket = attempt
            .take()
            .and_then(|attempt| attempt.check(Some(account), NOW).ok());
        ticket.is_some()
    });
    let mut window = gate.replay_window([Slot::EMPTY; 8], STARTED);
    call("Ticket::redeem, of Digest", &mut || {
        pass = ticket.take().and_then(|ticket| ticket.redeem(&mut window).ok());
        pass.is_some()
    });
    let (mut info, mut info_len) = ([0; 512], 0);
    call("Pass::info, encode", &mut || {
        let confirmation = pass.as_ref().and_then(|pass| pass.info());
        let len = confirmation.and_then(|confirmation| Some(confirmation.encode(&mut info).ok()?.len()));
        info_len = len.unwrap_or_default();
        info_len > 0
    });
    call("Session::receive, a proof", &mut || {
        let fields = [("Proxy-Authentication-Info", &info[..info_len])];
        let step = pending.take().map(|pending| session.receive(pending, 200, fields));
        step == Some(Step::Done { proved: true })
    });
}
