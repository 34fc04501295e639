//! Prints the tree of a field value, or `null` if the value is invalid: the command that `tests/corpus/run.py` expects.
//! Usage: `tree FIELD <VALUE`

use std::io::{Read, stdin};

use conformance::tree::{Auth, Param, Tree};
use conformance::{Grammar, parser};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let field = std::env::args().nth(1).ok_or("no field is given")?;
    let grammar = Grammar::ALL
        .into_iter()
        .find(|grammar| grammar.field().eq_ignore_ascii_case(&field))
        .ok_or("no such field")?;
    let mut value = Vec::new();
    stdin().read_to_end(&mut value)?;
    println!("{}", parser::strict(grammar, &value).map_or(Value::Null, tree));
    Ok(())
}

fn tree(tree: Tree) -> Value {
    match tree {
        Tree::Auths(auths) => auths.iter().map(auth).collect(),
        Tree::Params(params) => params.iter().map(param).collect(),
    }
}

fn auth(auth: &Auth) -> Value {
    json!({
        "scheme": latin1(&auth.scheme),
        "token68": auth.token68.as_deref().map(latin1),
        "params": auth.params.iter().map(param).collect::<Value>(),
    })
}

fn param((name, value): &Param) -> Value {
    json!([latin1(name), latin1(value)])
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
