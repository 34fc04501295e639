//! Builds the playground of `examples/playground`, one page that needs no other file and no server, and tests it in
//! headless Chromium: types, checks what is shown, and that nothing leaves the page.

use std::path::PathBuf;

use anyhow::{Context, Result};
use base64::prelude::{BASE64_STANDARD, Engine};
use clap::Args;
use sha2::{Digest, Sha256};
use xshell::{Shell, cmd};

use crate::tools::{self, CHROMIUM, NODE, NPM};
use crate::{wasm, workspace};

/// The scripts of the page, beside the WebAssembly module. They become one script, in which nothing is imported.
const MODULES: [&str; 18] = [
    "adapters/js/lib/bytes.js",
    "adapters/js/lib/instance.js",
    "adapters/js/lib/errors.js",
    "adapters/js/lib/options.js",
    "adapters/js/lib/headers.js",
    "adapters/js/lib/fields.js",
    "adapters/js/lib/full.js",
    "adapters/js/lib/window.js",
    "adapters/js/lib/request.js",
    "adapters/js/lib/gate.js",
    "adapters/js/lib/session.js",
    "examples/playground/examples.mjs",
    "examples/playground/text.mjs",
    "examples/playground/view.mjs",
    "examples/playground/fields.mjs",
    "examples/playground/scenario.mjs",
    "examples/playground/exchange.mjs",
    "examples/playground/page.mjs",
];

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Builds the page, and tests nothing
    #[arg(long)]
    build: bool,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let page = build(sh)?;
    println!("{}", page.display());
    if options.build {
        return Ok(());
    }
    tools::require(sh, &[CHROMIUM, NODE, NPM])?;
    let packages = sh.create_temp_dir()?;
    let playwright = tools::install_playwright(sh, packages.path())?;
    Ok(cmd!(sh, "node --test verify/playground/page.test.mjs")
        .env("PLAYWRIGHT", playwright)
        .env("PAGE", format!("file://{}", page.display()))
        .run()?)
}

fn build(sh: &Shell) -> Result<PathBuf> {
    let (module, size) = wasm::full_script(sh)?;
    let scripts = MODULES
        .iter()
        .map(|module| sh.read_file(module))
        .collect::<xshell::Result<Vec<_>>>()?;
    let scripts = [module].into_iter().chain(scripts);
    let script: String = scripts.map(|module| without_modules(&module)).collect();
    let style = sh.read_file("examples/playground/style.css")?;
    let html = fill(&sh.read_file("examples/playground/page.html")?, |part| {
        Some(match part {
            "script" => script.clone(),
            "script-hash" => hash(&script),
            "style" => style.clone(),
            "style-hash" => hash(&style),
            "wasm-size" => with_commas(size),
            _ => return None,
        })
    })?;
    let page = workspace::target_dir(sh)?.join("playground/index.html");
    sh.write_file(&page, html)?;
    Ok(page)
}

/// Removes the imports from a script, and the word `export`.
fn without_modules(script: &str) -> String {
    let lines = script.split_inclusive('\n').filter(|line| !line.starts_with("import "));
    lines.map(|line| line.strip_prefix("export ").unwrap_or(line)).collect()
}

/// Returns a hash for the Content-Security-Policy.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn with_commas(number: u64) -> String {
    if number < 1000 {
        return number.to_string();
    }
    format!("{},{:03}", with_commas(number / 1000), number % 1000)
}

/// Replaces each `{{name}}` in the template.
fn fill(template: &str, part: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("\"{{\" without \"}}\"")?;
        filled.push_str(before);
        filled.push_str(&part(name).with_context(|| format!("nothing to put in place of {name}"))?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::{fill, hash, with_commas, without_modules};

    #[test]
    fn scripts_lose_imports_and_exports_only() {
        let script = "import { a } from 'b';\nexport const c = 1;\n  export d;\nf(); // import g\n";
        assert_eq!(without_modules(script), "const c = 1;\n  export d;\nf(); // import g\n");
    }

    #[test]
    fn template_is_filled_once_and_unknown_names_are_refused() {
        let part = |name: &str| (name == "a").then(|| "{{b}}".to_owned());
        assert_eq!(fill("<{{a}}{{a}}>", part).unwrap(), "<{{b}}{{b}}>");
        assert!(fill("{{b}}", part).is_err());
        assert!(fill("{{a", part).is_err());
    }

    #[test]
    fn hash_is_that_of_a_content_security_policy() {
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn thousands_are_separated_by_commas() {
        assert_eq!(
            [0, 999, 19_213, 1_000_001].map(with_commas),
            ["0", "999", "19,213", "1,000,001"]
        );
    }
}
