//! Converts the cases of the corpus that are short enough for a device to constants, and copies the memory map to where
//! the linker finds it.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;

/// The length of the longest value that is used, in bytes.
const LONGEST: usize = 256;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    fs::copy("memory.x", out.join("memory.x")).unwrap();
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rerun-if-changed=memory.x");

    let corpus = "../../tests/corpus/cases.jsonl";
    println!("cargo::rerun-if-changed={corpus}");
    let mut cases = String::from("&[\n");
    for line in fs::read_to_string(corpus).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if case["raw"].as_str().unwrap().chars().count() <= LONGEST {
            writeln!(cases, "{},", constant(&case)).unwrap();
        }
    }
    fs::write(out.join("cases.rs"), cases + "]").unwrap();
}

fn constant(case: &Value) -> String {
    let (id, value) = (case["id"].as_str().unwrap(), latin1(&case["raw"]));
    let field = match case["field"].as_str().unwrap() {
        "proxy-authenticate" => "Challenges",
        "proxy-authorization" => "Credentials",
        "proxy-authentication-info" => "Info",
        other => panic!("unknown field: {other}"),
    };
    let expected = match &case["tree"] {
        Value::Null => "None".to_owned(),
        info if field == "Info" => format!("Some(&[{}])", auth("\"\"", "None", info)),
        list => format!(
            "Some(&[{}])",
            join(list, |tree| {
                let token68 = match &tree["token68"] {
                    Value::Null => "None".to_owned(),
                    token68 => format!("Some({})", latin1(token68)),
                };
                auth(&tree["scheme"].to_string(), &token68, &tree["params"])
            })
        ),
    };
    format!("Case {{ id: {id:?}, field: Field::{field}, value: {value}, expected: {expected} }}")
}

fn auth(scheme: &str, token68: &str, params: &Value) -> String {
    let params = join(params, |param| format!("({}, {})", param[0], latin1(&param[1])));
    format!("Auth {{ scheme: {scheme}, token68: {token68}, params: &[{params}] }}")
}

fn join(list: &Value, one: impl Fn(&Value) -> String) -> String {
    list.as_array().unwrap().iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Returns the literal of a text in which each character is one byte.
fn latin1(text: &Value) -> String {
    let bytes: Vec<u8> = text
        .as_str()
        .unwrap()
        .chars()
        .map(|char| u8::try_from(u32::from(char)).unwrap())
        .collect();
    format!("b\"{}\"", bytes.escape_ascii())
}
