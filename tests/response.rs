//! Tests the response with status code 407, byte for byte.

#![cfg(test)]

use proxy_auth::{
    AuthParam, BufferTooSmall, Challenge, ChallengeResponse, Challenges, EncodeChallenge, FieldLine, FieldName,
    InvalidInput, ParamValue, Rule, Scheme, StatusCode, StringError, Token, Token68, basic, token,
};

const REALM: &str = "Access to internal site";

/// Returns the encoded response.
fn written(response: &ChallengeResponse<'_>) -> String {
    let mut buffer = vec![0; response.encoded_len()];
    String::from_utf8(response.encode(&mut buffer).unwrap().to_vec()).unwrap()
}

// Content

#[test]
fn the_example_of_a_407_is_written() {
    let challenge = basic::Challenge::new(REALM).unwrap();
    let response = ChallengeResponse::new(&challenge)
        .with_date("Wed, 21 Oct 2015 07:28:00 GMT")
        .unwrap()
        .with_content_until_close();
    assert_eq!(
        written(&response),
        concat!(
            "HTTP/1.1 407 Proxy Authentication Required\r\n",
            "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
            "Proxy-Authenticate: Basic realm=\"Access to internal site\"\r\n",
            "\r\n",
        )
    );
}

#[test]
fn the_shortest_response_has_a_challenge_and_no_content() {
    let challenge = Challenge::new(Scheme::Negotiate);
    assert_eq!(
        written(&ChallengeResponse::new(&challenge)),
        concat!(
            "HTTP/1.1 407 Proxy Authentication Required\r\n",
            "Proxy-Authenticate: Negotiate\r\n",
            "Content-Length: 0\r\n",
            "\r\n",
        )
    );
}

#[test]
fn each_challenge_has_its_own_line_in_order() {
    let basic = basic::Challenge::new(REALM).unwrap();
    let ntlm = Challenge::from_token68(Scheme::Ntlm, Token68::new("abc=").unwrap());
    let params = [AuthParam::new(token!("a"), ParamValue::quoted("b, c").unwrap())];
    let own = Challenge::from_params(Scheme::new("Own").unwrap(), &params);
    let more: [&dyn EncodeChallenge; 2] = [&own, &basic];

    let response = written(&ChallengeResponse::new(&ntlm).with_more_challenges(&more));
    let (_, fields) = response.split_once("\r\n").unwrap();
    assert_eq!(
        fields,
        concat!(
            "Proxy-Authenticate: NTLM abc=\r\n",
            "Proxy-Authenticate: Own a=\"b, c\"\r\n",
            "Proxy-Authenticate: Basic realm=\"Access to internal site\"\r\n",
            "Content-Length: 0\r\n",
            "\r\n",
        )
    );

    let values = fields
        .lines()
        .filter_map(|line| line.strip_prefix("Proxy-Authenticate: "));
    let read: Vec<_> = Challenges::from_lines(values)
        .map(|challenge| challenge.unwrap().scheme())
        .collect();
    assert_eq!(read, [Scheme::Ntlm, own.scheme(), Scheme::Basic]);
}

#[test]
fn a_challenge_that_was_read_can_be_sent() {
    let value = "Digest realm=\"\\x\",  nonce = abc , NTLM";
    let challenge = Challenges::new(value).next().unwrap().unwrap();
    let response = written(&ChallengeResponse::new(&challenge));
    assert!(response.contains("\r\nProxy-Authenticate: Digest realm=\"\\x\", nonce=abc\r\n"));
}

#[test]
fn further_fields_are_between_the_challenges_and_connection() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let fields = [
        FieldLine::new("Via", "1.1 proxy").unwrap(),
        FieldLine::new("Content-Type", "text/plain").unwrap(),
        FieldLine::new("X-Empty", "").unwrap(),
    ];
    let response = ChallengeResponse::new(&challenge)
        .with_content(b"Who are you?\n")
        .with_close()
        .with_lines(&fields)
        .with_date("Wed, 21 Oct 2015 07:28:00 GMT")
        .unwrap();
    assert_eq!(
        written(&response),
        concat!(
            "HTTP/1.1 407 Proxy Authentication Required\r\n",
            "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
            "Proxy-Authenticate: Negotiate\r\n",
            "Via: 1.1 proxy\r\n",
            "Content-Type: text/plain\r\n",
            "X-Empty: \r\n",
            "Connection: close\r\n",
            "Content-Length: 13\r\n",
            "\r\n",
            "Who are you?\n",
        )
    );
}

