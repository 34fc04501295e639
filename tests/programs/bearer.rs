//! A proxy that verifies tokens, and their scope.

use proxy_auth::{Account, Claim, Gate, Refusal, Request, Verified, bearer};

use super::{NOW, Response};

/// Stands for the library that verifies tokens. Returns the user and the scopes.
fn verify(token: &str) -> Option<(&'static str, &'static [&'static str])> {
    match token {
        "reader" => Some(("jasmine", &["read"])),
        "writer" => Some(("aladdin", &["read", "write"])),
        _ => None,
    }
}

fn check(gate: &Gate<&str>, request: &Request<'_>, fields: &[(&str, &str)]) -> Result<String, Refusal> {
    let needed = if request.method() == "GET" { "read" } else { "write" };
    // authentication
    let attempt = gate.read(request, fields.iter().copied(), &mut [])?;
    let token = match attempt.claim() {
        Claim::Token(token) => verify(token),
        _ => None,
    };
    if token.is_some_and(|(_, scopes)| !scopes.contains(&needed)) {
        return Err(attempt.refuse_scope());
    }
    let account = token.map(|(user, _)| Account::new(user, Verified));
    let pass = attempt.check(account, NOW)?.redeem(&mut ())?;
    // end
    Ok(String::from_utf8_lossy(pass.user()).into_owned())
}

fn respond(method: &str, value: Option<&str>) -> Response {
    let gate = Gate::new("apps").unwrap().with_bearer();
    let request = Request::new(method, "http://example.com/").unwrap();
    let field = value.map(|value| ("Proxy-Authorization", value));
    match check(&gate, &request, field.as_slice()) {
        Ok(user) => Response::forwarded(user.as_bytes()),
        Err(refusal) => {
            let denial = gate.deny(&refusal, NOW, 1).with_scope("read write").unwrap();
            let response = Response {
                status: denial.status().as_u16(),
                ..Response::default()
            };
            let name = denial.name();
            denial
                .challenges()
                .fold(response, |response, challenge| response.with_field(name, challenge))
        }
    }
}

#[test]
fn a_token_passes_for_its_scope() {
    let reader = bearer::Credentials::new("reader").unwrap().to_string();
    let writer = bearer::Credentials::new("writer").unwrap().to_string();
    assert_eq!(respond("GET", Some(&reader)).user, "jasmine");
    assert_eq!(respond("GET", Some(&writer)).user, "aladdin");
    assert_eq!(respond("PUT", Some(&writer)).user, "aladdin");
    assert_eq!(respond("PUT", Some(&reader)).status, 403);
}

#[test]
fn a_refusal_has_the_error_of_rfc_6750() {
    for (value, status, error) in [
        (None, 407, ""),
        (Some("Bearer"), 400, ", error=\"invalid_request\""),
        (Some("Bearer guess"), 407, ", error=\"invalid_token\""),
        (Some("Bearer reader"), 403, ", error=\"insufficient_scope\""),
    ] {
        let response = respond("PUT", value);
        assert_eq!(response.status, status, "{value:?}");
        let expected = format!("Bearer realm=\"apps\", scope=\"read write\"{error}");
        assert_eq!(response.fields, [("Proxy-Authenticate".to_owned(), expected)]);
    }
}
