//! Tests the parts of reading that the corpus does not cover: field lines, offsets, schemes, and error messages.

#![cfg(test)]

use std::iter::FusedIterator;

use proxy_auth::{
    AuthParam, AuthenticationInfo, BufferTooSmall, Challenge, Challenges, Credentials, Params, ParseErrorKind, Scheme,
    SchemeError, StringError, Token, Token68, token,
};

/// Reads the challenges of several valid field lines.
fn lines<'a, V>(lines: impl IntoIterator<Item = &'a V>) -> Vec<Challenge<'a>>
where
    V: AsRef<[u8]> + ?Sized + 'a,
{
    Challenges::from_lines(lines).collect::<Result<_, _>>().unwrap()
}

/// Reads the challenges of a valid field value.
fn challenges<V: AsRef<[u8]> + ?Sized>(value: &V) -> Vec<Challenge<'_>> {
    Challenges::new(value).collect::<Result<_, _>>().unwrap()
}

// Field lines

#[test]
fn field_lines_of_any_type_form_one_list() {
    let text = ["Negotiate", "NTLM, Basic realm=x"];
    let bytes: [&[u8]; 2] = [b"Negotiate", b"NTLM, Basic realm=x"];
    let vectors: Vec<Vec<u8>> = bytes.iter().map(|line| line.to_vec()).collect();
    let strings: Vec<String> = text.iter().map(ToString::to_string).collect();
    let expected = challenges("Negotiate, NTLM, Basic realm=x");

    assert_eq!(expected.len(), 3);
    assert_eq!(lines(text), expected);
    assert_eq!(lines(bytes), expected);
    assert_eq!(lines(&text), expected);
    assert_eq!(lines(&vectors), expected);
    assert_eq!(lines(&strings), expected);
}

#[test]
fn no_field_lines_mean_no_challenges() {
    assert!(Challenges::from_lines([""; 0]).next().is_none());
    assert!(Challenges::from_lines(["", " \t", ", ,"]).next().is_none());
}

#[test]
fn empty_field_lines_are_skipped_but_counted() {
    let mut challenges = Challenges::from_lines(["", "NTLM", ", ,", " ", "Basic realm=x, @"]);
    assert_eq!(challenges.next().unwrap().unwrap().scheme(), Scheme::Ntlm);
    assert_eq!(challenges.next().unwrap().unwrap().scheme(), Scheme::Basic);
    let error = challenges.next().unwrap().unwrap_err();
    assert_eq!((error.line(), error.offset()), (4, 15));
}

#[test]
fn a_challenge_does_not_continue_in_the_next_field_line() {
    let mut challenges = Challenges::from_lines(["Basic", "realm=x"]);
    assert_eq!(challenges.next().unwrap().unwrap().params().iter().count(), 0);
    let error = challenges.next().unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.line(), error.offset()),
        (ParseErrorKind::ParamWithoutScheme, 1, 5)
    );
}

#[test]
fn an_error_names_the_field_line_unless_it_is_the_first() {
    let in_line = |lines: [&str; 2]| {
        let error = Challenges::from_lines(lines).find_map(Result::err).unwrap();
        error.to_string()
    };
    assert_eq!(in_line(["@", "NTLM"]), "expected an authentication scheme at byte 0");
    assert_eq!(
        in_line(["NTLM", " @"]),
        "expected an authentication scheme at byte 1 of field line 1 (the first is 0)"
    );
}

#[test]
fn strict_reading_ends_with_the_first_error_and_is_fused() {
    fn fused(_: &impl FusedIterator) {}

    let mut challenges = Challenges::from_lines(["Basic realm=x y, NTLM", "Negotiate"]);
    fused(&challenges);
    assert!(challenges.next().unwrap().is_err());
    for _ in 0..3 {
        assert!(challenges.next().is_none());
    }
}