#[test]
fn content_length_is_the_length_of_the_content() {
    let challenge = Challenge::new(Scheme::Negotiate);
    for (len, line) in [
        (0, "Content-Length: 0"),
        (9, "Content-Length: 9"),
        (10, "Content-Length: 10"),
        (1007, "Content-Length: 1007"),
        (65536, "Content-Length: 65536"),
    ] {
        let body = "x".repeat(len);
        let response = written(&ChallengeResponse::new(&challenge).with_content(body.as_bytes()));
        let (head, content) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.lines().any(|found| found == line), "{head}");
        assert_eq!(content, body);
    }
}

#[test]
fn until_close_removes_the_content_and_its_length() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let response = written(
        &ChallengeResponse::new(&challenge)
            .with_content(b"abc")
            .with_content_until_close(),
    );
    assert!(response.ends_with("Negotiate\r\n\r\n"));
    let response = written(
        &ChallengeResponse::new(&challenge)
            .with_content_until_close()
            .with_content(b"abc"),
    );
    assert!(response.ends_with("Content-Length: 3\r\n\r\nabc"));
}

#[test]
fn a_response_to_head_has_the_content_length_but_no_content() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let response = ChallengeResponse::new(&challenge).with_close();
    for response in [
        response,
        response.with_content(b"Who are you?\n"),
        response.with_content_length(7),
        response.with_content_until_close(),
    ] {
        let to_get = written(&response);
        let to_head = written(&response.without_content());
        let (head, _) = to_get.split_once("\r\n\r\n").unwrap();
        assert_eq!(to_head, format!("{head}\r\n\r\n"));
    }
    let early = response.without_content().with_content(b"Who are you?\n");
    assert!(written(&early).ends_with("\r\nContent-Length: 13\r\n\r\n"));
}

#[test]
fn the_length_of_content_that_the_caller_writes_is_in_the_head() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let response = ChallengeResponse::new(&challenge).with_content(b"abc");
    for length in [0, 13, u64::MAX] {
        let written = written(&response.with_content_length(length));
        assert!(written.ends_with(&format!("Negotiate\r\nContent-Length: {length}\r\n\r\n")));
    }
    let last = written(&response.with_content_length(13).with_content(b"abc"));
    assert!(last.ends_with("\r\nContent-Length: 3\r\n\r\nabc"));
}

#[test]
fn a_connection_that_ends_the_content_has_no_keep_alive() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let response = ChallengeResponse::new(&challenge);
    for response in [
        response.with_content_until_close().with_keep_alive(),
        response.with_keep_alive().with_content_until_close(),
    ] {
        assert!(written(&response).ends_with("Negotiate\r\n\r\n"));
        assert!(written(&response.with_content(b"")).contains("\r\nConnection: keep-alive\r\n"));
        // A response to HEAD ends after its head.
        assert!(written(&response.without_content()).contains("\r\nConnection: keep-alive\r\n"));
    }
}

