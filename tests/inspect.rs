//! Runs the example `inspect` as a program.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Returns the path of the example. `cargo test` builds it, but `cargo test --test inspect` does not.
fn program() -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let program = profile
        .join("examples")
        .join(format!("inspect{}", env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is missing; build it with `cargo build --example inspect`",
        program.display()
    );
    program
}

fn inspect(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(program())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The write fails if the program ends without reading its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Returns the output of the program, and its exit status.
fn printed(arguments: &[&str], input: &[u8]) -> (String, i32) {
    let output = inspect(arguments, input);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

#[test]
fn json_lists_the_challenges_of_a_line() {
    let three = concat!(
        r#"{"ok":[{"scheme":"Negotiate","token68":null,"params":[]},"#,
        r#"{"scheme":"NTLM","token68":null,"params":[]},"#,
        r#"{"scheme":"Basic","token68":null,"params":[["realm","x"]]}]}"#,
        "\n",
    );
    let (json, status) = printed(&["--json"], b"Negotiate, NTLM, Basic realm=\"x\"\n");
    assert_eq!((json.as_str(), status), (three, 0));
}

#[test]
fn json_has_one_line_for_each_value() {
    let input = b"NTLM abc=\r\n\nA b=\"\xE9\\\"\t\", A\n@\nA";
    let (json, status) = printed(&["--json"], input);
    let lines = [
        r#"{"ok":[{"scheme":"NTLM","token68":"abc=","params":[]}]}"#,
        r#"{"ok":[]}"#,
        "{\"ok\":[{\"scheme\":\"A\",\"token68\":null,\"params\":[[\"b\",\"\u{E9}\\\"\\u0009\"]]},\
         {\"scheme\":\"A\",\"token68\":null,\"params\":[]}]}",
        r#"{"err":{"kind":"ExpectedScheme","at":0}}"#,
        r#"{"ok":[{"scheme":"A","token68":null,"params":[]}]}"#,
    ];
    assert_eq!((json.lines().collect::<Vec<_>>(), status), (lines.to_vec(), 1));
}

#[test]
fn each_field_is_read_with_its_grammar() {
    for (field, value, json) in [
        (
            "proxy-authenticate",
            "A, B",
            r#"{"ok":[{"scheme":"A","token68":null,"params":[]},{"scheme":"B","token68":null,"params":[]}]}"#,
        ),
        (
            "WWW-Authenticate",
            "A",
            r#"{"ok":[{"scheme":"A","token68":null,"params":[]}]}"#,
        ),
        (
            "Proxy-Authorization",
            "Basic YTpi",
            r#"{"ok":[{"scheme":"Basic","token68":"YTpi","params":[]}]}"#,
        ),
        ("authorization", "A, B", r#"{"err":{"kind":"ExpectedSpace","at":1}}"#),
        (
            "proxy-authentication-info",
            "a=b, c=\"d\"",
            r#"{"ok":[["a","b"],["c","d"]]}"#,
        ),
        ("authentication-info", "", r#"{"ok":[]}"#),
    ] {
        let (printed, status) = printed(&["--json", "--field", field, value], b"");
        assert_eq!(printed.trim_end(), json);
        assert_eq!(status, i32::from(json.contains("err")));
    }
}

#[test]
fn challenges_are_shown_as_trees_and_errors_with_a_caret() {
    let tree = concat!(
        "Basic\n",
        "  realm    \"a\\\"b\"\n",
        "  charset  \"UTF-8\"\n",
        "Negotiate\n",
        "  token68  abc\n",
        "\n",
        "A b@, C\n",
        "   ^ expected a comma or the end at byte 3\n",
        "\n",
        "(no challenges)\n",
    );
    let values = ["Basic realm=\"a\\\"b\", charset=UTF-8, Negotiate abc", "A b@, C", ","];
    let (printed, status) = printed(&values, b"");
    assert_eq!((printed.as_str(), status), (tree, 1));
}

#[test]
fn parameters_of_the_info_field_are_shown_without_a_scheme() {
    let tree = "a   \"b\"\ncc  \"d e\"\n\n(no parameters)\n";
    let values = ["--field", "proxy-authentication-info", "a=b, cc=\"d e\"", ""];
    assert_eq!(printed(&values, b""), (tree.into(), 0));
}

#[test]
fn lenient_reading_continues_after_an_error() {
    let value = "A b=\"c\"d, @, Basic realm=x@y";
    let (tree, status) = printed(&["--lenient", value], b"");
    let expected = format!(
        "A\n  b  \"c\"\n  (damaged: expected a comma or the end at byte 7)\n\
         {value}\n          ^ expected an authentication scheme at byte 10\nBasic\n  realm  \"x@y\"\n"
    );
    assert_eq!((tree, status), (expected, 1));
    assert_eq!(printed(&["--lenient", "Basic realm=x@y"], b"").1, 0);
    assert_eq!(printed(&["Basic realm=x@y"], b"").1, 1);
    let (json, _) = printed(&["--lenient", "--json", value], b"");
    assert_eq!(json, "{\"err\":{\"kind\":\"ExpectedScheme\",\"at\":10}}\n");
    let (json, status) = printed(&["--lenient", "--json", "A b=\"c\"d"], b"");
    let expected = "{\"ok\":[{\"scheme\":\"A\",\"token68\":null,\"params\":[[\"b\",\"c\"]],\"damage\":7}]}\n";
    assert_eq!((json.as_str(), status), (expected, 1));
}

#[test]
fn credentials_are_shown_only_on_request() {
    let field = ["--field", "proxy-authorization"];
    for value in [
        "Basic c2VjcmV0",
        "Digest response=\"c2VjcmV0\"",
        "Basic c2VjcmV0,",
        "Digest a=c2VjcmV0 b",
    ] {
        let (tree, _) = printed(&[field[0], field[1], value], b"");
        assert!(!tree.contains("c2Vj"), "{tree}");
        for shown in ["--show-secrets", "--json"] {
            let (text, status) = printed(&[field[0], field[1], shown, value], b"");
            assert!(
                text.contains("c2VjcmV0") || (shown == "--json" && status == 1),
                "{text}"
            );
        }
    }
    let (tree, status) = printed(&[field[0], field[1], "Digest a=b, cd=e"], b"");
    assert_eq!(
        (tree.as_str(), status),
        ("Digest\n  a   [redacted]\n  cd  [redacted]\n", 0)
    );
    let (error, status) = printed(&[field[0], field[1], "Basic c2VjcmV0,"], b"");
    assert_eq!((error.as_str(), status), ("expected the end at byte 14\n", 1));
}

#[test]
fn a_key_without_a_scheme_is_shown_only_on_request() {
    let field = ["--field", "proxy-authorization"];
    for (value, tree) in [
        ("sk-live-123", "[redacted]\n"),
        ("sk-live-123 a=b", "[redacted]\n  a  [redacted]\n"),
        ("sk-live-123 abc", "[redacted]\n  token68  [redacted]\n"),
        ("basic abc", "basic\n  token68  [redacted]\n"),
    ] {
        assert_eq!(printed(&[field[0], field[1], value], b""), (tree.into(), 0));
        let (shown, _) = printed(&[field[0], field[1], "--show-secrets", value], b"");
        assert!(shown.starts_with(value.split(' ').next().unwrap()), "{shown}");
    }
    // The scheme of a challenge is never a secret.
    assert_eq!(printed(&["X-Own"], b""), ("X-Own\n".into(), 0));
}

#[test]
fn characters_that_control_a_terminal_are_escaped() {
    // A value cannot contain ESC, but it can contain U+0080 to U+009F, and characters that change the text direction.
    let input = b"A b=\"\xC2\x9B2J\t\xFF\xE2\x80\xAE it's\"\nA b=\"\x1B[2J\"\n";
    let (tree, _) = printed(&[], input);
    assert!(tree.contains(r#""\u{9b}2J\t\xFF\u{202e} it's""#), "{tree}");
    let (json, _) = printed(&["--json"], input);
    assert!(
        json.contains("\"\u{C2}\\u009b2J\\u0009\u{FF}\u{E2}\\u0080\u{AE} it's\""),
        "{json}"
    );
    for text in [tree, json] {
        assert!(text.chars().all(|char| char == '\n' || !char.is_control()), "{text:?}");
    }
}

#[cfg(unix)]
#[test]
fn arguments_need_not_be_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let run = |argument| {
        let argument = OsStr::from_bytes(argument);
        Command::new(program())
            .args([OsStr::new("--json"), argument])
            .output()
            .unwrap()
    };
    let json = "{\"ok\":[{\"scheme\":\"A\",\"token68\":null,\"params\":[[\"b\",\"\u{FF}\"]]}]}\n";
    assert_eq!(run(b"A b=\"\xFF\"").stdout, json.as_bytes());
    assert_eq!(run(b"-\xFF").status.code(), Some(2));
}

#[test]
fn a_closed_output_causes_no_panic() {
    let closed = || io::pipe().unwrap().1;
    for (argument, status) in [("--help", 0), ("A", 0), ("A b@", 1), ("--what", 2)] {
        let mut command = Command::new(program());
        let result = command.arg(argument).stdout(closed()).stderr(closed()).status();
        assert_eq!(result.unwrap().code(), Some(status), "{argument}");
    }
}

#[test]
fn invalid_options_are_refused() {
    for arguments in [&["--what"][..], &["--field"], &["--field", "cookie"]] {
        let output = inspect(arguments, b"");
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains("Usage: inspect"));
    }
    assert_eq!(printed(&["--", "--json"], b"").0, "--json\n");
    assert!(printed(&["--help"], b"").0.contains("Usage: inspect"));
    assert_eq!(printed(&["--json"], b""), (String::new(), 0));
}
