//! Finds a type in the source of its vendor's crate.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::names::camel;
use crate::vendor::{rust_below, workspace_root};

/// A struct or enum, from its source.
#[derive(Debug)]
pub(super) struct Definition {
    /// The file, from the top of the workspace, and the line.
    pub(super) place: String,
    /// Whether the struct derives `Wire`, so that its fields are what is decoded.
    pub(super) is_derived: bool,
    /// How keys are spelt: the text of `rename_all`.
    spelling: Option<String>,
    pub(super) fields: Vec<FieldLine>,
    /// Whether the file already names `RawJson`.
    pub(super) has_raw_json: bool,
}

/// A field of a struct.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FieldLine {
    pub(super) name: String,
    pub(super) type_text: String,
    /// The content of its `#[wire(..)]`.
    pub(super) attribute: Option<String>,
    /// Its key on the wire, if an attribute has one.
    renamed: Option<String>,
}

impl Definition {
    /// Looks for a type in a crate; `None` when no file of it has one of this name.
    pub(super) fn find(crate_root: &Path, name: &str) -> Result<Option<Self>> {
        for file in rust_below(&crate_root.join("src"))? {
            let text =
                fs::read_to_string(&file).with_context(|| format!("failed to read {}", file.display()))?;
            let shown = from_top(&file);
            if let Some(found) = Self::of(&text, &shown, name) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn of(text: &str, file: &str, name: &str) -> Option<Self> {
        let lines: Vec<_> = text.lines().collect();
        let opens = |line: &&str| {
            let line = line.trim_start();
            ["struct", "enum"].iter().any(|kind| line.starts_with(&format!("pub {kind} {name} {{")))
        };
        let start = lines.iter().position(opens)?;
        let (before, from) = lines.split_at(start);
        let attributes: Vec<_> = before
            .iter()
            .rev()
            .map(|line| line.trim())
            .take_while(|line| line.starts_with("#[") || line.starts_with("///"))
            .filter(|line| line.starts_with("#["))
            .collect();
        let is_derived = attributes
            .iter()
            .filter_map(|line| line.strip_prefix("#[derive(")?.strip_suffix(")]"))
            .flat_map(|list| list.split(','))
            .any(|name| name.trim().rsplit("::").next() == Some("Wire"));
        let spelling = attributes.iter().find_map(|line| quoted(line, "rename_all = "));
        let indent = from.first().map_or(0, |line| line.len() - line.trim_start().len());
        let end = |line: &&&str| line.trim() == "}" && line.len() - line.trim_start().len() == indent;
        let body: Vec<_> =
            from.iter().skip(1).take_while(|line| !end(line)).map(|line| line.trim()).collect();
        Some(Self {
            place: format!("{file}:{}", start + 1),
            is_derived,
            spelling,
            fields: fields(&body),
            has_raw_json: text.contains("RawJson"),
        })
    }

    /// The field that a key of the wire means.
    pub(super) fn field(&self, key: &str) -> Option<&FieldLine> {
        self.fields.iter().find(|field| match &field.renamed {
            Some(renamed) => renamed == key,
            None => self.key(&field.name) == key,
        })
    }

    /// The key of a field without an attribute of its own.
    pub(super) fn key(&self, field: &str) -> String {
        let field = field.strip_prefix("r#").unwrap_or(field);
        if self.spelling.as_deref() == Some("camelCase") { camel(field) } else { field.to_owned() }
    }
}

fn fields(body: &[&str]) -> Vec<FieldLine> {
    let mut fields = Vec::new();
    let mut attribute: Option<String> = None;
    for line in body {
        if let Some(inner) = line.strip_prefix("#[wire(").and_then(|line| line.strip_suffix(")]")) {
            attribute = Some(inner.to_owned());
        } else if let Some((name, type_text)) =
            line.strip_prefix("pub ").and_then(|line| line.split_once(": "))
        {
            let attribute = attribute.take();
            fields.push(FieldLine {
                name: name.to_owned(),
                type_text: type_text.trim_end_matches(',').to_owned(),
                renamed: attribute.as_deref().and_then(|text| quoted(text, "rename = ")),
                attribute,
            });
        }
    }
    fields
}

/// The text in quotes after these words.
fn quoted(line: &str, before: &str) -> Option<String> {
    let (_, after) = line.split_once(before)?;
    after.strip_prefix('"')?.split_once('"').map(|(text, _)| text.to_owned())
}

/// The path of a file from the top of the workspace, where commands are run.
pub(super) fn from_top(file: &Path) -> String {
    file.strip_prefix(workspace_root()).unwrap_or(file).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::Definition;

    const SOURCE: &str = r#"//! Runs.

/// A run.
#[derive(Debug, Clone, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "run")]
pub struct Run {
    /// The id.
    pub id: u64,
    /// A flag.
    #[wire(optional, rename = "type", alias = "kind")]
    pub kind: Option<Open<Kind>>,
    /// A name.
    pub short_name: Option<String>,
}
"#;

    #[test]
    fn a_struct_is_read_with_the_keys_of_its_fields() {
        let run = Definition::of(SOURCE, "src/run.rs", "Run").unwrap();
        assert_eq!(run.place, "src/run.rs:7");
        assert!(run.is_derived);
        let kind = run.field("type").unwrap();
        assert_eq!(kind.attribute.as_deref(), Some(r#"optional, rename = "type", alias = "kind""#));
        assert_eq!(kind.type_text, "Option<Open<Kind>>");
        assert_eq!(run.field("shortName").unwrap().name, "short_name");
        assert_eq!(run.field("short_name"), None);
        assert!(Definition::of(SOURCE, "src/run.rs", "Ru").is_none());
    }
}
