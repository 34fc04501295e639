//! Tests properties of all values with arbitrary ones.

#![cfg(test)]

mod strategies;
mod tree;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

#[cfg(feature = "http")]
use proxy_auth::ToHeaderValue;
use proxy_auth::{
    AuthenticationInfo, BufferTooSmall, ChallengeResponse, Challenges, Credentials, Encode, EncodeChallenge, FieldLine,
    ParamValue, Token68, basic,
};

use strategies::{arb_auth, arb_byte_but, arb_list, arb_params, arb_token68, arb_value};
use tree::{Auth, built, bytes, challenges, meant, of_challenge, of_credentials, raw};

#[test]
fn arbitrary_values_include_valid_and_invalid_ones() {
    let mut runner = TestRunner::deterministic();
    let values: Vec<_> = (0..1000)
        .map(|_| arb_value().new_tree(&mut runner).unwrap().current())
        .collect();
    let readers: [fn(&[u8]) -> bool; 6] = [
        |value| challenges(&[value], raw).is_ok_and(|list| !list.is_empty()),
        |value| Challenges::new(value).lenient().all(|item| item.is_ok()),
        |value| Credentials::parse(value).is_ok(),
        |value| Credentials::parse_lenient(value).is_ok(),
        |value| AuthenticationInfo::parse(value).is_ok(),
        |value| AuthenticationInfo::parse_lenient(value).is_ok(),
    ];
    for accepts in readers {
        let accepted = values.iter().filter(|value| accepts(value)).count();
        assert!((100..=900).contains(&accepted), "{accepted} of {}", values.len());
    }
}

/// Returns a configuration that writes no files. The output of a failure contains the whole case.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

// Writing and reading

