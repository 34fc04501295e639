//! A proxy with many users, whose passwords are in a file of `htpasswd`: Basic, Digest with SHA-256 and MD5, and hashed names.

use proxy_auth::digest::{Algorithm, ReplayWindow, Slot};
use proxy_auth::users::{Htpasswd, HtpasswdEntry, Slot as UserSlot, UserhashTable};
use proxy_auth::{
    Account, DigestOffer, Gate, GiveUp, Login, Pass, Policy, Refusal, Request, Role, Session, Step, Turn,
};

use super::{NOW, Response, STARTED};

type Users<'f> = UserhashTable<'f, HtpasswdEntry<'f>>;

pub(super) struct Proxy<'f> {
    gate: Gate<&'static str>,
    window: ReplayWindow<Vec<Slot>>,
    sha256: Users<'f>,
    md5: Users<'f>,
    /// The number of requests, which makes nonces unique.
    pub(super) requests: u64,
}

impl<'f> Proxy<'f> {
    pub(super) fn new(sha256: Users<'f>, md5: Users<'f>) -> Self {
        let digest = DigestOffer::new(&[7; 32], [Algorithm::Sha256, Algorithm::Md5]).with_userhash();
        let gate = Gate::new("apps").unwrap().with_digest(&digest).with_basic();
        let window = gate.replay_window(vec![Slot::EMPTY; 64], STARTED);
        Self {
            gate,
            window,
            sha256,
            md5,
            requests: 0,
        }
    }

    fn check<'a>(
        &'a mut self,
        request: &Request<'a>,
        fields: &'a [(&str, &str)],
        scratch: &'a mut [u8],
    ) -> Result<Pass<'a>, Refusal> {
        // authentication
        let attempt = self.gate.read(request, fields.iter().copied(), scratch)?;
        let is_md5 = attempt.algorithm() == Some(Algorithm::Md5);
        let table = if is_md5 { &self.md5 } else { &self.sha256 };
        let account = table.find(attempt.claim());
        let account = account.and_then(|entry| Some(Account::new(entry.name(), entry.password()?)));
        attempt.check(account, NOW)?.redeem(&mut self.window)
        // end
    }

    pub(super) fn respond(&mut self, request: &Request<'_>, fields: &[(&str, &str)]) -> Response {
        self.requests += 1;
        let mut scratch = [0; 512];
        match self.check(request, fields, &mut scratch) {
            Ok(pass) => forwarded(&pass),
            Err(refusal) => denied(&self.gate, &refusal, self.requests),
        }
    }
}

/// Returns the response to a request that passed.
pub(super) fn forwarded(pass: &Pass<'_>) -> Response {
    let response = Response::forwarded(pass.user());
    match pass.info() {
        Some(info) => response.with_field(Role::Proxy.authentication_info(), info),
        None => response,
    }
}

/// Returns the response to a refused request.
pub(super) fn denied(gate: &Gate<&str>, refusal: &Refusal, unique: u64) -> Response {
    let denial = gate.deny(refusal, NOW, unique);
    let response = Response {
        status: denial.status().as_u16(),
        ..Response::default()
    };
    let name = denial.name();
    denial
        .challenges()
        .fold(response, |response, challenge| response.with_field(name, challenge))
}

/// Returns a file with 100 users.
fn file() -> String {
    let lines = (0..100).map(|number| format!("user {number}:password {number}\n"));
    lines.collect::<Vec<_>>().concat()
}

/// Lets a proxy respond, whose users are in that file.
pub(super) fn with_proxy(test: impl FnOnce(&mut Proxy<'_>)) {
    let file = file();
    let users = Htpasswd::parse(&file).unwrap();
    let (mut sha256, mut md5) = (vec![UserSlot::EMPTY; 100], vec![UserSlot::EMPTY; 100]);
    let sha256 = UserhashTable::from_htpasswd(&users, Algorithm::Sha256, "apps", &mut sha256).unwrap();
    let md5 = UserhashTable::from_htpasswd(&users, Algorithm::Md5, "apps", &mut md5).unwrap();
    test(&mut Proxy::new(sha256, md5));
}

/// The clients: those that know SHA-256 or MD5, and those that know Basic alone.
#[derive(Clone, Copy)]
pub(super) enum Client {
    Sha256,
    Md5,
    Basic,
}

impl Client {
    pub(super) const ALL: [Self; 3] = [Self::Sha256, Self::Md5, Self::Basic];

    /// Sends a request until the last step. The clients see only the challenges that they know, and some do not hash names.
    pub(super) fn fetch(
        self,
        login: &Login<'_>,
        hashes_names: bool,
        mut respond: impl FnMut(&Request<'_>, &[(&str, &str)]) -> Response,
    ) -> Result<Response, GiveUp> {
        let policy = match self {
            Self::Basic => Policy::basic_only(),
            _ => Policy::digest_only(),
        };
        let mut session = Session::<256>::new(policy);
        let request = Request::new("GET", "http://example.com/").unwrap();
        let mut turn = Turn::FIRST;
        loop {
            let (authorization, pending) = session.authorize(turn, login, &request, [1; 16])?;
            let value = authorization.map(|authorization| authorization.to_string());
            let field = value.as_ref().map(|value| ("Proxy-Authorization", value.as_str()));
            let mut response = respond(&request, field.as_slice());
            response.fields.retain(|(_, value)| match self {
                Self::Md5 => !value.contains("SHA-256"),
                _ => true,
            });
            for (_, value) in &mut response.fields {
                if !hashes_names {
                    *value = value.replace(", userhash=true", "");
                }
            }
            match session.receive(pending, response.status, response.fields()) {
                Step::Again(next) | Step::NewConnection(next) => turn = next,
                Step::Done { proved } => {
                    assert_eq!(proved, !matches!(self, Self::Basic));
                    return Ok(response);
                }
                Step::GiveUp(reason) => return Err(reason),
            }
        }
    }
}

#[test]
fn each_user_passes_with_each_client() {
    with_proxy(|proxy| {
        for number in [0, 42, 99] {
            let (name, password) = (format!("user {number}"), format!("password {number}"));
            let login = Login {
                name: &name,
                password: &password,
            };
            for (client, hashes_names) in Client::ALL
                .into_iter()
                .flat_map(|client| [(client, true), (client, false)])
            {
                let response = client.fetch(&login, hashes_names, |request, fields| proxy.respond(request, fields));
                assert_eq!(response.unwrap().user, name);
                let wrong = Login {
                    password: "password 1",
                    ..login
                };
                let refused = client.fetch(&wrong, hashes_names, |request, fields| proxy.respond(request, fields));
                assert_eq!(refused, Err(GiveUp::Refused));
            }
        }
        let unknown = Login {
            name: "user 100",
            password: "password 1",
        };
        for client in Client::ALL {
            let refused = client.fetch(&unknown, true, |request, fields| proxy.respond(request, fields));
            assert_eq!(refused, Err(GiveUp::Refused));
        }
    });
}
