//! Reads the sinks from the file or the flags. All errors are reported at once, with line and key.

use std::fs;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::arguments::Arguments;
use super::section::Section;
use super::sink::Sink;
use crate::nearest::did_you_mean;

/// The maximum size of a configuration.
const MAX_BYTES: u64 = 1024 * 1024;

/// The sinks, or the errors.
pub(super) fn read(arguments: &Arguments) -> Result<Vec<Sink>, Vec<String>> {
    let mut problems = Vec::new();
    let sections = if let Some(path) = &arguments.config {
        sections(path, &mut problems)
    } else {
        let (name, entries) = arguments.single.entries();
        vec![Section::new(name, "the command line".to_owned(), entries)]
    };
    let mut sinks: Vec<Sink> = Vec::new();
    for mut section in sections {
        let sink = Sink::of(&mut section, arguments.allow_private);
        if let Some(file) = sink.as_ref().and_then(Sink::file).map(real)
            && let Some(other) = sinks.iter().find(|other| other.file().map(real).as_ref() == Some(&file))
        {
            section.problem::<()>(&format!("its file is also that of sink.{}", other.name));
        }
        sinks.extend(sink);
        problems.extend(section.into_problems());
    }
    for name in &arguments.resume {
        if problems.is_empty() && !sinks.iter().any(|sink| sink.name == *name) {
            let meant = did_you_mean(name, sinks.iter().map(|sink| sink.name.as_str()));
            problems.push(format!("--resume: there is no sink of this name{meant}"));
        }
    }
    if problems.is_empty() { Ok(sinks) } else { Err(problems) }
}

/// The path of a file that may not exist yet, in the form that is equal for every way to write it.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    whole.canonicalize().unwrap_or_else(|_| {
        let folder = whole.parent().and_then(|folder| folder.canonicalize().ok());
        folder.zip(whole.file_name()).map_or(whole.clone(), |(folder, name)| folder.join(name))
    })
}

/// The tables of a file. A message has the line, and of the content of the file only the keys.
fn sections(path: &Path, problems: &mut Vec<String>) -> Vec<Section> {
    let file = path.display();
    let text = match text(path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(format!("failed to read {file}: {error}"));
            return Vec::new();
        }
    };
    let line = |position: usize| {
        let line = text.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1;
        format!("{file}:{line}")
    };
    let document = match DeTable::parse(&text) {
        Ok(document) => document.into_inner(),
        Err(error) => {
            let at = error.span().map_or_else(|| file.to_string(), |span| line(span.start));
            problems.push(format!("{at}: {}", error.message().replace('\n', ", ")));
            return Vec::new();
        }
    };
    let mut sections = Vec::new();
    for (key, value) in &document {
        let (name, at) = (key.get_ref(), line(key.span().start));
        if name != "sink" {
            let meant = did_you_mean(name, ["sink"]);
            problems.push(format!("{at}: {name}: a configuration has no such key{meant}"));
            continue;
        }
        let DeValue::Table(sinks) = value.get_ref() else {
            problems.push(format!("{at}: sink: expected tables such as [sink.crm]"));
            continue;
        };
        for (name, value) in sinks {
            let (name, position) = (name.get_ref(), name.span().start);
            match value.get_ref() {
                DeValue::Table(table) => sections.push(Section::of_table(name, position, table, &line)),
                _ => {
                    problems.push(format!("{}: sink.{name}: expected a table [sink.{name}]", line(position)));
                }
            }
        }
    }
    if sections.is_empty() && problems.is_empty() {
        problems.push(format!("{file}: it contains no sink; add a table such as [sink.crm]"));
    }
    sections
}

fn text(path: &Path) -> std::io::Result<String> {
    use std::io::Read as _;

    let mut text = String::new();
    fs::File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "larger than 1 MiB"));
    }
    Ok(text)
}