#[test]
fn the_last_choice_of_connection_applies() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let response = ChallengeResponse::new(&challenge);
    let connection = |response: ChallengeResponse<'_>| {
        let response = written(&response);
        response
            .lines()
            .filter_map(|line| line.strip_prefix("Connection: "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(connection(response).is_empty());
    assert_eq!(connection(response.with_close()), ["close"]);
    assert_eq!(connection(response.with_keep_alive()), ["keep-alive"]);
    assert_eq!(connection(response.with_keep_alive().with_close()), ["close"]);
    assert_eq!(connection(response.with_close().with_keep_alive()), ["keep-alive"]);
}

// Encoding

#[test]
fn a_response_that_is_text_fits_in_a_string() {
    let challenge = basic::Challenge::new("é\"").unwrap().with_utf8();
    let fields = [FieldLine::new("X-Note", "ü").unwrap()];
    let response = ChallengeResponse::new(&challenge)
        .with_lines(&fields)
        .with_content("ö\r\n".as_bytes())
        .with_close();
    let string = response.encode_string::<256>().unwrap();
    assert_eq!(string.as_str(), written(&response));
    let needed = string.len();
    let error = StringError::TooLong(BufferTooSmall { needed });
    assert_eq!(response.encode_string::<64>(), Err(error));
    let offset = needed - "ö\r\n".len();
    assert_eq!(
        response.with_content(b"\xF6\r\n\n").encode_string::<256>(),
        Err(StringError::NotUtf8 { offset })
    );
}

#[test]
fn content_length_agrees_with_content_that_is_not_utf8() {
    let challenge = basic::Challenge::new(b"\xE4").unwrap();
    let body = b"\xE4\xF6\xFC\xDF\xFF\n";
    let response = ChallengeResponse::new(&challenge).with_content(body);
    let mut buffer = vec![0; response.encoded_len()];
    let written = response.encode(&mut buffer).unwrap();
    let (head, content) = written.split_at(written.len() - body.len());
    assert_eq!(content, body);
    assert!(
        head.ends_with(b"\r\nContent-Length: 6\r\n\r\n"),
        "{}",
        head.escape_ascii()
    );
    assert!(
        head.windows(9).any(|part| part == b"realm=\"\xE4\""),
        "{}",
        head.escape_ascii()
    );
}

#[test]
fn a_response_with_any_challenge_can_be_held_across_an_await() {
    fn is_send_and_sync<T: Send + Sync>(_: &T) {}

    async fn refuse(response: ChallengeResponse<'_>) -> usize {
        std::future::ready(()).await;
        response.encoded_len()
    }

    let challenge = basic::Challenge::new("x").unwrap();
    let response = ChallengeResponse::new(&challenge);
    is_send_and_sync(&response);
    is_send_and_sync(&refuse(response));
}

#[test]
fn encoding_needs_exactly_the_reported_space() {
    let challenge = basic::Challenge::new(REALM).unwrap();
    let response = ChallengeResponse::new(&challenge).with_content(b"abc");
    let needed = written(&response).len();
    assert_eq!(response.encoded_len(), needed);
    for room in 0..needed {
        let error = response.encode(&mut vec![0; room]).unwrap_err();
        assert_eq!(error, BufferTooSmall { needed });
    }
    let mut buffer = vec![b'.'; needed + 8];
    assert_eq!(response.encode(&mut buffer).unwrap().len(), needed);
    assert_eq!(&buffer[needed..], b"........");
}

#[test]
fn content_that_is_not_text_is_encoded_verbatim() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let fields = [FieldLine::new("X-Note", b"\xE9").unwrap()];
    let response = ChallengeResponse::new(&challenge)
        .with_lines(&fields)
        .with_content(b"\x00\xFF");
    let mut buffer = [0; 256];
    let encoded = response.encode(&mut buffer).unwrap();
    assert!(encoded.ends_with(b"\r\n\r\n\x00\xFF"));
    assert!(encoded.windows(13).any(|line| line == b"X-Note: \xE9\r\nCo"));
}

// Refusals

#[track_caller]
fn refuses<T>(result: Result<T, InvalidInput>, rule: Rule, offset: usize) {
    let error = result.err().map(|error| (error.rule(), error.offset()));
    assert_eq!(error, Some((rule, offset)));
}

#[test]
fn fields_of_the_response_itself_are_refused_in_any_case() {
    for name in [
        "Proxy-Authenticate",
        "WWW-Authenticate",
        "Date",
        "Connection",
        "Content-Length",
        "Transfer-Encoding",
    ] {
        refuses(FieldLine::new(name, "x"), Rule::FieldName, 0);
        refuses(FieldLine::new(&name.to_lowercase(), "x"), Rule::FieldName, 0);
        refuses(FieldLine::new(&name.to_uppercase(), "x"), Rule::FieldName, 0);
    }
    for name in ["Date2", "Dat", "Proxy-Connection", "Proxy-Authentication-Info"] {
        let field = FieldLine::new(name, "x").unwrap();
        assert_eq!((field.name(), field.value()), (name, &b"x"[..]));
    }
}

#[test]
fn a_field_name_that_is_not_a_token_is_refused() {
    refuses(FieldLine::new("", "x"), Rule::Token, 0);
    refuses(FieldLine::new("X Note", "x"), Rule::Token, 1);
    refuses(FieldLine::new("X-Note:", "x"), Rule::Token, 6);
    refuses(FieldLine::new("X-Note\r\nDate", "x"), Rule::Token, 6);
}

