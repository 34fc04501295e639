//! Links to files of the package that lead nowhere: relative links, and those to its files where documentation is published.

use std::path::{Path, PathBuf};

use anyhow::Result;
use xshell::Shell;

/// The address of the files of the published package.
const SOURCE: &str = "https://docs.rs/crate/proxy-auth/latest/source/";

/// Returns the broken links in the Markdown files at the root of a package, each with the file that has it.
pub(super) fn broken_in_markdown(sh: &Shell, package: &Path) -> Result<Vec<String>> {
    broken(sh, package, files(sh, package, "md")?, in_markdown)
}

/// Returns the broken links in the pages that rustdoc wrote below a directory, each with the page that has it.
pub(super) fn broken_in_html(sh: &Shell, package: &Path, doc: &Path) -> Result<Vec<String>> {
    broken(sh, package, files(sh, doc, "html")?, in_html)
}

/// Returns the files below a directory with the given extension.
fn files(sh: &Shell, dir: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in sh.read_dir(dir)? {
        if path.is_dir() {
            found.extend(files(sh, &path, extension)?);
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    Ok(found)
}

fn broken(sh: &Shell, package: &Path, files: Vec<PathBuf>, links: fn(&str) -> Vec<&str>) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for file in files {
        let text = sh.read_file(&file)?;
        let dir = file.parent().unwrap_or(&file);
        let target = |link: &str| match link.strip_prefix(SOURCE) {
            Some(path) => Some(package.join(path)),
            None => Some(dir.join(relative_path(link)?)),
        };
        let is_broken = |link: &&str| target(link).is_some_and(|path| !path.exists());
        let links = links(&text).into_iter().filter(is_broken);
        broken.extend(links.map(|link| format!("{}: {link}", file.display())));
    }
    Ok(broken)
}

/// Returns the path of a relative link, without a query or fragment; nothing of a link to another site or within the page.
fn relative_path(link: &str) -> Option<&str> {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    let has_scheme = path.split('/').next().is_some_and(|start| start.contains(':'));
    (!path.is_empty() && !has_scheme).then_some(path)
}

/// Returns the targets of inline links and of definitions, outside of blocks of code.
fn in_markdown(text: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        let inline = line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', ' ']).next());
        links.extend(inline);
        let definition = line.starts_with('[').then(|| line.split_once("]: "));
        links.extend(definition.flatten().and_then(|(_, target)| target.split(' ').next()));
    }
    links
}

/// Returns the values of `href` and `src`. Skips scripts with the implementors of a trait: rustdoc names the script even if the trait
/// has none, and then does not write it.
fn in_html(text: &str) -> Vec<&str> {
    let attributes = [" href=\"", " src=\""].into_iter();
    let values = attributes.flat_map(|attribute| text.split(attribute).skip(1));
    let values = values.filter_map(|rest| rest.split('"').next());
    values.filter(|value| !value.contains("/trait.impl/")).collect()
}

#[cfg(test)]
mod tests {
    use xshell::Shell;

    use super::{SOURCE, broken_in_html, broken_in_markdown, in_markdown, relative_path};

    #[test]
    fn links_of_markdown_are_found_outside_of_code() {
        let text = "a [b](c.md) [d](e#f \"g\")\n```rust\n[h](i)\n```\n[j]: k/l.md\n[m](https://example.com/n.md)";
        assert_eq!(in_markdown(text), ["c.md", "e#f", "k/l.md", "https://example.com/n.md"]);
    }

    #[test]
    fn only_relative_links_have_a_path() {
        assert_eq!(relative_path("a/b.md#c"), Some("a/b.md"));
        for link in ["https://example.com/a", "mailto:a@example.com", "#a", "?a"] {
            assert_eq!(relative_path(link), None, "{link}");
        }
    }

    #[test]
    fn links_to_missing_files_are_broken() {
        let sh = Shell::new().unwrap();
        let dir = sh.create_temp_dir().unwrap();
        let dir = dir.path();
        sh.write_file(
            dir.join("a.md"),
            format!("[]({SOURCE}a.md) []({SOURCE}g.md) [](a.md) [](b.md)"),
        )
        .unwrap();
        sh.write_file(dir.join("c/d.html"), "<a href=\"../a.md#e\"></a><img src=\"f.png\">")
            .unwrap();
        let name = |file: &str| dir.join(file).display().to_string();
        let missing = [format!("{}: {SOURCE}g.md", name("a.md")), name("a.md") + ": b.md"];
        assert_eq!(broken_in_markdown(&sh, dir).unwrap(), missing);
        assert_eq!(broken_in_html(&sh, dir, dir).unwrap(), [name("c/d.html") + ": f.png"]);
    }
}