#[test]
fn lenient_reading_continues_in_the_next_field_line() {
    let lines = ["Basic realm=\"x\" y", "@ y", "Negotiate"];
    let mut challenges = Challenges::from_lines(lines).lenient();
    let damage = challenges.next().unwrap().unwrap().damage();
    assert_eq!(damage.unwrap().offset(), 16);
    let error = challenges.next().unwrap().unwrap_err();
    assert_eq!((error.line(), error.offset(), error.skipped()), (1, 0, 0..3));
    assert_eq!(challenges.next().unwrap().unwrap().scheme(), Scheme::Negotiate);
    for _ in 0..3 {
        assert!(challenges.next().is_none());
    }
}

#[test]
fn a_second_field_line_of_credentials_is_refused() {
    assert!(Credentials::from_lines([""; 0]).unwrap().is_none());

    let one = Credentials::from_lines(["Bearer abc"]).unwrap().unwrap();
    assert_eq!(one.token68().unwrap().as_bytes(), b"abc");
    assert_eq!(Credentials::from_lines(["Bearer abc,"]).unwrap_err().offset(), 10);

    // This holds even if both are equal, or the first is damaged.
    for lines in [
        ["Bearer abc", "Bearer abc"],
        ["Bearer abc,", "Bearer abc"],
        ["", "Bearer abc"],
    ] {
        let error = Credentials::from_lines(lines).unwrap_err();
        assert_eq!(
            (error.kind(), error.line(), error.offset(), error.skipped()),
            (ParseErrorKind::RepeatedField, 1, 0, 0..10)
        );
    }
}

#[test]
fn a_second_field_line_of_info_is_refused() {
    assert!(AuthenticationInfo::from_lines([""; 0]).unwrap().is_none());

    let one = AuthenticationInfo::from_lines(["qop=auth"]).unwrap().unwrap();
    assert_eq!(one.param("qop").unwrap(), "auth");
    assert_eq!(AuthenticationInfo::from_lines(["qop"]).unwrap_err().offset(), 3);

    let error = AuthenticationInfo::from_lines(["", "qop=auth"]).unwrap_err();
    assert_eq!(
        (error.kind(), error.line(), error.offset(), error.skipped()),
        (ParseErrorKind::RepeatedField, 1, 0, 0..8)
    );
}

// Offsets

#[test]
fn white_space_around_a_field_value_is_ignored() {
    for value in [
        "Basic realm=x",
        " Basic realm=x",
        "\t Basic realm=x \t",
        "Basic realm=x\t",
    ] {
        assert_eq!(challenges(value), challenges("Basic realm=x"), "{value:?}");
    }
    assert_eq!(
        Credentials::parse("\tBearer abc ")
            .unwrap()
            .token68()
            .unwrap()
            .as_bytes(),
        b"abc"
    );
    assert_eq!(AuthenticationInfo::parse(" a=b\t").unwrap().param("a").unwrap(), "b");
}

#[test]
fn offsets_include_leading_white_space() {
    let challenges = challenges(" \tNegotiate abc, Basic realm = \"x\"");
    assert_eq!(challenges[0].token68().unwrap().offset(), 12);
    assert_eq!(challenges[1].realm().unwrap().offset(), 31);

    let error = Challenges::new(" \tBasic realm=x y ").next().unwrap().unwrap_err();
    assert_eq!((error.offset(), error.skipped()), (16, 2..17));
    assert_eq!(Credentials::parse("  @").unwrap_err().offset(), 2);
    assert_eq!(AuthenticationInfo::parse("  @").unwrap_err().offset(), 2);
}

#[test]
fn an_error_at_the_end_points_before_trailing_white_space() {
    let offset = |value| Challenges::new(value).find_map(Result::err).unwrap().offset();
    assert_eq!(offset("Basic realm=\"x \t"), 14);
    assert_eq!(offset("Basic realm=x, charset=\t "), 23);
    assert_eq!(Credentials::parse(" \t ").unwrap_err().offset(), 0);
}