proptest! {
    #![proptest_config(config())]

    #[test]
    fn written_challenges_read_back_equal(list in vec(arb_auth(), 0..4)) {
        let lines: Vec<_> = list.iter().map(Auth::encoded).collect();
        let in_lines = challenges(&lines.iter().map(Vec::as_slice).collect::<Vec<_>>(), meant);
        prop_assert_eq!(in_lines, Ok(list.clone()));
        let joined = lines.join(&b", "[..]);
        prop_assert_eq!(challenges(&[joined.as_slice()], meant), Ok(list));
    }

    #[test]
    fn written_credentials_read_back_equal(auth in arb_auth()) {
        let written = bytes(&auth.credentials(&auth.params()));
        prop_assert_eq!(&written, &auth.encoded());
        let read = Credentials::parse(&written).map(|read| of_credentials(&read, meant));
        prop_assert_eq!(read, Ok(auth));
    }

    #[test]
    fn written_info_reads_back_equal(params in arb_params()) {
        let params_built = built(&params);
        let written = bytes(&AuthenticationInfo::new(&params_built));
        let read = AuthenticationInfo::parse(&written).unwrap();
        prop_assert_eq!(meant(read.params()), params.clone());
        prop_assert_eq!(read, AuthenticationInfo::new(&params_built));
    }

    #[test]
    fn written_credentials_of_basic_read_back_equal(
        user_id in vec(arb_byte_but(b":"), 0..20),
        password in vec(arb_byte_but(b""), 0..80),
    ) {
        let built = basic::Credentials::new(&user_id, &password).unwrap();
        let written = bytes(&built);
        let read = Credentials::parse(&written).unwrap();
        let mut buffer = vec![0; user_id.len() + 1 + password.len()];
        let read = basic::Credentials::decode(&read, &mut buffer).unwrap();
        prop_assert_eq!((read.user_id(), read.password()), (&user_id[..], &password[..]));
        prop_assert!(read.verify(&user_id, &password));
    }

    #[test]
    fn values_that_are_read_and_written_read_back_equal(value in arb_value()) {
        // Lenient reading accepts more values. The written value must be valid strictly.
        for challenge in Challenges::new(&value).lenient().flatten() {
            let written = bytes(&challenge);
            let again = challenges(&[written.as_slice()], meant);
            prop_assert_eq!(again, Ok(vec![of_challenge(&challenge, meant)]));
            // Writing it again changes nothing.
            let again = Challenges::new(&written).next().unwrap().unwrap();
            prop_assert_eq!(bytes(&again), written);
        }
        if let Ok(credentials) = Credentials::parse_lenient(&value) {
            let written = bytes(&credentials);
            let again = Credentials::parse(&written).map(|again| of_credentials(&again, meant));
            prop_assert_eq!(again, Ok(of_credentials(&credentials, meant)));
        }
        if let Ok(info) = AuthenticationInfo::parse_lenient(&value) {
            let written = bytes(&info);
            let again = AuthenticationInfo::parse(&written).map(|again| meant(again.params()));
            prop_assert_eq!(again, Ok(meant(info.params())));
        }
    }

    #[test]
    fn every_written_value_is_one_line(value in arb_value(), auth in arb_auth(), text in vec(any::<u8>(), 0..8)) {
        let one_line = |bytes: &[u8]| !bytes.iter().any(|byte| b"\r\n\0".contains(byte));
        prop_assert!(one_line(&auth.encoded()));
        for challenge in Challenges::new(&value).lenient().flatten() {
            prop_assert!(one_line(&bytes(&challenge)));
        }
        if let Ok(credentials) = Credentials::parse_lenient(&value) {
            prop_assert!(one_line(&bytes(&credentials)));
        }
        if let Ok(info) = AuthenticationInfo::parse_lenient(&value) {
            prop_assert!(one_line(&bytes(&info)));
        }
        if let Ok(value) = ParamValue::quoted(&text) {
            prop_assert!(one_line(&bytes(&value)));
        }
        if let Ok(challenge) = basic::Challenge::new(&text) {
            prop_assert!(one_line(&bytes(&challenge.with_utf8())));
        }
        if let Ok(field) = FieldLine::new("A", &text) {
            prop_assert!(one_line(field.value()));
        }
    }

    #[cfg(feature = "http")]
    #[test]
    fn values_that_are_read_become_header_values(value in arb_value()) {
        for challenge in Challenges::new(&value).lenient().flatten() {
            prop_assert!(challenge.to_header_value().unwrap() == bytes(&challenge)[..]);
        }
        if let Ok(credentials) = Credentials::parse_lenient(&value) {
            prop_assert!(credentials.to_header_value().unwrap() == bytes(&credentials)[..]);
        }
        if let Ok(info) = AuthenticationInfo::parse_lenient(&value) {
            prop_assert!(info.to_header_value().unwrap() == bytes(&info)[..]);
        }
    }

    #[test]
    fn the_head_of_a_response_has_a_line_for_each_challenge_and_field(
        list in vec(arb_auth(), 1..4),
        text in vec(any::<u8>(), 0..8),
    ) {
        let params: Vec<_> = list.iter().map(Auth::params).collect();
        let built: Vec<_> = list.iter().zip(&params).map(|(auth, params)| auth.challenge(params)).collect();
        let more: Vec<_> = built[1..].iter().map(|challenge| challenge as &dyn EncodeChallenge).collect();
        let fields: Vec<_> = FieldLine::new("A", &text).into_iter().collect();
        let response = ChallengeResponse::new(&built[0]).with_more_challenges(&more).with_lines(&fields).with_content(b"\n");
        let mut written = vec![0; response.encoded_len()];
        prop_assert_eq!(response.encode(&mut written).unwrap().len(), response.encoded_len());
        prop_assert!(!written.contains(&0));
        let lines: Vec<_> = written.split(|&byte| byte == b'\n').collect();
        // The status line, Content-Length, the empty line, and two lines of content.
        prop_assert_eq!(lines.len(), list.len() + fields.len() + 5);

        let fields = lines.iter().filter_map(|line| line.strip_suffix(b"\r"));
        let values: Vec<_> = fields.filter_map(|field| field.strip_prefix(b"Proxy-Authenticate: ")).collect();
        prop_assert_eq!(challenges(&values, meant), Ok(list));
    }

    #[test]
    fn encoding_needs_exactly_the_reported_space(auth in arb_auth(), value in arb_value()) {
        let params = auth.params();
        let challenge = auth.challenge(&params);
        check_space(&challenge);
        check_space(&auth.credentials(&params));
        check_space(&AuthenticationInfo::new(&params));
        let response = ChallengeResponse::new(&challenge).with_content(&value);
        let needed = response.encoded_len();
        let mut buffer = vec![0; needed];
        prop_assert!(response.encode(&mut buffer).unwrap().ends_with(&value));
        prop_assert_eq!(response.encode(&mut buffer[1..]), Err(BufferTooSmall { needed }));
        for challenge in Challenges::new(&value).lenient().flatten() {
            check_space(&challenge);
        }
    }

    #[test]
    fn display_and_encode_write_the_same_text(auth in arb_auth(), value in arb_list()) {
        let params = auth.params();
        let challenge = auth.challenge(&params);
        prop_assert_eq!(challenge.to_string(), String::from_utf8_lossy(&bytes(&challenge)).into_owned());
        for challenge in Challenges::new(&value).flatten() {
            prop_assert_eq!(challenge.to_string().into_bytes(), bytes(&challenge));
        }
    }

    #[test]
    fn all_accessors_of_a_value_agree(value in arb_value()) {
        for param in Challenges::new(&value).lenient().flatten().flat_map(|challenge| challenge.params()) {
            let value = param.value();
            let bytes: Vec<u8> = value.unescaped().collect();
            prop_assert_eq!(value.len(), bytes.len());
            prop_assert_eq!(value.is_empty(), bytes.is_empty());
            prop_assert_eq!(value.to_bytes().unwrap_or(&bytes), &bytes);
            prop_assert_eq!(value.to_string(), String::from_utf8_lossy(&bytes));
            prop_assert!(value == *bytes.as_slice());
            let mut buffer = vec![0; bytes.len()];
            prop_assert_eq!(value.copy_to(&mut buffer), Ok(&bytes[..]));
            let copy = value.copy_to_string::<256>().map(|copy| copy.as_bytes().to_vec());
            prop_assert_eq!(copy.is_ok(), std::str::from_utf8(&bytes).is_ok());
            prop_assert_eq!(copy.unwrap_or(bytes.clone()), bytes);
        }
    }
}

