//! Attacks by somebody who stole the proxy's file of users.

use std::time::Duration;

use proxy_auth::users::Htpasswd;
use proxy_auth::{Account, Gate, Request, basic};

/// A hash is not accepted in place of its password, whoever wrote it: Apache, the crypt of Linux, BSD, Solaris or macOS, Dovecot, LDAP
/// servers, PHP or passlib.
#[test]
fn a_stolen_hash_is_not_a_password() {
    let gate = Gate::new("apps").unwrap().with_basic();
    let request = Request::new("CONNECT", "a.example:443").unwrap();
    for (secret, is_password) in [
        ("open sesame", true),
        ("$1", true),
        ("$$1$a", true),
        ("{}", true),
        ("{SHA", true),
        ("SHA}$1$", true),
        ("$apr1$2gv7DRE8$GjfFl/jGNQ3UBkENJPwGS/", false),
        ("$2y$05$Mp8ccMh4izoeSQDaQEG/EuKUe8xm7ZLxiJs/4/XLC4upN3z5sN02e", false),
        ("{SHA}X8fji//gDKRq3YkUVGSi6vdZ1cI=", false),
        ("$1$5pZSV9va$azfrPr6af3Fc7dLblQXVa0", false),
        (
            "$5$rounds=5000$toolongsaltstrin$Un/5jzAHMgOGZ5.mWJpuVolil07guHPvOW8mGsh",
            false,
        ),
        (
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
            false,
        ),
        ("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub", false),
        (
            "$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdgw$Y11AchqV4b0sUisdZd0Xr97K",
            false,
        ),
        ("$md5,rounds=904$iPPKEBnEkp3JV8uX$0L6m7rOFTVFn.SGqo2M9W1", false),
        ("$sha1$480000$c29tZXNhbHQ$RdescudvJCsgt3ub", false),
        ("$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0", false),
        ("$3$$8846f7eaee8fb117ad06bdd830b7586c", false),
        ("{SSHA512.HEX}84e0ea", false),
        ("{SHA512-CRYPT.b64}JDYkMWxQZXA", false),
        ("{pkcs5s2}vmFvcmFkbG8", false),
        ("{x-issha, 1024}3zs0QXQ5", false),
        (
            "{FSHP1|16|13}PtoqcGUetmVEy/uR8715TNqKa8+teMF9qZO1lA9lJNUm1EQBLPZ+qPRLeEPHqy6C",
            false,
        ),
        ("{BLF-CRYPT}$2y$05$Mp8ccMh4izoeSQDaQEG", false),
    ] {
        let file = format!("aladdin:{secret}\n");
        let users = Htpasswd::parse(&file).unwrap();
        let value = basic::Credentials::new("aladdin", secret).unwrap().to_string();
        let mut scratch = [0; 256];
        let attempt = gate.read(&request, [("Proxy-Authorization", &value)], &mut scratch);
        let attempt = attempt.unwrap();
        let entry = users.find(attempt.claim()).unwrap().unwrap();
        let account = entry.password().map(|password| Account::new(entry.name(), password));
        assert_eq!(attempt.check(account, Duration::ZERO).is_ok(), is_password, "{secret}");
    }
}