#[test]
fn strict_reading_skips_from_the_damaged_challenge_to_the_end() {
    let value = "NTLM, Basic realm=x, Digest realm=\"y\" qop, Negotiate ";
    let error = Challenges::new(value).find_map(Result::err).unwrap();
    assert_eq!(&value[error.skipped()], "Digest realm=\"y\" qop, Negotiate");

    let value = "Digest a b ";
    assert_eq!(Credentials::parse(value).unwrap_err().skipped(), 0..value.len());
    let value = "a b ";
    assert_eq!(AuthenticationInfo::parse(value).unwrap_err().skipped(), 0..value.len());
}

// Errors

/// The grammar by which a damaged value is read.
enum Field {
    Authenticate,
    Authorization,
    Info,
}
use Field::{Authenticate, Authorization, Info};

#[test]
fn errors_name_the_expected_syntax_and_the_offset() {
    use ParseErrorKind as Kind;

    let cases = [
        (Authenticate, "\"Basic\" realm=x", Kind::ExpectedScheme, 0),
        (Authenticate, "Basic realm=x, =y", Kind::ExpectedScheme, 15),
        (Authenticate, "NTLM, \r\n Basic", Kind::ExpectedScheme, 6),
        (Authorization, "", Kind::ExpectedScheme, 0),
        (Authenticate, "Basic @", Kind::ExpectedBody, 6),
        (Authorization, "Basic =", Kind::ExpectedBody, 6),
        (Info, "\"a\"=b", Kind::ExpectedParam, 0),
        (Info, "a=b, @", Kind::ExpectedParam, 5),
        (Authorization, "Digest a=b, =c", Kind::ExpectedParam, 12),
        (Info, "nonce", Kind::ExpectedEquals, 5),
        (Authorization, "Digest a=b, Basic", Kind::ExpectedEquals, 17),
        (Authenticate, "Basic realm! x", Kind::ExpectedEquals, 13),
        (Authenticate, "Basic realm=x, charset=", Kind::ExpectedValue, 23),
        (Authenticate, "Basic realm=@x", Kind::ExpectedValue, 12),
        (Info, "a=", Kind::ExpectedValue, 2),
        (Authenticate, "Basic realm=\"x\" charset=UTF-8", Kind::ExpectedComma, 16),
        (Authenticate, "Basic realm=\"x\"y", Kind::ExpectedComma, 15),
        (Authenticate, "Basic realm=x;charset=UTF-8", Kind::ExpectedComma, 13),
        (Authenticate, "Negotiate abc def", Kind::ExpectedComma, 14),
        (Info, "a=b c=d", Kind::ExpectedComma, 4),
        (Authenticate, "Basic\trealm=x", Kind::ExpectedSpace, 6),
        (Authenticate, "Basic \trealm=x", Kind::ExpectedSpace, 7),
        (Authenticate, "Basic:realm=x", Kind::ExpectedSpace, 5),
        (Authorization, "Basic\trealm=x", Kind::ExpectedSpace, 5),
        (Authorization, "Basic,", Kind::ExpectedSpace, 5),
        (Authorization, "Basic YTpi,", Kind::ExpectedEnd, 10),
        (Authorization, "Bearer a/b def", Kind::ExpectedEnd, 10),
        (Authenticate, "Basic realm=\"x", Kind::ExpectedClosingQuote, 14),
        (Authenticate, "Basic realm=\"x\\\"", Kind::ExpectedClosingQuote, 16),
        (Authenticate, "Basic realm=\"x\\", Kind::ExpectedClosingQuote, 15),
        (Info, "a=\"", Kind::ExpectedClosingQuote, 3),
        (Authenticate, "Basic realm=\"x\r\n y\"", Kind::InvalidQuotedByte, 14),
        (Authorization, "Digest realm=\"\0\"", Kind::InvalidQuotedByte, 14),
        (Authenticate, "Basic realm=\"x\\\u{7f}\"", Kind::InvalidEscape, 15),
        (Authenticate, "Basic, realm=x", Kind::ParamWithoutScheme, 12),
        (Authenticate, "Basic,realm =x", Kind::ParamWithoutScheme, 12),
        (Authenticate, "Negotiate abc, realm=x", Kind::ParamWithoutScheme, 20),
        (Authenticate, "Negotiate a=, realm=x", Kind::ParamWithoutScheme, 19),
        (Authenticate, "realm=x", Kind::ParamWithoutScheme, 5),
    ];
    for (field, value, kind, offset) in cases {
        let error = match field {
            Authenticate => Challenges::new(value).find_map(Result::err),
            Authorization => Credentials::parse(value).err(),
            Info => AuthenticationInfo::parse(value).err(),
        };
        let found = error.map(|error| (error.kind(), error.offset()));
        assert_eq!(found, Some((kind, offset)), "{value:?}");
    }
}

