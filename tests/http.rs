//! Tests the conversions from and to the types of the crate `http`.
#![cfg(feature = "http")]

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use proxy_auth::{
    AuthParam, AuthenticationInfo, Challenge, ChallengeResponse, Challenges, Credentials, Encode, EncodeChallenge,
    FieldLine, FieldName, ParamValue, ParseErrorKind, Scheme, StatusCode, ToHeaderValue, basic, bearer,
    negotiate::{self, Mechanism},
    token,
};

const NAMES: [FieldName; 6] = [
    FieldName::PROXY_AUTHENTICATE,
    FieldName::PROXY_AUTHORIZATION,
    FieldName::PROXY_AUTHENTICATION_INFO,
    FieldName::WWW_AUTHENTICATE,
    FieldName::AUTHORIZATION,
    FieldName::AUTHENTICATION_INFO,
];

fn headers(lines: &[(FieldName, &str)]) -> HeaderMap {
    let lines = lines.iter();
    lines
        .map(|(name, value)| (HeaderName::from(*name), HeaderValue::from_str(value).unwrap()))
        .collect()
}

// Field values

#[test]
fn a_header_value_equals_the_encoded_value_and_is_sensitive() {
    let params = [AuthParam::new(
        token!("nextnonce"),
        ParamValue::quoted("é\"\\").unwrap(),
    )];
    let values: [&dyn Encode; 6] = [
        &basic::Credentials::new("aladdin", "open sesame").unwrap(),
        &bearer::Credentials::new("mF_9.B5f-4.1JqM").unwrap(),
        &Credentials::parse("Digest username=\"a\", realm=\"\\b\"").unwrap(),
        &Credentials::parse(b"Digest username=\"\xE9\"").unwrap(),
        &AuthenticationInfo::new(&params),
        &basic::Challenge::new("Access to internal site").unwrap().with_utf8(),
    ];
    for value in values {
        let mut buffer = [0; 128];
        let expected = value.encode(&mut buffer).unwrap();
        let header_value = value.to_header_value().unwrap();
        assert_eq!(header_value, expected);
        assert!(header_value.is_sensitive());
        assert_eq!(format!("{header_value:?}"), "Sensitive");
    }
}

#[test]
fn a_leniently_read_challenge_becomes_a_header_value() {
    for value in ["Basic realm=\"x\ty", "Basic realm=f\u{e9}@b", "Digest a=, b=\"\\\"\""] {
        let challenge = Challenges::new(value).lenient().next().unwrap().unwrap();
        assert_eq!(challenge.to_header_value().unwrap(), challenge.to_string().as_bytes());
    }
}

#[test]
fn a_long_token_becomes_a_header_value() {
    let token = vec![0xA5; 64 * 1024];
    let credentials = negotiate::Credentials::new(Mechanism::Negotiate, &token).unwrap();
    assert_eq!(
        credentials.to_header_value().unwrap(),
        credentials.to_string().as_bytes()
    );
}

// Field names

#[test]
fn each_field_name_becomes_a_header_name() {
    for name in NAMES {
        let header_name = HeaderName::from(name);
        assert_eq!(header_name.as_str(), name.lower_case());
        assert_eq!(header_name, HeaderName::from_bytes(name.as_str().as_bytes()).unwrap());
    }
    assert_eq!(
        HeaderName::from(FieldName::PROXY_AUTHENTICATE),
        header::PROXY_AUTHENTICATE
    );
}

// Reading from a map

#[test]
fn challenges_are_read_from_all_lines_of_a_name_in_order() {
    let headers = headers(&[
        (FieldName::PROXY_AUTHENTICATE, "Negotiate"),
        (FieldName::WWW_AUTHENTICATE, "Bearer"),
        (FieldName::PROXY_AUTHENTICATE, ""),
        (FieldName::PROXY_AUTHENTICATE, "NTLM, Basic realm=\"a, Digest realm=b\""),
        (FieldName::PROXY_AUTHENTICATE, "Digest realm=\"x\" y, Digest\""),
        (FieldName::PROXY_AUTHENTICATE, "DPoP"),
    ]);
    let read = |name| -> Vec<_> {
        Challenges::from_headers(&headers, name)
            .lenient()
            .map(|challenge| challenge.map_or_else(|error| error.to_string(), |it| it.scheme().to_string()))
            .collect()
    };
    assert_eq!(
        read(FieldName::PROXY_AUTHENTICATE),
        [
            "Negotiate",
            "NTLM",
            "Basic",
            "Digest",
            "expected a space or a comma after the scheme, or the end at byte 26 of field line 3 (the first is 0)",
            "DPoP"
        ]
    );
    assert_eq!(read(FieldName::WWW_AUTHENTICATE), ["Bearer"]);
    assert_eq!(read(FieldName::AUTHORIZATION), [""; 0]);

    // Strict reading ends with the first error.
    let strict = Challenges::from_headers(&headers, FieldName::PROXY_AUTHENTICATE);
    assert_eq!(
        strict.map(|challenge| challenge.is_ok()).collect::<Vec<_>>(),
        [true, true, true, false]
    );
}