#[test]
fn a_field_value_with_control_characters_or_outer_white_space_is_refused() {
    refuses(FieldLine::new("A", "x\r\nDate: y"), Rule::FieldValue, 1);
    refuses(FieldLine::new("A", "x\0"), Rule::FieldValue, 1);
    refuses(FieldLine::new("A", "xy\u{7f}"), Rule::FieldValue, 2);
    refuses(FieldLine::new("A", " x"), Rule::FieldValue, 0);
    refuses(FieldLine::new("A", "\tx "), Rule::FieldValue, 0);
    refuses(FieldLine::new("A", "x y \t"), Rule::FieldValue, 3);
    refuses(FieldLine::new("A", " "), Rule::FieldValue, 0);
    for value in ["", "x", "x \t y", "é", "\"\\"] {
        assert!(FieldLine::new("A", value).is_ok(), "{value:?}");
    }
}

#[test]
fn a_date_that_is_not_a_field_value_is_refused() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let response = ChallengeResponse::new(&challenge);
    refuses(response.with_date(""), Rule::FieldValue, 0);
    refuses(
        response.with_date("Wed, 21 Oct 2015\n07:28:00 GMT"),
        Rule::FieldValue,
        16,
    );
    refuses(
        response.with_date("Wed, 21 Oct 2015 07:28:00 GMT\r\n"),
        Rule::FieldValue,
        29,
    );
    refuses(
        response.with_date(" Wed, 21 Oct 2015 07:28:00 GMT"),
        Rule::FieldValue,
        0,
    );
}

#[test]
fn text_with_a_line_end_is_refused() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let response = ChallengeResponse::new(&challenge);
    for text in ["\r", "\n", "a\r\nb: c", "a\nb", "a\rb", "\0", "a\0"] {
        assert!(Token::new(text).is_err());
        assert!(Token68::new(text).is_err());
        assert!(Scheme::new(text).is_err());
        assert!(ParamValue::quoted(text).is_err());
        assert!(ParamValue::token(text).is_err());
        assert!(basic::Challenge::new(text).is_err());
        assert!(FieldLine::new(text, "a").is_err());
        assert!(FieldLine::new("a", text).is_err());
        assert!(response.with_date(text).is_err());
    }
}

#[test]
fn a_challenge_that_was_read_contains_no_line_end() {
    // Line ends between quotes, after a backslash, and around every part, in both modes.
    for value in [
        "Basic realm=\"a#b\"",
        "Basic realm=\"a\\#b\"",
        "Basic realm=a#b",
        "Ba#sic realm=a",
        "Basic ab#c=",
        "Basic#realm=a",
        "Basic realm#=a",
        "Basic, a#=b, realm=a#",
    ] {
        for line_end in ["\r", "\n", "\r\n", "\r\n "] {
            let value = value.replace('#', line_end);
            for challenges in [Challenges::new(&value), Challenges::new(&value).lenient()] {
                for challenge in challenges.flatten() {
                    let response = written(&ChallengeResponse::new(&challenge));
                    assert_eq!(response.lines().count(), 4, "{value:?}");
                    assert!(!response.replace("\r\n", "").contains(['\r', '\n']), "{value:?}");
                }
            }
        }
    }
}

// Names

#[test]
fn the_status_code_is_407() {
    let status = StatusCode::PROXY_AUTHENTICATION_REQUIRED;
    assert_eq!(
        (status.as_u16(), status.reason_phrase()),
        (407, "Proxy Authentication Required")
    );
    assert_eq!(status, 407);
    assert_ne!(status, 401);
    assert_eq!(status.to_string(), "407 Proxy Authentication Required");
}

#[test]
fn field_names_are_case_insensitive_and_have_a_lower_case_form() {
    for (name, spelled) in [
        (FieldName::PROXY_AUTHENTICATE, "Proxy-Authenticate"),
        (FieldName::PROXY_AUTHORIZATION, "Proxy-Authorization"),
        (FieldName::PROXY_AUTHENTICATION_INFO, "Proxy-Authentication-Info"),
        (FieldName::WWW_AUTHENTICATE, "WWW-Authenticate"),
        (FieldName::AUTHORIZATION, "Authorization"),
        (FieldName::AUTHENTICATION_INFO, "Authentication-Info"),
    ] {
        assert_eq!(name.as_str(), spelled);
        assert_eq!(name.to_string(), spelled);
        assert_eq!(name.lower_case(), spelled.to_lowercase());
        assert!(name.is(spelled) && name.is(&spelled.to_uppercase()) && name.is(&spelled.to_lowercase().into_bytes()));
        assert!(!name.is("Proxy-Authenticat") && !name.is(""));
    }
}