#[test]
fn the_caret_is_below_the_byte_in_error() {
    let show = |value: &[u8]| {
        let error = Challenges::new(value).find_map(Result::err).unwrap();
        error.snippet(value).to_string()
    };
    assert_eq!(
        show(b"Basic \"oh please\""),
        "Basic \"oh please\"\n      ^ expected a token68 or a parameter at byte 6"
    );
    // Each character takes a column. Characters without a glyph are escaped.
    assert_eq!(
        show("Basic realm=\"ä\tö\" x".as_bytes()),
        "Basic realm=\"ä\\x09ö\" x\n                     ^ expected a comma or the end at byte 20"
    );
    assert_eq!(
        show("Basic realm=\"\u{202E}\" x".as_bytes()),
        "Basic realm=\"\\u{202e}\" x\n                       ^ expected a comma or the end at byte 18"
    );
    assert_eq!(
        show(b"Basic realm=\"\xFF\n\""),
        "Basic realm=\"\\xFF\\x0A\"\n                 ^ expected no control character in a quoted-string at byte 14"
    );
}

#[test]
fn a_long_value_is_shown_only_around_the_error() {
    let value = format!("Basic realm=\"{}\" {}", "x".repeat(200), "y".repeat(200));
    let error = Challenges::new(&value).next().unwrap().unwrap_err();
    let shown = error.snippet(&value).to_string();
    let (first, second) = shown.split_once('\n').unwrap();
    assert_eq!(first, format!("...{}\" {}...", "x".repeat(58), "y".repeat(60)));
    assert_eq!(second.find('^'), first.find('y'));
}

#[test]
fn the_caret_is_at_the_end_if_the_shown_value_is_shorter() {
    let error = Challenges::new("Basic \"oh please\"").next().unwrap().unwrap_err();
    let shown = error.snippet("").to_string();
    assert_eq!(shown, "\n^ expected a token68 or a parameter at byte 6");
}

// Schemes

#[test]
fn schemes_are_recognized_in_any_case_and_keep_their_spelling() {
    let named = [
        ("Basic", Scheme::Basic),
        ("Bearer", Scheme::Bearer),
        ("Concealed", Scheme::Concealed),
        ("Digest", Scheme::Digest),
        ("DPoP", Scheme::DPoP),
        ("GNAP", Scheme::Gnap),
        ("HOBA", Scheme::Hoba),
        ("Mutual", Scheme::Mutual),
        ("Negotiate", Scheme::Negotiate),
        ("NTLM", Scheme::Ntlm),
        ("OAuth", Scheme::OAuth),
        ("PrivateToken", Scheme::PrivateToken),
        ("SCRAM-SHA-1", Scheme::ScramSha1),
        ("SCRAM-SHA-256", Scheme::ScramSha256),
        ("vapid", Scheme::Vapid),
    ];
    for (name, scheme) in named {
        for spelled in [name.to_owned(), name.to_lowercase(), name.to_uppercase()] {
            let challenge = challenges(&spelled)[0];
            assert_eq!(challenge.scheme(), scheme);
            assert!(!matches!(challenge.scheme(), Scheme::Other(_)), "{spelled}");
            assert_eq!(challenge.scheme().to_str(), name);
            assert_eq!(challenge.scheme_name().to_str(), spelled);
            assert_eq!(Credentials::parse(&spelled).unwrap().scheme(), scheme);
        }
    }
}

