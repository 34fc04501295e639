//! A proxy with many users, whose hashes are in two files of `htdigest`, one for each algorithm. Basic is checked with a hash, too.

use proxy_auth::digest::{Algorithm, Login as DigestLogin, PasswordHash, ReplayWindow, Slot, Username};
use proxy_auth::users::{Htdigest, HtdigestEntry, Slot as UserSlot, UserhashTable};
use proxy_auth::{Account, Claim, DigestOffer, Gate, GiveUp, Login, Refusal, Request};

use super::many_users::{Client, denied, forwarded};
use super::{NOW, Response, STARTED};

type Users<'f> = UserhashTable<'f, HtdigestEntry<'f>>;

struct Proxy<'f> {
    gate: Gate<&'static str>,
    window: ReplayWindow<Vec<Slot>>,
    sha256: Users<'f>,
    md5: Users<'f>,
    requests: u64,
}

impl Proxy<'_> {
    fn respond(&mut self, request: &Request<'_>, fields: &[(&str, &str)]) -> Response {
        self.requests += 1;
        let mut scratch = [0; 512];
        self.try_respond(request, fields, &mut scratch)
            .unwrap_or_else(|refusal| denied(&self.gate, &refusal, self.requests))
    }

    fn try_respond(
        &mut self,
        request: &Request<'_>,
        fields: &[(&str, &str)],
        scratch: &mut [u8],
    ) -> Result<Response, Refusal> {
        // authentication
        let attempt = self.gate.read(request, fields.iter().copied(), scratch)?;
        let is_md5 = attempt.algorithm() == Some(Algorithm::Md5);
        let table = if is_md5 { &self.md5 } else { &self.sha256 };
        let entry = match attempt.claim() {
            Claim::Name(name) => table.find_by_name(name),
            Claim::Userhash(hash) => table.find_by_userhash(hash),
            _ => None,
        };
        let hash = entry.map(HtdigestEntry::to_password_hash);
        let account = entry.zip(hash.as_ref());
        let account = account.map(|(entry, hash)| Account::new(entry.name(), hash));
        let pass = attempt.check(account, NOW)?.redeem(&mut self.window)?;
        // end
        Ok(forwarded(&pass))
    }
}

/// Returns a file with 20 users of two realms.
fn file(algorithm: Algorithm) -> String {
    let line = |number: usize, realm: &str| {
        let (name, password) = (format!("user {number}"), format!("password {number}"));
        let login = DigestLogin::new(Username::new(&name).unwrap(), &password);
        let hash = PasswordHash::new(algorithm, login, realm);
        format!("{name}:{realm}:{}\n", hash.as_hex())
    };
    (0..20)
        .flat_map(|number| [line(number, "other"), line(number, "apps")])
        .collect()
}

#[test]
fn each_user_passes_with_each_client() {
    let files = [Algorithm::Sha256, Algorithm::Md5].map(file);
    let [sha256, md5] = &files;
    let sha256 = Htdigest::parse(sha256, Algorithm::Sha256).unwrap();
    let md5 = Htdigest::parse(md5, Algorithm::Md5).unwrap();
    let (mut sha256_slots, mut md5_slots) = (vec![UserSlot::EMPTY; 20], vec![UserSlot::EMPTY; 20]);
    let digest = DigestOffer::new(&[7; 32], [Algorithm::Sha256, Algorithm::Md5]).with_userhash();
    let gate = Gate::new("apps").unwrap().with_digest(&digest).with_basic();
    let mut proxy = Proxy {
        window: gate.replay_window(vec![Slot::EMPTY; 64], STARTED),
        gate,
        sha256: UserhashTable::from_htdigest(&sha256, "apps", &mut sha256_slots).unwrap(),
        md5: UserhashTable::from_htdigest(&md5, "apps", &mut md5_slots).unwrap(),
        requests: 0,
    };
    for (name, password, passes) in [
        ("user 0", "password 0", true),
        ("user 19", "password 19", true),
        ("user 0", "password 1", false),
        ("user 20", "password 20", false),
    ] {
        let login = Login { name, password };
        for client in Client::ALL {
            for hashes_names in [true, false] {
                let response = client.fetch(&login, hashes_names, |request, fields| proxy.respond(request, fields));
                let user = response.map(|response| response.user);
                let expected = if passes {
                    Ok(name.to_owned())
                } else {
                    Err(GiveUp::Refused)
                };
                assert_eq!(user, expected);
            }
        }
    }
}