/// Checks that encoding needs exactly the reported space, and writes nothing beyond it.
fn check_space(value: &impl Encode) {
    let needed = value.encoded_len();
    let mut buffer = vec![0xAA; needed + 16];
    assert_eq!(value.encode(&mut buffer).unwrap().len(), needed);
    assert!(buffer[needed..].iter().all(|&byte| byte == 0xAA));
    for room in 0..needed {
        assert_eq!(value.encode(&mut buffer[..room]), Err(BufferTooSmall { needed }));
    }
    // The attempts with too small a buffer wrote nothing beyond it.
    assert!(buffer[needed..].iter().all(|&byte| byte == 0xAA));
}

// Reading

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_list_can_be_split_into_several_field_lines(
        list in vec(arb_list(), 1..4),
        separators in vec("[ \t]{0,2},[ \t,]{0,2}", 3),
    ) {
        let joined: String = list.iter().zip(&separators).flat_map(|(line, comma)| [line.as_str(), comma]).collect();
        let expected = challenges(&[joined.as_bytes()], raw);
        let mut lines: Vec<_> = list.iter().map(String::as_bytes).collect();
        prop_assert_eq!(challenges(&lines, raw), expected.clone());
        lines.insert(list.len() / 2, b" ,");
        prop_assert_eq!(challenges(&lines, raw), expected);
    }

    #[test]
    fn white_space_around_a_value_changes_only_offsets(
        value in arb_value(),
        before in "[ \t]{0,3}",
        after in "[ \t]{0,3}",
    ) {
        let padded = [before.as_bytes(), &value, after.as_bytes()].concat();
        match (challenges(&[value.as_slice()], raw), challenges(&[padded.as_slice()], raw)) {
            (Ok(one), Ok(other)) => prop_assert_eq!(one, other),
            (Err(one), Err(other)) => {
                prop_assert_eq!((one.kind(), one.offset() + before.len()), (other.kind(), other.offset()));
            }
            (one, other) => prop_assert!(false, "{one:?} {other:?}"),
        }
    }

    #[test]
    fn lists_generated_from_the_grammar_are_accepted(value in arb_list()) {
        prop_assert!(challenges(&[value.as_bytes()], raw).is_ok());
    }

    #[test]
    fn lenient_reading_of_valid_values_equals_strict_reading(value in arb_value()) {
        if let Ok(strict) = challenges(&[value.as_slice()], raw) {
            let lenient = Challenges::new(&value).lenient().map(|item| item.map(|item| of_challenge(&item, raw)));
            prop_assert_eq!(lenient.collect::<Result<Vec<_>, _>>(), Ok(strict));
        }
        if let Ok(strict) = Credentials::parse(&value) {
            let lenient = Credentials::parse_lenient(&value).map(|read| of_credentials(&read, raw));
            prop_assert_eq!(lenient, Ok(of_credentials(&strict, raw)));
        }
        if let Ok(strict) = AuthenticationInfo::parse(&value) {
            let lenient = AuthenticationInfo::parse_lenient(&value).map(|read| raw(read.params()));
            prop_assert_eq!(lenient, Ok(raw(strict.params())));
        }
    }

    #[test]
    fn challenges_before_the_first_error_are_equal_in_both_modes(value in arb_value()) {
        let strict: Vec<_> = Challenges::new(&value).flatten().collect();
        let lenient: Vec<_> = Challenges::new(&value).lenient().flatten().collect();
        // The last one may lack a part that strict reading refuses.
        let whole = strict.len().saturating_sub(1);
        prop_assert!(lenient.starts_with(&strict[..whole]));
    }

    #[test]
    fn strict_reading_ends_with_its_first_error(value in arb_value()) {
        let items: Vec<_> = Challenges::from_lines([&value[..], b"NTLM"]).collect();
        let broken = items.iter().position(Result::is_err);
        prop_assert!(broken.is_none_or(|index| index + 1 == items.len()));
        if let Some(Err(error)) = items.last() {
            prop_assert!(error.skipped().contains(&error.offset()) || error.skipped().end == error.offset());
            let white_space = value.iter().rev().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
            prop_assert_eq!(error.skipped().end, value.len() - white_space);
        }
    }

    #[test]
    fn lenient_reading_ends_and_its_skipped_ranges_advance(value in arb_value()) {
        let mut end = 0;
        for item in Challenges::new(&value).lenient() {
            if let Err(error) = item {
                let skipped = error.skipped();
                prop_assert!(end <= skipped.start && skipped.start < skipped.end && skipped.end <= value.len());
                prop_assert!(skipped.start <= error.offset() && error.offset() <= skipped.end, "{:?}", error);
                end = skipped.end;
            }
        }
    }

    #[test]
    fn errors_point_into_the_value(value in arb_value()) {
        let errors = [
            Challenges::new(&value).find_map(Result::err),
            Credentials::parse(&value).err(),
            Credentials::parse_lenient(&value).err(),
            AuthenticationInfo::parse(&value).err(),
            AuthenticationInfo::parse_lenient(&value).err(),
        ];
        for error in errors.into_iter().flatten() {
            prop_assert!(error.offset() <= value.len());
            prop_assert!(error.skipped().end <= value.len());
            prop_assert_eq!(error.line(), 0);
            // The caret is on its own line, below the value.
            let shown = error.snippet(&value).to_string();
            let lines: Vec<_> = shown.split('\n').collect();
            prop_assert_eq!(lines.len(), 2);
            let caret = lines[1].chars().position(|char| char == '^').unwrap();
            prop_assert!(caret <= lines[0].chars().count());
        }
    }

    #[test]
    fn offsets_point_to_the_values(value in arb_value()) {
        for challenge in Challenges::new(&value).lenient().flatten() {
            if let Some(token68) = challenge.token68() {
                prop_assert!(value[token68.offset()..].starts_with(token68.as_bytes()));
            }
            for param in challenge.params() {
                let found = &value[param.value().offset()..];
                let found = found.strip_prefix(b"\"").unwrap_or(found);
                prop_assert!(found.starts_with(param.value().raw()));
            }
        }
    }

    #[test]
    fn reading_any_bytes_does_not_panic(value in vec(any::<u8>(), 0..64), soup in arb_value()) {
        for value in [&value, &soup] {
            let mut buffer = [0; 16];
            for list in [Challenges::new(value), Challenges::new(value).lenient()] {
                for challenge in list.flatten() {
                    let _ = basic::Challenge::read(&challenge).map(|basic| basic.to_string());
                    let _ = format!("{challenge:?} {challenge}");
                    let _ = challenge.realm().map(|realm| realm.copy_to(&mut buffer).is_ok());
                    let _ = challenge.token68().map(|token68| token68.decode_base64(&mut buffer).is_ok());
                }
            }
            for credentials in [Credentials::parse(value), Credentials::parse_lenient(value)].into_iter().flatten() {
                let _ = basic::Credentials::decode(&credentials, &mut buffer);
                let _ = format!("{credentials:?} {credentials}");
            }
            let _ = AuthenticationInfo::parse(value).map(|info| format!("{info:?} {info}"));
            let _ = AuthenticationInfo::parse_lenient(value).map(|info| format!("{info:?} {info}"));
        }
    }

    #[test]
    fn decoding_any_token68_does_not_panic(token68 in arb_token68(), room in 0_usize..16) {
        let token68 = Token68::new(&token68).unwrap();
        let mut buffer = vec![0; room];
        if let Ok(decoded) = token68.decode_base64(&mut buffer) {
            prop_assert!(decoded.len() <= room);
        }
    }
}