#[test]
fn other_schemes_are_named_by_their_token() {
    for name in ["X-Own", "Basic2", "Basi", "SCRAM-SHA-512", "!#$%&'*+-.^_`|~"] {
        let scheme = challenges(name)[0].scheme();
        assert!(
            matches!(scheme, Scheme::Other(token) if token.to_str() == name),
            "{name}"
        );
        assert_eq!(scheme, Scheme::new(&name.to_uppercase()).unwrap());
    }
}

// Views

#[test]
fn views_are_copy_and_outlive_their_source() {
    fn copy<T: Copy>(_: T) {}

    let field_value = String::from("Basic realm=\"x\"");
    let realm = {
        let mut challenges = Challenges::new(&field_value);
        let challenge = challenges.next().unwrap().unwrap();
        copy(challenge);
        challenge.realm().unwrap()
    };
    assert_eq!(realm, "x");

    copy::<Credentials<'_>>(Credentials::parse("Bearer abc").unwrap());
    copy::<AuthenticationInfo<'_>>(AuthenticationInfo::parse("a=b").unwrap());
    copy::<Params<'_>>(Params::default());
    copy::<AuthParam<'_>>(AuthParam::new(proxy_auth::token!("a"), realm));
    copy::<Token<'_>>(proxy_auth::token!("a"));
    copy::<Token68<'_>>(Token68::new("a").unwrap());
    copy::<Scheme<'_>>(Scheme::Basic);
}

#[test]
fn a_clone_of_the_list_advances_independently() {
    let mut challenges = Challenges::new("A, B, C");
    assert!(challenges.next().is_some());
    assert_eq!(challenges.clone().count(), 2);
    assert_eq!(challenges.count(), 2);
}

#[test]
fn errors_implement_error() {
    fn error(_: impl std::error::Error + Send + Sync + 'static) {}

    error(Credentials::parse("").unwrap_err());
    error(Token::new("").unwrap_err());
    error(SchemeError::WrongScheme);
    error(BufferTooSmall { needed: 1 });
    error(StringError::NotUtf8 { offset: 0 });
}

#[test]
fn info_is_equal_regardless_of_spelling() {
    let info = AuthenticationInfo::parse("a=b, c=\"d\"").unwrap();
    assert_eq!(info, AuthenticationInfo::parse("A=\"b\" ,C=d").unwrap());
    assert_ne!(info, AuthenticationInfo::parse("a=b, c=\"e\"").unwrap());
    assert_ne!(info, AuthenticationInfo::parse("a=b").unwrap());
}

#[test]
fn a_token_reports_its_offset() {
    let value = " NTLM, Digest\tx=y,  Nonce = z";
    let challenge = Challenges::new(value).lenient().nth(1).unwrap().unwrap();
    assert_eq!(challenge.scheme_name().offset(), 7);
    let offsets: Vec<_> = challenge.params().iter().map(|param| param.name().offset()).collect();
    assert_eq!(offsets, [14, 20]);
    assert_eq!(token!("x").offset(), 0);
    // Equality ignores the offset.
    assert_eq!(challenge.scheme_name(), token!("digest"));
}

#[test]
fn lenient_reading_refuses_a_second_line_of_credentials() {
    let line = "Digest username=\"a\" realm=\"b\"";
    assert!(Credentials::from_lines([line]).is_err());
    let credentials = Credentials::from_lines_lenient([line]).unwrap().unwrap();
    assert_eq!(credentials.param("realm").unwrap(), "b");
    let error = Credentials::from_lines_lenient([line, line]).unwrap_err();
    assert_eq!((error.kind(), error.line()), (ParseErrorKind::RepeatedField, 1));
    assert!(Credentials::from_lines_lenient([""; 0]).unwrap().is_none());
}