#[test]
fn credentials_and_info_are_read_from_one_line_only() {
    for (credentials_name, info_name) in [
        (FieldName::PROXY_AUTHORIZATION, FieldName::PROXY_AUTHENTICATION_INFO),
        (FieldName::AUTHORIZATION, FieldName::AUTHENTICATION_INFO),
    ] {
        let mut headers = headers(&[(credentials_name, "Bearer abc"), (info_name, "qop=auth")]);
        for name in NAMES {
            let credentials = Credentials::from_headers(&headers, name);
            let info = AuthenticationInfo::from_headers(&headers, name);
            if name == credentials_name {
                let credentials = credentials.unwrap().unwrap();
                assert_eq!(credentials.token68().unwrap().to_str(), "abc");
            } else if name == info_name {
                assert_eq!(info.unwrap().unwrap().param("qop").unwrap(), "auth");
            } else {
                assert!(credentials.unwrap().is_none() && info.unwrap().is_none());
            }
        }

        for name in [credentials_name, info_name] {
            let again = headers[name.lower_case()].clone();
            headers.append(HeaderName::from(name), again);
        }
        let credentials = Credentials::from_headers(&headers, credentials_name).unwrap_err();
        let info = AuthenticationInfo::from_headers(&headers, info_name).unwrap_err();
        for error in [credentials, info] {
            assert_eq!((error.kind(), error.line()), (ParseErrorKind::RepeatedField, 1));
        }
    }
}

#[test]
fn damaged_values_are_errors() {
    let headers = headers(&[
        (FieldName::AUTHORIZATION, "Bearer abc,"),
        (FieldName::AUTHENTICATION_INFO, "qop"),
    ]);
    let error = Credentials::from_headers(&headers, FieldName::AUTHORIZATION).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ParseErrorKind::ExpectedEnd, 10));
    let error = AuthenticationInfo::from_headers(&headers, FieldName::AUTHENTICATION_INFO).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ParseErrorKind::ExpectedEquals, 3));
}

// The 407

/// Returns the field lines of a written message, with their names in lower case.
fn lines(written: &str) -> Vec<(String, String)> {
    let (head, _) = written.split_once("\r\n\r\n").unwrap();
    let lines = head.lines().skip(1).map(|line| line.split_once(": ").unwrap());
    lines
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect()
}

#[test]
fn a_response_equals_the_encoded_one_except_for_the_length() {
    let basic = basic::Challenge::new("é").unwrap();
    let (negotiate, ntlm) = (Challenge::new(Scheme::Negotiate), Challenge::new(Scheme::Ntlm));
    let more: [&dyn EncodeChallenge; 2] = [&ntlm, &basic];
    let fields = [
        FieldLine::new("Via", "1.1 a").unwrap(),
        FieldLine::new("X-Note", "ü").unwrap(),
        FieldLine::new("Via", "1.1 b").unwrap(),
    ];
    let shortest = ChallengeResponse::new(&negotiate);
    let longest = shortest
        .with_more_challenges(&more)
        .with_lines(&fields)
        .with_date("Wed, 21 Oct 2015 07:28:00 GMT")
        .unwrap()
        .with_content(b"Who are you?\r\n\r\n");
    for (response, body) in [
        (shortest, &b""[..]),
        (shortest.with_content_until_close(), b""),
        (longest.with_close(), b"Who are you?\r\n\r\n"),
        (longest.with_keep_alive(), b"Who are you?\r\n\r\n"),
    ] {
        let http_response = response.to_response().unwrap();
        assert_eq!(http_response.status(), 407);
        assert_eq!(http_response.version(), http::Version::HTTP_11);
        assert_eq!(http_response.body(), body);

        let text = |value: &HeaderValue| String::from_utf8(value.as_bytes().to_vec()).unwrap();
        let headers = http_response.headers();
        let mut seen: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        let mut written = lines(&response.encode_string::<1024>().unwrap());
        written.retain(|(name, _)| name != "content-length");
        // Lines with the same name keep their order. The map decides the order of names.
        seen.sort_by(|(a, _), (b, _)| a.cmp(b));
        written.sort_by(|(a, _), (b, _)| a.cmp(b));
        assert_eq!(seen, written);
        assert!(headers.values().all(|value| !value.is_sensitive()));
    }
}

#[test]
fn content_length_is_present_only_if_the_server_cannot_know_it() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let response = ChallengeResponse::new(&challenge);
    let content = response.with_content(b"Who are you?\n");
    let length = response.with_content_length(1 << 40);
    let head = response.without_content();
    for (response, length, body) in [
        (response, None, &b""[..]),
        (content, None, b"Who are you?\n"),
        (response.with_content_until_close(), None, b""),
        (length, Some("1099511627776"), b""),
        // In a response to HEAD, hyper would omit it, or send 0.
        (head, Some("0"), b""),
        (content.without_content(), Some("13"), b""),
        (head.with_content(b"Who are you?\n"), Some("13"), b""),
        (length.without_content(), Some("1099511627776"), b""),
        (head.with_content_until_close(), None, b""),
    ] {
        let response = response.to_response().unwrap();
        let found = response.headers().get(header::CONTENT_LENGTH);
        assert_eq!(found.map(HeaderValue::as_bytes), length.map(str::as_bytes));
        assert_eq!(response.body(), body);
    }
}

#[test]
fn too_many_fields_for_a_map_are_an_error() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let names: Vec<_> = (0..40_000).map(|number| format!("X-{number}")).collect();
    let fields: Vec<_> = names.iter().map(|name| FieldLine::new(name, "").unwrap()).collect();
    assert!(
        ChallengeResponse::new(&challenge)
            .with_lines(&fields)
            .to_response()
            .is_err()
    );

    let name = "x".repeat(64 * 1024);
    let fields = [FieldLine::new(&name, "").unwrap()];
    assert!(
        ChallengeResponse::new(&challenge)
            .with_lines(&fields)
            .to_response()
            .is_err()
    );
}

#[test]
fn the_status_code_is_converted() {
    let status = http::StatusCode::from(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    assert_eq!(status, http::StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    assert_eq!(
        status.canonical_reason(),
        Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED.reason_phrase())
    );
}
